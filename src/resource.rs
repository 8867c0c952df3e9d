//! What a resource is, and how the server sees any of them.
//!
//! A resource is a [`Model`] with a life: [`Resource`]. It is asked with plain structs and answers
//! with what the API said, in JSON whose keys are attribute names. Everything that holds for all of
//! them happens here: which value of an answer becomes state, what is kept when a step fails, what
//! is said about it.

use std::collections::BTreeSet;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use crate::certcentral::{Error, Id, Session};
use crate::recovery::{Journal, Problem};
use crate::schema::{
    self, Attr, Block, Check, Diagnostic, Diagnostics, Json, Kind, Mismatch, Model, Path, Plan,
    Type, Value, Wire,
};

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

/// What one operation works with: the API, what is remembered about the object beside its state,
/// and what there is to warn of.
pub struct Context {
    session: Result<Session, Diagnostic>,
    journal: Option<Journal>,
    /// What is remembered about the object.
    pub private: Private,
    reached: Option<Value>,
    warnings: Diagnostics,
}

impl Context {
    /// For one operation; `session` holds the reason where there is none to be had.
    pub fn new(
        session: Result<Session, Diagnostic>,
        journal: Option<Journal>,
        private: &[u8],
    ) -> Self {
        Self {
            session,
            journal,
            private: Private::from_bytes(private),
            reached: None,
            warnings: Diagnostics::default(),
        }
    }

    /// The API.
    ///
    /// # Errors
    ///
    /// When the provider's configuration does not suffice for a call.
    pub fn api(&self) -> Result<Session, Failure> {
        self.session.clone().map_err(Failure::from)
    }

    /// Where answers that come once are recorded, if anywhere.
    pub fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    /// Warns without failing.
    pub fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.warnings.push(Diagnostic::warning(summary, detail));
    }

    /// Deletes the object at a path. One that is gone is a success, if it was looked for in the
    /// account it was made in.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        if !self.api()?.delete(path).await?
            && let Some(other) = self.other_account(path).await?
        {
            return Err(other.into());
        }
        Ok(())
    }

    /// Why the absence of an object says nothing: it was looked for in another account than the one
    /// it was made in.
    async fn other_account(&self, object: &str) -> Result<Option<Diagnostic>, Failure> {
        let Some(made_in) = self.private.account_id else { return Ok(None) };
        let asked = self.api()?.account().await?.id;
        let detail = format!(
            "{object} was made in account {made_in}, but the API key belongs to account {asked}, which does not \
             have it. The state is kept; configure a key of account {made_in}."
        );
        let other = Diagnostic::error("API key of another account", detail);
        Ok((made_in != asked).then_some(other))
    }

    /// What an update has reached so far: this is state should its next step fail.
    pub fn reached(&mut self, so_far: impl Model) {
        self.reached = Some(so_far.into_value());
    }
}

/// What is remembered beside the state of an object, hidden from configurations.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Private {
    /// The object came by import, so a null in its state may only mean "not readable".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// The account the object was made in: it is dropped from state only if that account lacks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
    /// Attributes that CertCentral need not show and an answer for this object has carried all the
    /// same: from then on their absence means that there is no value.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shown: BTreeSet<String>,
    /// An update made something and no answer came: what has a higher number than this may be its
    /// work, and must not be made once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Id>,
    /// What another version of this provider remembered.
    #[serde(flatten)]
    rest: serde_json::Map<String, Json>,
}

impl Private {
    /// Reads what [`Private::to_bytes`] wrote; anything else is as good as nothing.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// JSON, or nothing where nothing is remembered.
    pub fn to_bytes(&self) -> Vec<u8> {
        match serde_json::to_vec(self) {
            Ok(bytes) if bytes != b"{}" => bytes,
            _ => Vec::new(),
        }
    }
}

/// What came of an operation.
pub struct Outcome {
    /// The new state; null where there is no object (any more).
    pub state: Value,
    /// What to remember beside it.
    pub private: Vec<u8>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// An operation under way.
pub type Operation = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Any resource, as the server sees it.
pub trait AnyResource: Send + Sync {
    /// `digicert_` and the name.
    fn type_name(&self) -> &str;
    /// The declaration.
    fn block(&self) -> &Block;
    /// The type of its values: that of the block.
    fn object_type(&self) -> &Type;
    /// Every problem of a configuration.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// What an apply would change; null `config` destroys.
    fn plan(&self, prior: &Value, config: &Value, private: &[u8]) -> Plan;
    /// Removes what was recorded for the case that no state would get this object.
    fn settle(&self, state: &Value, journal: Option<&Journal>) -> Diagnostics;
    /// Makes it so. Null `prior` creates, null `planned` destroys.
    fn apply(&'static self, prior: Value, planned: Value, cx: Context) -> Operation;
    /// State as it is now.
    fn read(&'static self, prior: Value, cx: Context) -> Operation;
    /// State to begin with, for the object of that id.
    fn import(&'static self, id: String, cx: Context) -> Operation;
}

/// A [`Resource`] as an [`AnyResource`]: one static of it stands in the provider's list.
pub struct Erased<R> {
    block: OnceLock<Block>,
    object_type: OnceLock<Type>,
    type_name: OnceLock<String>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Erased<R> {
    /// For a static.
    pub const fn new() -> Self {
        Self {
            block: OnceLock::new(),
            object_type: OnceLock::new(),
            type_name: OnceLock::new(),
            resource: PhantomData,
        }
    }

    /// The kind and id of an object, for messages; an id that is a list of many is cut.
    fn object(&'static self, state: &Value) -> String {
        let id = state.attribute("id").as_str().unwrap_or_default();
        let cut = id.char_indices().nth(60).map_or(id.len(), |(at, _)| at);
        let rest = if cut < id.len() { "…" } else { "" };
        format!("{} {}{rest}", self.type_name(), &id[..cut]).trim_end().to_owned()
    }

    async fn create(&'static self, planned: Value, cx: &mut Context) -> Value {
        match R::from_value(&planned).create(cx).await {
            Ok(answer) => self.filled(&planned, &answer, cx),
            Err(failure) => self.failed("create", self.type_name(), failure, cx, Value::Null),
        }
    }

    async fn update(&'static self, prior: Value, planned: Value, cx: &mut Context) -> Value {
        match R::from_value(&planned).update(R::from_value(&prior), cx).await {
            Ok(answer) => self.filled(&planned, &answer, cx),
            Err(failure) => {
                let state = match cx.reached.take() {
                    Some(reached) => schema::keep(self.block(), &prior, reached),
                    None => prior,
                };
                self.failed("update", &self.object(&state), failure, cx, state)
            }
        }
    }

    async fn destroy(&'static self, prior: Value, cx: &mut Context) -> Value {
        let object = R::from_value(&prior);
        cx.warnings.extend(object.left_behind());
        match object.delete(cx).await {
            Ok(()) => Value::Null,
            Err(failure) => self.failed("delete", &self.object(&prior), failure, cx, prior),
        }
    }

    async fn refresh(&'static self, prior: Value, cx: &mut Context) -> Value {
        match R::from_value(&prior).read(cx).await {
            Ok(Reading::Found(answer)) => {
                let (state, mismatches) = schema::refresh(self.block(), &prior, &answer);
                if mismatches.is_empty() {
                    return state;
                }
                let detail = format!("{}: {}.", self.object(&prior), mismatches.join("; "));
                cx.warnings.push(Diagnostic::error("Unreadable answer from CertCentral", detail));
                prior
            }
            Ok(Reading::Kept) => prior,
            Ok(Reading::Gone) => match cx.other_account(&self.object(&prior)).await {
                Ok(None) => {
                    let detail = format!(
                        "{} does not exist at CertCentral any more, so it is dropped from the state.",
                        self.object(&prior)
                    );
                    cx.warn("Object not found", detail);
                    Value::Null
                }
                Ok(Some(other)) => {
                    cx.warnings.push(other);
                    prior
                }
                Err(failure) => self.failed("read", &self.object(&prior), failure, cx, prior),
            },
            Err(failure) => self.failed("read", &self.object(&prior), failure, cx, prior),
        }
    }

    /// The plan with its unknowns filled in. The effect has been had, so nothing here is an error.
    fn filled(&'static self, planned: &Value, answer: &Json, cx: &mut Context) -> Value {
        let (state, mismatches) = schema::fill(self.block(), planned, answer);
        self.warn_of(mismatches, &state, cx);
        state
    }

    fn warn_of(&'static self, mismatches: Vec<Mismatch>, state: &Value, cx: &mut Context) {
        if !mismatches.is_empty() {
            let detail = format!(
                "{}: {}. The change was made; the next refresh reads these attributes again.",
                self.object(state),
                mismatches.join("; ")
            );
            cx.warn("Unreadable answer from CertCentral", detail);
        }
    }

    /// Says what failed; `state` is what there is to keep.
    fn failed(
        &'static self,
        operation: &str,
        object: &str,
        failure: Failure,
        cx: &mut Context,
        state: Value,
    ) -> Value {
        let (error, advice) = match failure {
            Failure::Api(error) => (error, String::new()),
            Failure::Advised(error, advice) => (error, format!("\n\n{advice}")),
            Failure::Told(diagnostic) => {
                cx.warnings.push(*diagnostic);
                return state;
            }
        };
        cx.warnings.push(Diagnostic::error(
            format!("Cannot {operation} {}", self.type_name()),
            format!("Failed to {operation} {object}: {error}.{advice}"),
        ));
        state
    }
}

impl<R: Resource> Default for Erased<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Resource> AnyResource for Erased<R> {
    fn type_name(&self) -> &str {
        self.type_name.get_or_init(|| format!("digicert_{}", R::NAME))
    }

    fn block(&self) -> &Block {
        self.block.get_or_init(R::block)
    }

    fn object_type(&self) -> &Type {
        self.object_type.get_or_init(|| self.block().object_type())
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = schema::validate(self.block(), config);
        R::check(config, &mut diagnostics);
        diagnostics
    }

    fn plan(&self, prior: &Value, config: &Value, private: &[u8]) -> Plan {
        let imported = Private::from_bytes(private).imported;
        let mut plan = schema::plan(self.block(), prior, config, imported, R::ADVICE);
        if plan.planned.is_null() {
            plan.diagnostics.extend(R::from_value(prior).left_behind());
        } else if !prior.is_null() {
            let Plan { planned, diagnostics, .. } = &mut plan;
            R::review(&mut Change { prior, planned, diagnostics });
        }
        plan
    }

    fn settle(&self, state: &Value, journal: Option<&Journal>) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        if let Some(journal) = journal.filter(|_| !state.is_null())
            && let Err(problem) = R::from_value(state).settle(journal)
        {
            diagnostics.push(Diagnostic::warning("Records not cleaned up", format!("{problem}.")));
        }
        diagnostics
    }

    fn apply(&'static self, prior: Value, planned: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            let state = match (prior.is_null(), planned.is_null()) {
                (true, _) => self.create(planned, &mut cx).await,
                (false, true) => self.destroy(prior, &mut cx).await,
                (false, false) => self.update(prior, planned, &mut cx).await,
            };
            cx.into_outcome(state)
        })
    }

    fn read(&'static self, prior: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            cx.warnings.extend(self.settle(&prior, cx.journal()));
            let state = self.refresh(prior, &mut cx).await;
            cx.into_outcome(state)
        })
    }

    fn import(&'static self, id: String, mut cx: Context) -> Operation {
        Box::pin(async move {
            cx.private.imported = true;
            let state = match R::import(&id, &mut cx).await {
                Ok(answer) => schema::refresh(self.block(), &Value::Null, &answer).0,
                Err(failure) => {
                    let object = format!("{} {id:?}", self.type_name());
                    self.failed("import", &object, failure, &mut cx, Value::Null)
                }
            };
            cx.into_outcome(state)
        })
    }
}

impl Context {
    fn into_outcome(self, state: Value) -> Outcome {
        Outcome { state, private: self.private.to_bytes(), diagnostics: self.warnings }
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
    fn what_is_remembered_survives_this_version_and_others() {
        let bytes =
            br#"{"imported":true,"account_id":7,"shown":["a"],"unsettled":9,"added_later":[1]}"#;
        let private = Private::from_bytes(bytes);
        assert!(private.imported && private.shown.contains("a"));
        assert_eq!(private.unsettled, Some(9.into()));
        assert_eq!(Private::from_bytes(&private.to_bytes()).to_bytes(), bytes);
        assert_eq!(Private::from_bytes(b"no JSON").to_bytes(), b"");
    }

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
