//! The account the API key belongs to, asked for once by everybody who wants to know it.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::sync::Mutex;

use super::error::Error;
use super::id::Id;

/// What is known of the account behind the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// Number of the account.
    pub id: Id,
}

/// The answer, once there is one.
#[derive(Default)]
pub(super) struct Account {
    /// How often it was asked for in vain.
    failures: AtomicUsize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    account: Option<AccountInfo>,
    failure: Option<Error>,
}

impl Account {
    /// The account. Those who wait while somebody asks in vain have the same failure, instead of the
    /// retries of each one after the other; who comes later asks again.
    pub(super) async fn get(
        &self,
        ask: impl Future<Output = Result<AccountInfo, Error>>,
    ) -> Result<AccountInfo, Error> {
        let before = self.failures.load(SeqCst);
        let mut known = self.known.lock().await;
        if let Some(account) = known.account {
            return Ok(account);
        }
        if let Some(failure) =
            known.failure.as_ref().filter(|_| self.failures.load(SeqCst) > before)
        {
            return Err(failure.clone());
        }
        let asked = ask.await;
        match &asked {
            Ok(account) => known.account = Some(*account),
            // Another one may have come after the stop.
            Err(Error::Stopped { .. }) => {}
            Err(error) => {
                known.failure = Some(error.clone());
                self.failures.fetch_add(1, SeqCst);
            }
        }
        asked
    }
}
