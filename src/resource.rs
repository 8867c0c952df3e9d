//! What a resource is, and how the server sees any of them.
//!
//! A resource is a [`Model`] with a life: [`Resource`]. It is asked with plain structs and answers
//! with what the API said, in JSON whose keys are attribute names. Everything that holds for all of
//! them happens in `erased`.

mod context;
mod erased;
mod private;
mod protection;
mod run;

use crate::certcentral::{Error, Id};
use crate::recovery::{Journal, Problem};
use crate::schema::{
    Attr, Check, Diagnostic, Diagnostics, Json, Kind, Model, Path, Type, Unreadable, Value, Wire,
};

pub use context::Context;
pub use erased::{AnyResource, Erased, Operation, Outcome, Planned};
pub use private::Private;
pub use run::Run;

/// One kind of object at CertCentral. Methods in the order of a life.
pub trait Resource: Model {
    /// The type's name, such as `digicert_user`.
    const TYPE: &'static str;
    /// What to do instead of an edit that cannot be made; ends the refusal of one.
    const ADVICE: &'static str = "";
    /// What a destroy would lose; said where `deletion_protection` refuses one.
    const DESTROY_LOSES: &'static str = "";

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
    fn validate_config(_config: &Value, _diagnostics: &mut Diagnostics) {}

    /// What this kind has to say about a change, beyond what its schema says.
    ///
    /// Warnings and refusals go to [`Context::report`], so that all are shown at once. The plan of a create
    /// or update asks CertCentral nothing that it can do without.
    fn modify_plan(
        _change: &mut Change<'_>,
        _cx: &mut Context,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// The IDs that tell this object from others of its kind.
    fn ids(&self) -> Vec<String> {
        let id = self.clone().into_value().attribute("id").as_str().map(str::to_owned);
        id.into_iter().collect()
    }

    /// Whether a destroy takes something away that cannot be had back by an import.
    fn is_lost_when_destroyed(&self) -> bool {
        true
    }

    /// Removes what was recorded for the case that no state would get the object; `self` is in one.
    ///
    /// # Errors
    ///
    /// Where a record has to stay.
    fn settle(&self, _journal: &Journal) -> Result<(), Problem> {
        Ok(())
    }

    /// The warning that a destroy leaves something behind: said in its plan and again when applied.
    fn left_behind(&self) -> Option<Diagnostic> {
        None
    }
}

/// A planned change, for [`Resource::modify_plan`].
pub struct Change<'a> {
    /// What state holds; null for a create.
    pub prior: &'a Value,
    /// What the configuration says; null for a destroy.
    pub config: &'a Value,
    /// What the apply will be given; null for a destroy.
    pub planned: &'a mut Value,
}

impl Change<'_> {
    /// Whether the object exists and goes on to exist.
    pub fn is_update(&self) -> bool {
        !self.prior.is_null() && !self.planned.is_null()
    }

    /// Whether this attribute will have, or may have, another value.
    pub fn changes(&self, name: &str) -> bool {
        self.prior.attribute(name) != self.planned.attribute(name)
    }

    /// Plans this value of a computed attribute.
    pub fn plan(&mut self, name: &'static str, value: Value) {
        if let Value::Object(planned) = self.planned {
            planned.insert(name, value);
        }
    }

    /// Plans these computed attributes as known only after the apply, which makes the change an
    /// update where nothing else differs.
    pub fn known_after_apply(&mut self, names: &[&'static str]) {
        names.iter().for_each(|name| self.plan(name, Value::Unknown));
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

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Diagnostic::error("Unreadable answer from CertCentral", format!("{error}.")).into()
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

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        let Some(text) = value.as_str() else { return Ok(Self::default()) };
        text.parse().map_err(|_| {
            Unreadable::new(format!("must be an ID in decimal digits, but is {}", value.show()))
        })
    }

    fn into_value(self) -> Value {
        Value::String(self.to_string())
    }
}

/// The id in the text of an import, or what to write instead.
///
/// # Errors
///
/// When the text is not the decimal digits of an id, or 0, which no object has.
pub fn import_id(id: &str) -> Result<Id, Failure> {
    id.trim().parse().ok().filter(|id| *id != Id::default()).ok_or_else(|| {
        let detail =
            format!("The id must be a number of decimal digits, as in 123456, but it is {id:?}.");
        Diagnostic::error("Invalid import id", detail).at(Path::of("id")).into()
    })
}

/// What to paste into a configuration to manage an object that exists, and what to adapt in it.
pub fn import_block(type_name: &str, id: &str) -> String {
    format!(
        "import {{\n  to = {type_name}.example\n  id = {id:?}\n}}\n\nReplace `example` with the name of this \
         resource."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_apply_is_to_find_out_is_unknown_in_the_plan() {
        let prior = Value::Object([("id", "1".into()), ("name", "a".into())].into());
        let mut planned = prior.clone();
        let config = Value::Null;
        let mut change = Change { prior: &prior, config: &config, planned: &mut planned };
        change.known_after_apply(&["id"]);
        assert!(change.changes("id") && !change.changes("name"));
        assert!(planned.attribute("id").is_unknown());
        assert_eq!(planned.attribute("name"), prior.attribute("name"));
    }
}
