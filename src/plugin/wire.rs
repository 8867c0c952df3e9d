//! Messages of go-plugin's gRPC services, generated from `proto/plugin.proto`.
//!
//! The broker among them is not served: a provider needs no second connection, and the host accepts that
//! it is unimplemented.
#![expect(unreachable_pub, clippy::all, clippy::doc_markdown, reason = "generated")]
#![allow(dead_code, reason = "messages of the broker")]

tonic::include_proto!("plugin");
