//! What `export` asks of a resource, in addition to its life cycle.

use std::pin::Pin;

use crate::schema::Diagnostic;

/// An object that exists, of a resource that has no list resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// The ID to import it by.
    pub import_id: String,
    /// A name for people.
    pub name: String,
}

/// What `export` says about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A comment at its configuration.
    Comment(String),
    /// Why it has no configuration whose plan changes nothing, so that it is left out.
    LeaveOut(String),
}

/// A search for objects under way.
pub type Search = Pin<Box<dyn Future<Output = Result<Vec<Existing>, Diagnostic>> + Send>>;
