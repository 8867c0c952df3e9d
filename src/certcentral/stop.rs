//! Cancellation of waits, for example after Ctrl-C.

use tokio_util::sync::CancellationToken;

use super::error::Error;

/// Ends waits with [`Error::Stopped`] once it is cancelled. Clones are cancelled together.
#[derive(Clone, Default)]
pub(super) struct Stop(CancellationToken);

impl Stop {
    pub(super) fn cancel(&self) {
        self.0.cancel();
    }

    /// The output of the future, unless the stop comes first.
    pub(super) async fn unless_stopped<T>(
        &self,
        future: impl Future<Output = T>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.0.cancelled() => Err(Error::Stopped { last: None }),
            output = future => Ok(output),
        }
    }
}
