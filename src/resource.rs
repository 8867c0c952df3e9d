//! What a resource is, and how the server sees any of them.
//!
//! A resource is a [`Model`] with a life: [`Resource`]. It is asked with plain structs and answers
//! with what the API said, in JSON whose keys are attribute names. Everything that holds for all of
//! them happens in `erased`.

mod context;
mod erased;

use crate::certcentral::{Error, Id};
use crate::recovery::{self, Journal};
use crate::schema::{
    Attr, Check, Diagnostic, Diagnostics, Json, Kind, Model, Path, Type, Value, Wire,
};

pub use context::{Context, Private};
pub use erased::{AnyResource, Erased, Operation, Outcome, Sweep};

/// One kind of object at CertCentral. Methods in the order of a life.
pub trait Resource: Model {
    /// The type's name behind `digicert_`, which is also its file's.
    const NAME: &'static str;
    /// What to do instead of an edit that cannot be made; ends the refusal of one.
    const ADVICE: &'static str = "";

    /// Makes the object. What the answer lacks of the unknown attributes becomes null.
    ///
    /// From the moment the object exists nothing may fail any more: an error would make Terraform
    /// replace it. What goes wrong then is a warning.
    fn create(self, cx: &mut Context) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Looks the object up.
    fn read(self, cx: &mut Context) -> impl Future<Output = Result<Reading, Failure>> + Send;

    /// Makes the object what `self` says. Steps that were taken before one failed are told to
    /// [`Context::reached`].
    fn update(
        self,
        prior: Self,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Removes the object, as far as CertCentral can.
    fn delete(self, cx: &mut Context) -> impl Future<Output = Result<(), Failure>> + Send;

    /// The state that the read after an import starts from.
    fn import(id: &str, cx: &mut Context) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Rules that concern several arguments at once. Unknown values are not judged.
    fn check(_config: &Value, _diagnostics: &mut Diagnostics) {}

    /// What this kind has to say about a change, beyond what its schema says.
    fn review(_change: &mut Change<'_>) {}

    /// Deletes the object's recovery record, now that the object is in state.
    ///
    /// # Errors
    ///
    /// If a record cannot be deleted.
    fn forget_record(
        self,
        _journal: &Journal,
    ) -> impl Future<Output = Result<(), recovery::Error>> + Send {
        async { Ok(()) }
    }

    /// The warning that a destroy leaves something behind: said in its plan and again when applied.
    fn left_behind(&self) -> Option<Diagnostic> {
        None
    }
}

/// A planned change, for [`Resource::review`]. Neither side is null.
pub struct Change<'a> {
    /// What state holds.
    pub prior: &'a Value,
    /// What the apply will be given.
    pub planned: &'a mut Value,
    /// Where warnings and refusals go.
    pub diagnostics: &'a mut Diagnostics,
}

impl Change<'_> {
    /// Plans these computed attributes as known only after the apply, which makes the change an
    /// update where nothing else differs.
    pub fn known_after_apply(&mut self, names: &[&'static str]) {
        if let Value::Object(planned) = self.planned {
            planned.extend(names.iter().map(|name| (*name, Value::Unknown)));
        }
    }
}

/// What a read found.
pub enum Reading {
    /// The object, as the API shows it.
    Found(Json),
    /// Nothing to learn: state stays as it is.
    Kept,
    /// The object does not exist any more.
    Gone,
}

/// Why an operation failed.
pub enum Failure {
    /// The API said no, or nothing: told with the operation and the object.
    Api(Error),
    /// The same, with sentences on what it may mean and what to do.
    Advised(Error, String),
    /// Told in full by the resource.
    Told(Box<Diagnostic>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Told(Box::new(diagnostic))
    }
}

/// An id is a string of digits in configurations and an integer at the API.
impl Attr for Id {
    const WIRE: Wire = Wire::Integer;

    fn kind() -> Kind {
        Kind::Value(Type::String)
    }

    fn checks() -> Vec<Check> {
        vec![Check::Digits]
    }

    fn from_value(value: &Value) -> Self {
        value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    fn into_value(self) -> Value {
        Value::String(self.to_string())
    }
}

/// The id in the text of an import, or what to write instead.
///
/// # Errors
///
/// When the text is not the decimal digits of an id.
pub fn import_id(id: &str) -> Result<Id, Failure> {
    id.trim().parse().map_err(|_| {
        let detail =
            format!("The id must be a number of decimal digits, as in 123456, but it is {id:?}.");
        Diagnostic::error("Invalid import id", detail).at(Path::of("id")).into()
    })
}

/// What to paste into a configuration to manage an object that exists.
pub fn import_block(type_name: &str, id: &str) -> String {
    format!("import {{\n  to = {type_name}.example\n  id = {id:?}\n}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_apply_is_to_find_out_is_unknown_in_the_plan() {
        let prior = Value::Object([("id", "1".into()), ("name", "a".into())].into());
        let mut planned = prior.clone();
        let diagnostics = &mut Diagnostics::default();
        let mut change = Change { prior: &prior, planned: &mut planned, diagnostics };
        change.known_after_apply(&["id"]);
        assert!(planned.attribute("id").is_unknown());
        assert_eq!(planned.attribute("name"), prior.attribute("name"));
    }
}
