//! What the server gives to an operation, and what it gets back.

use std::pin::Pin;

use crate::schema::{Diagnostics, Path, Value};

/// What an operation is called with. What a call does not carry is null.
#[derive(Default)]
pub struct Call {
    /// The state before.
    pub prior: Value,
    /// The planned state; null for a destroy.
    pub planned: Value,
    /// The configuration; null for a destroy.
    pub config: Value,
    /// The private data of the state before.
    pub private: Vec<u8>,
    /// The identity of the object, as it is stored with the state before.
    pub identity: Value,
}

/// The result of an operation.
#[derive(Default)]
pub struct Outcome {
    /// The new or planned state; null where there is no object (any more).
    pub state: Value,
    /// The private data that is stored with it.
    pub private: Vec<u8>,
    /// The identity that is stored with it; null if there is none.
    pub identity: Value,
    /// Arguments whose change forces a new object; only a plan has any.
    pub replace: Vec<Path>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// An operation under way.
pub type Operation = Pin<Box<dyn Future<Output = Outcome> + Send>>;
