//! Terraform's plugin protocol 5: its messages on one side, [`Value`](crate::schema::Value)s on the
//! other.
//!
//! Protobuf and msgpack end here. [`service`] answers the RPCs by what `rpc` says of each, `convert` translates schemas and
//! diagnostics, and the codecs `msgpack` and `json` read and write values by their type.

mod convert;
pub mod json;
pub mod msgpack;
mod rpc;
pub mod service;
pub mod tfplugin5;

#[cfg(test)]
mod codec_tests;

use tokio::sync::watch;

use crate::schema::Diagnostic;
use msgpack::DecodeError;

/// What a server asks of a provider beside the protocol, so that it can leave at the right moment.
pub trait Work {
    /// How many writes are under way whose answer must still be recorded. The process does not leave
    /// before they are, within limits.
    fn writes_in_flight(&self) -> watch::Receiver<usize>;

    /// Something to call when the process is to leave: what has not been sent yet is not sent any more.
    fn abandon(&self) -> impl Fn() + Send + 'static;

    /// Something to run when the host asks the process to leave and no write is under way: the host then
    /// has every answer.
    fn delivered(&self) -> impl Future<Output = ()> + Send + 'static;
}

impl From<DecodeError> for Diagnostic {
    fn from(error: DecodeError) -> Self {
        let detail = format!(
            "A value that Terraform sent does not fit the schema of this provider: {error}. Terraform, the \
             provider and the state may be of versions that do not belong together."
        );
        Self::error("Malformed value from Terraform", detail)
    }
}
