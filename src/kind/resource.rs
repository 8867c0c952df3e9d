//! What a resource is.

use super::{Context, Declared, Existing, Failure, Identity, Memory, Remark};
use crate::recovery::{self, Journal};
use crate::schema::{Diagnostic, Diagnostics, Json, Value};

/// A kind of object that CertCentral keeps, in the order of its life cycle.
pub trait Resource: Declared {
    /// What it remembers of an object in the private data; `()` for nothing.
    type Memory: Memory;
    /// What identifies an object.
    const IDENTITY: Identity = Identity::Object;
    /// What to do instead of editing an argument that cannot be changed.
    const IMMUTABLE_HINT: &'static str = "";
    /// What a destroy would lose; said where `deletion_protection` refuses one.
    const DESTROY_LOSES: &'static str = "";

    /// Whether several resources can manage parts of what has one ID. The destroy decides then what it leaves.
    const SHARED: bool = false;

    /// Creates the object. Unknown attributes that the answer lacks become null.
    ///
    /// Once the object exists, nothing may fail: an error would make Terraform replace it. Whatever goes
    /// wrong from then on is a warning.
    fn create(
        self,
        cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Reads the object.
    fn read(
        self,
        cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<Read, Failure>> + Send;

    /// Changes the object from `prior` to `self`. An update of several steps reports each one that is done
    /// with [`Context::set_partial_state`].
    fn update(
        self,
        prior: Self,
        cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Deletes the object, as far as CertCentral can.
    fn delete(
        self,
        cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// The state that the read after an import begins with. `id` is the text the user gave.
    fn import(
        id: &str,
        cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Rules that concern several arguments at once. Unknown values are not judged.
    fn validate_config(_config: &Value, _diagnostics: &mut Diagnostics) {}

    /// Rules and warnings of a plan that the schema does not express.
    ///
    /// Warnings and refusals go to [`Context::report`], so that all are shown at once. The plan of a create
    /// or update asks CertCentral nothing that it can do without.
    fn modify_plan(
        _change: &mut Change<'_>,
        _cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// The IDs that tell this object from others of its kind.
    fn ids(&self) -> Vec<String> {
        let id = self.clone().into_value().attribute("id").as_str().map(str::to_owned);
        id.into_iter().collect()
    }

    /// Whether a destroy loses something that an import cannot recover.
    fn is_lost_when_destroyed(&self) -> bool {
        true
    }

    /// Deletes the object's recovery record, now that the object is in the state.
    ///
    /// # Errors
    ///
    /// When a record cannot be deleted.
    fn forget_record(
        &self,
        _journal: &Journal,
    ) -> impl Future<Output = Result<(), recovery::Error>> + Send {
        async { Ok(()) }
    }

    /// The objects that exist, for `export`. Only resources without a list resource need it.
    fn existing(
        _cx: &mut Context<Self::Memory>,
    ) -> impl Future<Output = Result<Vec<Existing>, Failure>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What `export` says about this object, or why it leaves it out.
    fn remark(&self) -> Option<Remark> {
        None
    }

    /// The warning that a destroy leaves something behind: reported by its plan and by its apply.
    fn destroy_warning(&self) -> Option<Diagnostic> {
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
pub enum Read {
    /// The object, as the API returned it.
    Found(Json),
    /// The API cannot return the object; the state stays as it is.
    Unchanged,
    /// The object does not exist.
    NotFound,
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
