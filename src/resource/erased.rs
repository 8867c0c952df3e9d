//! Any resource as the server sees it, and what holds for all of them: which value of an answer becomes
//! state, what is kept when a step fails, and what is said about it.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use super::run::Intent;
use super::{Change, Context, Failure, Private, Reading, Resource, protection};
use crate::schema::{
    self, Block, Diagnostic, Diagnostics, Json, Mismatch, Path, Plan, Type, Unreadable, Value,
};

/// What came of an operation.
pub struct Outcome {
    /// The new state; null where there is no object (any more).
    pub state: Value,
    /// What to remember beside it.
    pub private: Vec<u8>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// What came of a plan.
pub struct Planned {
    /// The state to come, what to remember beside it, and what there is to say.
    pub outcome: Outcome,
    /// The arguments whose change forces a new object.
    pub replace: Vec<Path>,
}

/// An operation under way.
pub type Operation<T = Outcome> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Any resource, as the server sees it.
pub trait AnyResource: Send + Sync {
    /// Such as `digicert_user`.
    fn type_name(&self) -> &'static str;
    /// The declaration.
    fn block(&self) -> &Block;
    /// The type of its values: that of the block.
    fn object_type(&self) -> &Type;
    /// Every problem of a configuration; before the provider is configured, `offline`, some are warnings.
    fn validate(&self, config: &Value, offline: bool) -> Diagnostics;
    /// What an apply would change. Null `prior` creates, null `config` destroys.
    fn plan(&'static self, prior: Value, config: Value, cx: Context) -> Operation<Planned>;
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
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Erased<R> {
    /// For a static.
    pub const fn new() -> Self {
        Self { block: OnceLock::new(), object_type: OnceLock::new(), resource: PhantomData }
    }

    /// The kind and id of an object, for messages; an id that is a list of many is cut.
    fn object(&'static self, state: &Value) -> String {
        let id = state.attribute("id").as_str().unwrap_or_default();
        let cut = id.char_indices().nth(60).map_or(id.len(), |(at, _)| at);
        let rest = if cut < id.len() { "…" } else { "" };
        format!("{} {}{rest}", self.type_name(), &id[..cut]).trim_end().to_owned()
    }

    /// The object in this state.
    fn stored(&'static self, state: &Value) -> Result<R, Failure> {
        R::from_value(state).map_err(|error| unreadable(&self.object(state), &error).into())
    }

    async fn change(&'static self, prior: Value, planned: Value, cx: &mut Context) -> Value {
        cx.forget_plan();
        cx.know(&prior);
        if let Some(path) = schema::unknown_argument(self.block(), &planned) {
            cx.report(unknown_in_apply(path));
            return prior;
        }
        match (prior.is_null(), planned.is_null()) {
            // Core does not ask for this, and there is nothing to do.
            (true, true) => Value::Null,
            (true, false) => self.create(planned, cx).await,
            (false, true) => self.destroy(prior, cx).await,
            (false, false) => self.update(prior, planned, cx).await,
        }
    }

    async fn create(&'static self, planned: Value, cx: &mut Context) -> Value {
        cx.private = Private::of_new();
        let created = match self.stored(&planned) {
            Ok(object) => object.create(cx).await,
            Err(failure) => Err(failure),
        };
        match created {
            Ok(answer) => {
                cx.remember_account();
                self.filled(&planned, &answer, cx)
            }
            Err(failure) => self.failed("create", self.type_name(), failure, cx, Value::Null),
        }
    }

    async fn update(&'static self, prior: Value, planned: Value, cx: &mut Context) -> Value {
        cx.private.protects = None;
        let updated = match (self.stored(&planned), self.stored(&prior)) {
            (Ok(object), Ok(prior)) => object.update(prior, cx).await,
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        };
        match updated {
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
        if protection::is_protected(self.block(), &prior) {
            cx.report(protection::refusal(&self.object(&prior), R::DESTROY_LOSES));
            return prior;
        }
        let deleted = match self.stored(&prior) {
            Ok(object) => {
                cx.diagnostics.extend(object.left_behind());
                object.delete(cx).await
            }
            Err(failure) => Err(failure),
        };
        match deleted {
            Ok(()) => Value::Null,
            Err(failure) => self.failed("delete", &self.object(&prior), failure, cx, prior),
        }
    }

    async fn refresh(&'static self, prior: Value, cx: &mut Context) -> Value {
        cx.know(&prior);
        let read = match self.stored(&prior) {
            Ok(object) => {
                cx.diagnostics.extend(self.settle(&object, cx));
                object.read(cx).await
            }
            Err(failure) => Err(failure),
        };
        match read {
            Ok(Reading::Found(answer)) => self.found(prior, &answer, cx),
            Ok(Reading::Kept) => prior,
            Ok(Reading::Gone) => self.gone(prior, cx).await,
            Err(failure) => self.failed("read", &self.object(&prior), failure, cx, prior),
        }
    }

    /// The state after an answer. What an argument cannot hold is an error; a value that CertCentral alone
    /// gives is kept as it was, so that its new shape stops no plan.
    fn found(&'static self, prior: Value, answer: &Json, cx: &mut Context) -> Value {
        let (state, mismatches) = schema::refresh(self.block(), &prior, answer);
        cx.remember_account();
        let (errors, warnings): (Vec<_>, Vec<_>) =
            mismatches.into_iter().partition(|mismatch| mismatch.in_argument);
        if !warnings.is_empty() {
            let detail = format!(
                "{}: {}. The state keeps the earlier values.",
                self.object(&prior),
                list(&warnings)
            );
            cx.warn(UNREADABLE_ANSWER, detail);
        }
        if errors.is_empty() {
            return state;
        }
        let detail = format!("{}: {}.", self.object(&prior), list(&errors));
        cx.report(Diagnostic::error(UNREADABLE_ANSWER, detail));
        prior
    }

    /// Drops an object from the state that is gone, if it was looked for in the account it was made in.
    async fn gone(&'static self, prior: Value, cx: &mut Context) -> Value {
        let object = self.object(&prior);
        match cx.check_gone(&object).await {
            Ok(()) => {
                let detail = format!(
                    "{object} does not exist at CertCentral any more, so it is dropped from the state."
                );
                cx.warn("Object not found", detail);
                Value::Null
            }
            Err(failure) => self.failed("read", &object, failure, cx, prior),
        }
    }

    /// The plan with its unknowns filled in. The effect has been had, so nothing here is an error.
    fn filled(&'static self, planned: &Value, answer: &Json, cx: &mut Context) -> Value {
        let (state, mismatches) = schema::fill(self.block(), planned, answer);
        if !mismatches.is_empty() {
            let detail = format!(
                "{}: {}. The change was made; the next refresh reads these attributes again.",
                self.object(&state),
                list(&mismatches)
            );
            cx.warn(UNREADABLE_ANSWER, detail);
        }
        state
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
                cx.report(*diagnostic);
                return state;
            }
        };
        cx.report(Diagnostic::error(
            format!("Cannot {operation} {}", self.type_name()),
            format!("Failed to {operation} {object}: {error}.{advice}"),
        ));
        state
    }

    /// Removes what was recorded for the case that no state would get this object.
    fn settle(&'static self, object: &R, cx: &Context) -> Option<Diagnostic> {
        let problem = object.settle(cx.journal()?).err()?;
        Some(Diagnostic::warning("Records not cleaned up", format!("{problem}.")))
    }

    async fn planned(&'static self, prior: &Value, config: &Value, cx: &mut Context) -> Plan {
        let block = self.block();
        cx.know(prior);
        let replaces = cx.private.protects.take().filter(|_| prior.is_null());
        if prior.is_null() {
            // What was remembered belongs to the object that this one replaces.
            cx.private = Private::of_new();
        }
        let mut plan = schema::plan(block, prior, config, cx.private.imported, R::ADVICE);
        cx.diagnostics.extend(std::mem::take(&mut plan.diagnostics));
        if let Some(object) = replaces {
            cx.report(protection::refusal(&object, R::DESTROY_LOSES));
        }
        if !prior.is_null() {
            let object = match self.stored(prior) {
                Ok(object) => object,
                Err(failure) => {
                    self.failed("plan", &self.object(prior), failure, cx, Value::Null);
                    return plan;
                }
            };
            cx.diagnostics.extend(self.settle(&object, cx));
            if config.is_null() {
                self.plan_destroy(&object, prior, cx);
            } else {
                protection::mark(&mut cx.private, block, prior, self.object(prior));
            }
        }
        let mut change = Change { prior, config, planned: &mut plan.planned };
        if let Err(failure) = R::modify_plan(&mut change, cx).await {
            self.failed("plan", &self.object(prior), failure, cx, Value::Null);
        }
        plan
    }

    fn plan_destroy(&'static self, object: &R, prior: &Value, cx: &mut Context) {
        if protection::is_protected(self.block(), prior) {
            cx.report(protection::refusal(&self.object(prior), R::DESTROY_LOSES));
            return;
        }
        cx.diagnostics.extend(object.left_behind());
        if object.is_lost_when_destroyed()
            && let Err(problem) = cx.note_planned(R::TYPE, object.ids(), Intent::Destroy)
        {
            cx.report(problem);
        }
    }

    async fn imported(&'static self, id: &str, cx: &mut Context) -> Value {
        let answer = match R::import(id, cx).await {
            Ok(answer) => answer,
            Err(failure) => {
                let object = format!("{} {id:?}", self.type_name());
                return self.failed("import", &object, failure, cx, Value::Null);
            }
        };
        let state = schema::refresh(self.block(), &Value::Null, &answer).0;
        let object = match self.stored(&state) {
            Ok(object) => object,
            Err(failure) => {
                return self.failed("import", &self.object(&state), failure, cx, Value::Null);
            }
        };
        match cx.note_planned(R::TYPE, object.ids(), Intent::Import) {
            Ok(()) => state,
            Err(problem) => {
                cx.report(problem);
                Value::Null
            }
        }
    }
}

const UNREADABLE_ANSWER: &str = "Unreadable answer from CertCentral";

fn list(mismatches: &[Mismatch]) -> String {
    mismatches.iter().map(|mismatch| mismatch.text.as_str()).collect::<Vec<_>>().join("; ")
}

fn unreadable(object: &str, error: &Unreadable) -> Diagnostic {
    let detail = format!(
        "The state of {object} cannot be used: {error}. Nothing was sent to CertCentral for it. Restore the \
         state from a backup, or remove the object from the state with `terraform state rm` and import it."
    );
    Diagnostic::error("Unreadable state", detail)
}

fn unknown_in_apply(path: Path) -> Diagnostic {
    let detail = format!(
        "`{path}` is unknown although the apply has begun, so nothing was sent to CertCentral. This is an \
         error of the program that called the provider, not of the configuration; please report it there."
    );
    Diagnostic::error("Unknown value in an apply", detail).at(path)
}

impl<R: Resource> Default for Erased<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Resource> AnyResource for Erased<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE
    }

    fn block(&self) -> &Block {
        self.block.get_or_init(R::block)
    }

    fn object_type(&self) -> &Type {
        self.object_type.get_or_init(|| self.block().object_type())
    }

    fn validate(&self, config: &Value, offline: bool) -> Diagnostics {
        let validate = if offline { schema::validate_offline } else { schema::validate };
        let mut diagnostics = validate(self.block(), config);
        R::validate_config(config, &mut diagnostics);
        diagnostics
    }

    fn plan(&'static self, prior: Value, config: Value, mut cx: Context) -> Operation<Planned> {
        Box::pin(async move {
            let Plan { planned, replace, .. } = self.planned(&prior, &config, &mut cx).await;
            Planned { outcome: cx.into_outcome(planned), replace }
        })
    }

    fn apply(&'static self, prior: Value, planned: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            let state = self.change(prior, planned, &mut cx).await;
            cx.into_outcome(state)
        })
    }

    fn read(&'static self, prior: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            let state = self.refresh(prior, &mut cx).await;
            cx.into_outcome(state)
        })
    }

    fn import(&'static self, id: String, mut cx: Context) -> Operation {
        Box::pin(async move {
            let state = self.imported(&id, &mut cx).await;
            cx.into_outcome(state)
        })
    }
}
