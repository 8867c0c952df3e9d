//! Terraform's plugin protocol, version 5: from its messages to [`Value`](crate::schema::Value)s and back.
//!
//! No other layer knows protobuf or msgpack. [`service`] runs the RPCs, [`grpc`] receives and sends their messages, and `rpc`
//! implements each of them.
//! `convert` translates schemas, diagnostics and paths; the codecs [`msgpack`] and [`json`] translate
//! values by their type.

mod convert;
mod error;
pub mod grpc;
pub mod json;
pub mod msgpack;
mod rpc;
pub mod service;
pub mod tfplugin5;

#[cfg(test)]
mod tests;

pub use error::DecodeError;
