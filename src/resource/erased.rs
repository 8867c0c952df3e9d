//! Any resource as the server sees it, and what holds for all of them: which value of an answer becomes
//! state, what is kept when a step fails, and what is said about it.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use super::{Change, Context, Failure, Private, Reading, Resource};
use crate::recovery::Journal;
use crate::schema::{self, Block, Diagnostic, Diagnostics, Json, Mismatch, Plan, Type, Value};

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

/// A look for recovery records that a state has made superfluous.
pub type Sweep = Pin<Box<dyn Future<Output = Diagnostics> + Send>>;

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
    /// Deletes the recovery record of an object that is in this state.
    fn forget_record(&'static self, state: Value, journal: Option<Journal>) -> Sweep;
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
        cx.diagnostics.extend(object.left_behind());
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
                cx.diagnostics
                    .push(Diagnostic::error("Unreadable answer from CertCentral", detail));
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
                    cx.diagnostics.push(other);
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
                cx.diagnostics.push(*diagnostic);
                return state;
            }
        };
        cx.diagnostics.push(Diagnostic::error(
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

    fn forget_record(&'static self, state: Value, journal: Option<Journal>) -> Sweep {
        Box::pin(async move {
            let mut diagnostics = Diagnostics::default();
            if let Some(journal) = journal.filter(|_| !state.is_null())
                && let Err(error) = R::from_value(&state).forget_record(&journal).await
            {
                let detail = format!("{error}.");
                diagnostics.push(Diagnostic::warning("Records not cleaned up", detail));
            }
            diagnostics
        })
    }

    fn apply(&'static self, prior: Value, planned: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            let state = match (prior.is_null(), planned.is_null()) {
                // Core does not ask for this, and nothing is what comes of it.
                (true, true) => Value::Null,
                (true, false) => self.create(planned, &mut cx).await,
                (false, true) => self.destroy(prior, &mut cx).await,
                (false, false) => self.update(prior, planned, &mut cx).await,
            };
            cx.into_outcome(state)
        })
    }

    fn read(&'static self, prior: Value, mut cx: Context) -> Operation {
        Box::pin(async move {
            let forgotten = self.forget_record(prior.clone(), cx.journal().cloned()).await;
            cx.diagnostics.extend(forgotten);
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
