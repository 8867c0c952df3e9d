//! The client: a handle that creates sessions.

use std::sync::Arc;
use std::time::Duration;

use super::error::Error;
use super::retry::FIRST_BOUND;
use super::session::Session;
use super::settings::Settings;
use super::shared::Shared;

/// A client of one CertCentral account. One per configured provider, cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    /// Creates a client. No request is sent and no system certificate is read before the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Settings`] if the key or the user agent is not a valid header value, or if
    /// `max_concurrent_requests` is not from 1 to 32.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::with_first_bound(settings, FIRST_BOUND)
    }

    /// A client with another upper bound for the first pause before a retry.
    pub(super) fn with_first_bound(
        settings: Settings,
        first_bound: Duration,
    ) -> Result<Self, Error> {
        Ok(Self { shared: Arc::new(Shared::new(settings, first_bound)?) })
    }

    /// A handle for one operation. The next [`stop`](Self::stop) ends its waits.
    pub fn session(&self) -> Session {
        Session::new(Arc::clone(&self.shared), self.shared.next_stop())
    }

    /// Ends the waits of all sessions created so far with [`Error::Stopped`].
    ///
    /// A write that is being sent completes, a read is aborted. Sessions created later work normally.
    pub fn stop(&self) {
        self.shared.stop();
    }
}
