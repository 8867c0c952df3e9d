//! Any resource, as the server sees it.

use super::resource::Resource;
use super::{
    Call, Context, Environment, Identity, Kind, Operation, Outcome, Remark, Search, apply, plan,
    read,
};
use crate::schema::{self, Block, Diagnostics, Plan, Value};

/// Any resource, as the server sees it.
pub trait AnyResource: Send + Sync {
    /// Such as `digicert_user`.
    fn type_name(&self) -> &'static str;
    /// The declaration.
    fn block(&self) -> &'static Block;
    /// Every problem of a configuration; before the provider is configured, `offline`, some are warnings.
    fn validate(&self, config: &Value, offline: bool) -> Diagnostics;
    /// Plans: null `prior` creates, null `config` destroys.
    fn plan(&self, call: Call, environment: Environment) -> Operation;
    /// Applies: null `prior` creates, null `planned` destroys.
    fn apply(&self, call: Call, environment: Environment) -> Operation;
    /// Reads the object in `prior`.
    fn read(&self, call: Call, environment: Environment) -> Operation;
    /// The state to begin with, for the object of that import ID or, if it is not null, of that identity.
    fn import(&self, id: String, identity: Value, environment: Environment) -> Operation;
    /// What identifies the objects.
    fn identity(&self) -> Identity;
    /// The identity of the object in a state with these private data, without a question to the API.
    fn identify(&self, state: &Value, private: &[u8], environment: Environment) -> Value;
    /// The objects that exist, where there is no list resource of this type.
    fn existing(&self, environment: Environment) -> Search;
    /// What `export` says about the object in a state.
    fn remark(&self, state: &Value) -> Option<Remark>;
}

impl<R: Resource> AnyResource for Kind<R> {
    fn type_name(&self) -> &'static str {
        R::TYPE
    }

    fn block(&self) -> &'static Block {
        R::block()
    }

    fn validate(&self, config: &Value, offline: bool) -> Diagnostics {
        let mut diagnostics = schema::validate_config(R::block(), config, offline);
        R::validate_config(config, &mut diagnostics);
        diagnostics
    }

    fn plan(&self, call: Call, environment: Environment) -> Operation {
        Box::pin(async move {
            let mut cx = Context::new(environment, &call.private);
            let Plan { planned, replace, .. } = plan::plan::<R>(&call, &mut cx).await;
            let known = if call.prior.is_null() { Value::Null } else { call.identity };
            let identity = match known {
                Value::Null => R::IDENTITY.of(&call.prior, cx.account()),
                // A rotation changes the ID of a key, and then its identity: only the apply knows the new one.
                known => known,
            };
            Outcome { replace, identity, ..without_identity::<R>(cx, planned) }
        })
    }

    fn apply(&self, call: Call, environment: Environment) -> Operation {
        Box::pin(async move {
            let mut cx = Context::new(environment, &call.private);
            let state = apply::apply::<R>(call, &mut cx).await;
            outcome::<R>(cx, state)
        })
    }

    fn read(&self, call: Call, environment: Environment) -> Operation {
        Box::pin(async move {
            let mut cx = Context::new(environment, &call.private);
            let state = read::read::<R>(call.prior, &call.identity, &mut cx).await;
            outcome::<R>(cx, state)
        })
    }

    fn import(&self, id: String, identity: Value, environment: Environment) -> Operation {
        Box::pin(async move {
            let mut cx = Context::new(environment, &[]);
            let state = read::import::<R>(id, &identity, &mut cx).await;
            outcome::<R>(cx, state)
        })
    }

    fn identity(&self) -> Identity {
        R::IDENTITY
    }

    fn identify(&self, state: &Value, private: &[u8], environment: Environment) -> Value {
        let mut cx = Context::<R::Memory>::new(environment, private);
        cx.know(state, &Value::Null);
        R::IDENTITY.of(state, cx.account())
    }

    fn existing(&self, environment: Environment) -> Search {
        Box::pin(async move {
            let found = R::existing(&mut Context::new(environment, &[])).await;
            found.map_err(|failure| failure.into_diagnostic("list", R::TYPE, R::TYPE))
        })
    }

    fn remark(&self, state: &Value) -> Option<Remark> {
        // A state that cannot be read is reported elsewhere.
        R::from_value(state).ok()?.remark()
    }
}

/// What came of an operation, with the identity of the object.
fn outcome<R: Resource>(cx: Context<R::Memory>, state: Value) -> Outcome {
    let identity = R::IDENTITY.of(&state, cx.account());
    Outcome { identity, ..without_identity::<R>(cx, state) }
}

/// What came of an operation. No value that goes out has a write-only argument.
fn without_identity<R: Resource>(cx: Context<R::Memory>, mut state: Value) -> Outcome {
    schema::remove_write_only(R::block(), &mut state);
    cx.into_outcome(state)
}
