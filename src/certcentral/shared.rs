//! State that all calls of a client share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::account::Account;
use super::error::Error;
use super::http::Http;
use super::id::Id;
use super::list_cache::ListCaches;
use super::rate_limit::RateLimiter;
use super::retry::RetryBudget;
use super::settings::Settings;
use super::stop::Stop;
use crate::secret::Secret;

/// Everything that the clones of a [`Client`](super::Client) and their sessions have in common.
pub(super) struct Shared {
    pub(super) http: Http,
    pub(super) api_key: Secret,
    pub(super) rate_limiter: RateLimiter,
    pub(super) account_id: Option<Id>,
    pub(super) account: Account,
    pub(super) list_caches: ListCaches,
    pub(super) refresh_from_lists: bool,
    /// Limits the reads that run at the same time.
    reads: Semaphore,
    /// Allows one write at a time, as DigiCert requires.
    writes: Semaphore,
    max_retries: u32,
    max_retry_wait: Duration,
    first_bound: Duration,
    /// Ends the waits of all sessions created since the last stop.
    stop: Mutex<Stop>,
}

impl Shared {
    pub(super) fn new(settings: Settings, first_bound: Duration) -> Result<Self, Error> {
        let reads = settings.max_concurrent_requests;
        if !(1..=32).contains(&reads) {
            return Err(Error::Settings("max_concurrent_requests must be from 1 to 32".into()));
        }
        Ok(Self {
            http: Http::new(&settings)?,
            api_key: Secret::new(settings.api_key.expose().trim()),
            rate_limiter: RateLimiter::new(settings.rate_limits),
            account_id: settings.account_id,
            account: Account::default(),
            list_caches: ListCaches::default(),
            refresh_from_lists: settings.refresh_from_lists,
            reads: Semaphore::new(reads),
            writes: Semaphore::new(1),
            max_retries: settings.max_retries,
            max_retry_wait: settings.max_retry_wait,
            first_bound,
            stop: Mutex::default(),
        })
    }

    /// The queue for writes or for reads.
    pub(super) fn queue(&self, is_write: bool) -> &Semaphore {
        if is_write { &self.writes } else { &self.reads }
    }

    /// The retry budget of a new call.
    pub(super) fn budget(&self) -> RetryBudget {
        RetryBudget::new(self.max_retries, self.max_retry_wait, self.first_bound)
    }

    /// The retry budget of the settings check: one retry, or none if `max_retries` is 0.
    pub(super) fn budget_of_check(&self, max_wait: Duration) -> RetryBudget {
        let wait = self.max_retry_wait.min(max_wait);
        RetryBudget::new(self.max_retries.min(1), wait, self.first_bound)
    }

    /// The stop that the next call of [`stop`](Self::stop) triggers.
    pub(super) fn next_stop(&self) -> Stop {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the waits of all sessions created so far.
    pub(super) fn stop(&self) {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *stop).cancel();
    }
}
