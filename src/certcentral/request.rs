//! A call with what it sends.

use serde_json::Value;

use super::error::Call;

/// A call with what it sends, to be sent as often as it takes.
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// The answer holds a key that is shown once: wait longer, and take what there is.
    pub(super) once: bool,
    /// It only saves other requests, so it is not repeated.
    pub(super) spare: bool,
    /// Most bytes of the answer, unpacked.
    pub(super) most_bytes: usize,
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
            once: false,
            spare: false,
            most_bytes: OBJECT_BYTES,
        }
    }
}

/// More than any object has: a user who is limited to 1,000 containers has a quarter of it.
pub(super) const OBJECT_BYTES: usize = 1 << 20;

/// More than any page of 1,000 rows has.
pub(super) const PAGE_BYTES: usize = 8 << 20;
