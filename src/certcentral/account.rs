//! The account the API key belongs to, requested once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::sync::Mutex;

use super::answer::{Answer, id};
use super::error::Error;
use super::id::Id;

/// The account the API key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// ID of the account.
    pub id: Id,
    /// ID of its root container. The API returns it, but it is not documented.
    pub root_container_id: Option<Id>,
}

impl AccountInfo {
    /// The account in a response.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if the response has no ID.
    pub(super) fn from_answer(answer: &Answer) -> Result<Self, Error> {
        let root_container_id = answer.json().get("root_container_id").and_then(id);
        Ok(Self { id: answer.id("id")?, root_container_id })
    }
}

/// The account, once it was read.
#[derive(Default)]
pub(super) struct Account {
    known: OnceLock<AccountInfo>,
    /// The number of failed requests.
    failures: AtomicUsize,
    /// The last failure. Locked while a request is in progress.
    last_failure: Mutex<Option<Error>>,
}

impl Account {
    /// The account, if it was read before.
    pub(super) fn known(&self) -> Option<AccountInfo> {
        self.known.get().copied()
    }

    /// The account. If a request fails, all callers that waited for it get the same failure; otherwise each
    /// of them would retry after the other. Later callers send another request.
    pub(super) async fn get(
        &self,
        request: impl Future<Output = Result<AccountInfo, Error>>,
    ) -> Result<AccountInfo, Error> {
        let before = self.failures.load(SeqCst);
        let mut failure = self.last_failure.lock().await;
        if let Some(account) = self.known() {
            return Ok(account);
        }
        let failed_meanwhile = self.failures.load(SeqCst) > before;
        if let Some(failure) = failure.as_ref().filter(|_| failed_meanwhile) {
            return Err(failure.clone());
        }
        match request.await {
            Ok(account) => Ok(*self.known.get_or_init(|| account)),
            Err(error) => {
                // A stop concerns only this caller.
                if !matches!(error, Error::Stopped { .. }) {
                    *failure = Some(error.clone());
                    self.failures.fetch_add(1, SeqCst);
                }
                Err(error)
            }
        }
    }
}
