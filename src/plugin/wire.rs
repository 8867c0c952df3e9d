//! go-plugin's gRPC services, generated from `proto/plugin.proto`.
//!
//! The broker among them is not served: a provider needs no second connection, and the host accepts that
//! it is unimplemented.
#![expect(
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::doc_markdown,
    reason = "generated"
)]

tonic::include_proto!("plugin");
