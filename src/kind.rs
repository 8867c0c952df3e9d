//! What resources, data sources and list resources are, and how the server sees any of them.
//!
//! Each is a [`Model`] with a name, [`Declared`], and a few `async` functions that get plain structs and
//! return what the API answered, in JSON whose keys are attribute names. Everything that holds for all of
//! them happens here: `plan`, `apply` and `read` for resources, `identity` and `list` for finding objects, and
//! `existing` for `export`. [`Kind`] makes any of them an object of the server's:
//! `&[Kind::<User>::REF, …]` is a registry.

mod any_resource;
mod apply;
mod call;
mod context;
mod data_source;
mod existing;
mod failure;
mod id;
mod identity;
mod list;
pub mod one_time_key;
mod plan;
mod private;
mod protection;
mod read;
mod resource;
mod run;

use std::marker::PhantomData;

use crate::schema::{Model, Value};

pub use any_resource::AnyResource;
pub use call::{Call, Operation, Outcome};
pub use context::{Context, Environment};
pub use data_source::{AnyDataSource, DataSource};
pub use existing::{Existing, Remark, Search};
pub use failure::Failure;
pub use id::{ID_HINT, import_block, import_id, import_id_if_digits};
pub use identity::{Identity, IdentityAttribute};
pub use list::{AnyList, Event, Found, List, ListOptions, Listing};
pub use private::Memory;
pub use resource::{Change, Read, Resource};
pub use run::Run;

/// A model under a name of Terraform's.
pub trait Declared: Model {
    /// Such as `digicert_user`.
    const TYPE: &'static str;
}

/// Stands for a type where the server needs an object.
pub struct Kind<T>(PhantomData<fn() -> T>);

impl<T: 'static> Kind<T> {
    /// For a registry.
    pub const REF: &'static Self = &Self(PhantomData);
}

/// Everything a provider serves.
#[derive(Clone, Copy)]
pub struct Registry {
    /// Resources.
    pub resources: &'static [&'static dyn AnyResource],
    /// Data sources.
    pub data_sources: &'static [&'static dyn AnyDataSource],
    /// List resources; each has a resource of the same type.
    pub lists: &'static [&'static dyn AnyList],
}

/// The type and ID of an object, for messages; an ID that is a list of many is cut.
fn object_name(type_name: &str, state: &Value) -> String {
    let id = state.attribute("id").as_str().unwrap_or_default();
    let cut = id.char_indices().nth(60).map_or(id.len(), |(at, _)| at);
    let rest = if cut < id.len() { "…" } else { "" };
    format!("{type_name} {}{rest}", &id[..cut]).trim_end().to_owned()
}
