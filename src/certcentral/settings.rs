//! The settings of a client, and their defaults.

use std::sync::Arc;
use std::time::Duration;

use super::base_url::BaseUrl;
use super::ca_certificate::CaCertificate;
use super::id::Id;
use super::rate_limit::RateLimit;
use super::transport::Transport;
use crate::secret::Secret;

/// The settings of a [`Client`](super::Client).
///
/// [`Settings::new`] sets the defaults. To change one, overwrite the field.
#[derive(Clone)]
pub struct Settings {
    /// API key, sent as `X-DC-DEVKEY`.
    pub api_key: Secret,
    /// Base URL of the CertCentral instance. A key is valid for one instance only.
    pub base_url: BaseUrl,
    /// Account that the key must belong to. Checked once, before the first call.
    pub account_id: Option<Id>,
    /// Time-out of one HTTP exchange, from connecting to the last byte of the response.
    pub request_timeout: Duration,
    /// Maximum number of retries of one call.
    pub max_retries: u32,
    /// Maximum total time of the pauses between the attempts of one call.
    pub max_retry_wait: Duration,
    /// Rate limits for the requests of this client. Empty for no limit.
    pub rate_limits: Vec<RateLimit>,
    /// Maximum number of concurrent reads. Writes are always sent one at a time.
    pub max_concurrent_requests: usize,
    /// Whether fields that the rows of a list lack are taken as unchanged.
    pub refresh_from_lists: bool,
    /// CA certificates that are trusted in addition to the system's.
    pub ca_certificate: Option<CaCertificate>,
    /// `User-Agent` header of all requests.
    pub user_agent: String,
    /// Sends the requests in place of HTTP, in a simulation.
    pub transport: Option<Arc<dyn Transport>>,
}

impl Settings {
    /// The defaults, with this key.
    pub fn new(api_key: Secret) -> Self {
        Self {
            api_key,
            base_url: BaseUrl::default(),
            account_id: None,
            request_timeout: Duration::from_secs(60),
            max_retries: 5,
            max_retry_wait: Duration::from_secs(240),
            rate_limits: RateLimit::documented(),
            max_concurrent_requests: 4,
            refresh_from_lists: false,
            ca_certificate: None,
            user_agent: concat!("terraform-provider-digicert/", env!("CARGO_PKG_VERSION")).into(),
            transport: None,
        }
    }
}
