//! The schema of a resource, and everything that follows from the schema alone.
//!
//! [`model!`](crate::model) declares a plain struct and its [`Block`]. From the block follow the schema
//! that Terraform reads, validation ([`validate()`]), planning ([`plan()`]), the state from a response of
//! the API ([`refresh`], [`apply_result`]), request bodies ([`body()`], [`changes`]) and the documentation
//! ([`schema_section`]).
//!
//! Everything here is pure: values in, values out. Unknown values exist only here, so that resources are
//! structs of `T` and `Option<T>`.
//!
//! The modules depend on each other in one direction:
//!
//! 1. `path`, `diagnostics`, `types`, `attributes` and `value` are the basic types.
//! 2. `check` has the limits on values, `attribute` the attributes and blocks.
//! 3. `marks` and `attr` create attributes, `field` does it for Rust's own types, and `looked_up` derives those
//!    of a data source.
//! 4. `validate`, `plan`, `json`, `response`, `write_only`, `body`, `configuration`, `hcl` and `docs` are the uses of a block.
//! 5. `model` offers them for each struct that is declared.

mod attr;
mod attribute;
mod attributes;
mod body;
mod check;
mod configuration;
mod diagnostics;
mod docs;
mod field;
mod hcl;
mod json;
mod looked_up;
mod marks;
mod model;
mod path;
mod plan;
mod response;
mod types;
mod validate;
mod value;
mod write_only;

#[cfg(test)]
mod tests;

pub use attr::{Attr, Unreadable, paragraphs};
pub use attribute::{Attribute, Block, Configurability, JsonType, Kind};
pub use attributes::Attributes;
pub use body::{as_response, body, changes};
pub use check::Check;
pub use configuration::configuration;
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use docs::{describe, schema_section};
pub use hcl::{expression, quoted, write_body};
pub use json::{Json, Mismatch, flag};
pub use looked_up::Rows;
pub use model::{Model, field_name, with_others};
pub use path::{Path, Step};
pub use plan::{Plan, plan};
pub use response::{apply_result, partial_state, refresh};
pub use types::Type;
pub use validate::{unknown_argument, validate, validate_config};
pub use value::{Number, Object, Value};
pub use write_only::{refuse_write_only, remove_write_only, with_write_only};
