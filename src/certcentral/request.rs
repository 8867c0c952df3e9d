//! A request to the API.

use serde_json::Value;

use super::error::Call;

/// A request, which may be sent several times.
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// Whether the response contains an API key that is returned only once. If so, the time-out is longer
    /// and an incomplete body is accepted.
    pub(super) returns_key: bool,
    /// Whether the request only saves other requests. If so, it is not retried.
    pub(super) optional: bool,
    /// Maximum size of the decompressed response.
    pub(super) max_bytes: usize,
}

impl Request {
    pub(super) fn new(
        method: &'static str,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            call: Call { method, path: path.trim_start_matches('/').to_owned() },
            query: query.iter().map(owned).collect(),
            body: body.map(|body| body.to_string().into_bytes()),
            returns_key: false,
            optional: false,
            max_bytes: OBJECT_BYTES,
        }
    }
}

/// The limit for one object. A user who is limited to 1,000 containers takes a quarter of it.
pub(super) const OBJECT_BYTES: usize = 1 << 20;

/// The limit for one page of 1,000 rows.
pub(super) const PAGE_BYTES: usize = 8 << 20;
