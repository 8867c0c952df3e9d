//! Tests of planning, reading and documentation, each with a model of its own.

mod docs;
mod id;
mod plan;
mod response;

pub(super) use id::Id;
