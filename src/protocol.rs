//! Terraform's plugin protocol, version 5: from its messages to [`Value`](crate::schema::Value)s and back.
//!
//! No other layer knows protobuf or msgpack. [`service`] runs the RPCs and `rpc` implements each of them.
//! `convert` translates schemas, diagnostics and paths; the codecs `msgpack` and `json` translate values.

mod convert;
pub mod json;
pub mod msgpack;
mod rpc;
pub mod service;
pub mod tfplugin5;

#[cfg(test)]
mod codec_tests;

use crate::schema::Diagnostic;
use msgpack::DecodeError;

impl From<DecodeError> for Diagnostic {
    fn from(error: DecodeError) -> Self {
        let detail = format!(
            "A value from Terraform does not match the schema of this provider: {error}. The versions of \
             Terraform, the provider and the state may be incompatible."
        );
        Self::error("Malformed value from Terraform", detail)
    }
}
