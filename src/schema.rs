//! What a resource looks like to Terraform, and everything that follows from that alone.
//!
//! A [`model!`](crate::model) declaration gives a plain struct and its [`Block`]. From the block follow the
//! schema Terraform is told, [`validate()`], [`plan()`], the way an answer of the API becomes state
//! ([`refresh`], [`fill`]) and the way a state becomes a request body ([`body()`], [`changes`]).
//!
//! Everything here is pure: values in, values out. Unknown values live here and nowhere else, so
//! the resources themselves see structs of `T` and `Option<T>`.

mod answer;
mod attribute;
mod body;
mod check;
mod diagnostics;
mod docs;
mod field;
mod model;
mod path;
mod plan;
mod types;
mod validate;
mod value;

pub use answer::{Json, Mismatch, apply_result, partial_state, refresh};
pub use attribute::{Attribute, Block, JsonType, Kind, Presence, paragraphs};
pub use body::{as_answer, body, changes};
pub use check::Check;
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use docs::{describe, schema_section};
pub use model::{Attr, Model, Unreadable, field_name};
pub use path::{Path, Step};
pub use plan::{Plan, plan};
pub use types::Type;
pub use validate::{unknown_argument, validate, validate_offline};
pub use value::{Number, Object, Value};

#[cfg(test)]
mod test_id;
