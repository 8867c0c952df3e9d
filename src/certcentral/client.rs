//! What all calls of the process share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::error::Error;
use super::http::Http;
use super::id::Id;
use super::pacing::Pacing;
use super::retry::{Budget, FIRST_BOUND};
use super::session::Session;
use super::settings::Settings;
use super::sharing::Sharing;

/// A client of one account; one per process, cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) http: Http,
    pub(super) pacing: Pacing,
    pub(super) account_id: Option<Id>,
    pub(super) account: Account,
    pub(super) sharing: Sharing,
    pub(super) refresh_from_lists: bool,
    /// Reads that may be under way at once.
    reads: Semaphore,
    /// One write at a time, as DigiCert asks.
    writes: Semaphore,
    max_retries: u32,
    max_retry_wait: Duration,
    first_bound: Duration,
    /// Ends the waits of every session made since the last stop.
    stop: Mutex<CancellationToken>,
}

impl Client {
    /// Makes a client. Nothing is sent, and nothing is read from the system, before the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Settings`] if the key or the user agent fits into no header, or if
    /// `max_concurrent_requests` is not from 1 to 32.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::with_first_bound(settings, FIRST_BOUND)
    }

    /// A client whose first pause before a repetition is at most so long.
    pub(super) fn with_first_bound(
        settings: Settings,
        first_bound: Duration,
    ) -> Result<Self, Error> {
        let reads = settings.max_concurrent_requests;
        if !(1..=32).contains(&reads) {
            return Err(Error::Settings("max_concurrent_requests must be from 1 to 32".into()));
        }
        let shared = Shared {
            http: Http::new(&settings)?,
            pacing: Pacing::new(settings.rate_limits),
            account_id: settings.account_id,
            account: Account::default(),
            sharing: Sharing::default(),
            refresh_from_lists: settings.refresh_from_lists,
            reads: Semaphore::new(reads),
            writes: Semaphore::new(1),
            max_retries: settings.max_retries,
            max_retry_wait: settings.max_retry_wait,
            first_bound,
            stop: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A handle for one piece of work, which the next [`stop`](Self::stop) ends.
    pub fn session(&self) -> Session {
        let stop = self.shared.stop.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Session::new(Arc::clone(&self.shared), stop)
    }

    /// Ends what the sessions made so far are waiting for, with [`Error::Stopped`].
    ///
    /// A write that is on its way finishes; a read does not. Sessions made later work normally.
    pub fn stop(&self) {
        let mut stop = self.shared.stop.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *stop).cancel();
    }
}

impl Shared {
    /// The queue this call waits in.
    pub(super) fn queue(&self, is_write: bool) -> &Semaphore {
        if is_write { &self.writes } else { &self.reads }
    }

    /// What the check of the settings may spend: one repetition, unless none is wanted.
    pub(super) fn budget_of_check(&self, longest: Duration) -> Budget {
        let wait = self.max_retry_wait.min(longest);
        Budget::new(self.max_retries.min(1), wait, self.first_bound)
    }

    /// What a new call may spend on repetitions.
    pub(super) fn budget(&self) -> Budget {
        Budget::new(self.max_retries, self.max_retry_wait, self.first_bound)
    }
}
