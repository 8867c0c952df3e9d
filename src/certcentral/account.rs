//! The account the API key belongs to, asked for once by everybody who wants to know it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::sync::Mutex;

use super::error::Error;
use super::id::Id;

/// What is known of the account the API key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// ID of the account.
    pub id: Id,
}

/// The answer, once there is one.
#[derive(Default)]
pub(super) struct Account {
    known: OnceLock<AccountInfo>,
    /// How often it was asked for in vain.
    failures: AtomicUsize,
    /// How the last question failed; held by the one that asks.
    asking: Mutex<Option<Error>>,
}

impl Account {
    /// The account, if an earlier question had an answer.
    pub(super) fn known(&self) -> Option<AccountInfo> {
        self.known.get().copied()
    }

    /// The account. Those who wait while somebody asks in vain have the same failure, instead of the
    /// retries of each one after the other; who comes later asks again.
    pub(super) async fn get(
        &self,
        ask: impl Future<Output = Result<AccountInfo, Error>>,
    ) -> Result<AccountInfo, Error> {
        let before = self.failures.load(SeqCst);
        let mut failure = self.asking.lock().await;
        if let Some(account) = self.known() {
            return Ok(account);
        }
        let failed_meanwhile = self.failures.load(SeqCst) > before;
        if let Some(failure) = failure.as_ref().filter(|_| failed_meanwhile) {
            return Err(failure.clone());
        }
        match ask.await {
            Ok(account) => Ok(*self.known.get_or_init(|| account)),
            Err(error) => {
                // A stop ends this question alone.
                if !matches!(error, Error::Stopped { .. }) {
                    *failure = Some(error.clone());
                    self.failures.fetch_add(1, SeqCst);
                }
                Err(error)
            }
        }
    }
}
