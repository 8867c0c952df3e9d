//! Work that blocks its thread.

use tokio::task::JoinError;

use super::error::Error;

/// Runs the work on a blocking thread, because the runtime has only one other thread.
pub(super) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is shutting down, which also ends this future.
        Err(Err(_)) => std::future::pending().await,
    }
}
