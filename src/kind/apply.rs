//! Creates, updates or destroys an object of any resource, and decides what becomes state.

use super::resource::Resource;
use super::{Call, Context, Failure, object_name, protection, read};
use crate::schema::{self, Diagnostic, Json, Path, Value};

/// The new state. Null `prior` creates, null `planned` destroys.
///
/// The resource is given the planned state with the write-only arguments of the configuration, and the new
/// state follows from the planned state without them.
pub(super) async fn apply<R: Resource>(call: Call, cx: &mut Context<R::Memory>) -> Value {
    let Call { prior, planned, config, identity, .. } = call;
    cx.forget_plan();
    cx.know(&prior, &identity);
    let given = schema::with_write_only(R::block(), &planned, &config);
    if let Some(path) = schema::unknown_argument(R::block(), &given) {
        cx.report(unknown_argument(path));
        return prior;
    }
    match (prior.is_null(), planned.is_null()) {
        // Core never asks for this, and there is nothing to do.
        (true, true) => Value::Null,
        (true, false) => create::<R>(&given, &planned, cx).await,
        (false, true) => destroy::<R>(prior, cx).await,
        (false, false) => update::<R>(prior, &given, &planned, cx).await,
    }
}

async fn create<R: Resource>(given: &Value, planned: &Value, cx: &mut Context<R::Memory>) -> Value {
    cx.begin(&[]);
    let created = match read::stored::<R>(given) {
        Ok(object) => object.create(cx).await,
        Err(failure) => Err(failure),
    };
    match created {
        Ok(answer) => {
            cx.remember_account();
            let state = apply_result::<R>(planned, &answer, cx);
            names::<R>(&state).into_iter().for_each(|name| cx.claim(name));
            state
        }
        Err(failure) => {
            cx.report(failure.into_diagnostic("create", R::TYPE, R::TYPE));
            Value::Null
        }
    }
}

async fn update<R: Resource>(
    prior: Value,
    given: &Value,
    planned: &Value,
    cx: &mut Context<R::Memory>,
) -> Value {
    cx.engine.protects = None;
    let updated = match (read::stored::<R>(given), read::stored::<R>(&prior)) {
        (Ok(object), Ok(prior)) => object.update(prior, cx).await,
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    };
    let failure = match updated {
        Ok(answer) => return apply_result::<R>(planned, &answer, cx),
        Err(failure) => failure,
    };
    let state = match cx.partial_state.take() {
        Some(reached) => schema::partial_state(R::block(), &prior, reached),
        None => prior,
    };
    cx.report(failure.into_diagnostic("update", R::TYPE, &object_name(R::TYPE, &state)));
    state
}

async fn destroy<R: Resource>(prior: Value, cx: &mut Context<R::Memory>) -> Value {
    cx.begin_destroy();
    let name = object_name(R::TYPE, &prior);
    if protection::is_protected(R::block(), &prior) {
        cx.report(protection::refusal(&name, R::DESTROY_LOSES));
        return prior;
    }
    let names = names::<R>(&prior);
    if !names.is_empty() && names.iter().all(|name| cx.is_claimed_elsewhere(name)) {
        // A create of this run has adopted the object, for example after a rename without `moved`.
        return Value::Null;
    }
    match delete::<R>(&prior, cx).await {
        Ok(()) => Value::Null,
        Err(failure) => {
            cx.report(failure.into_diagnostic("delete", R::TYPE, &name));
            prior
        }
    }
}

/// Names of the object in a state, among all objects of the run that can be adopted and destroyed.
fn names<R: Resource>(state: &Value) -> Vec<String> {
    let ids = read::stored::<R>(state).map(|object| object.ids()).unwrap_or_default();
    ids.into_iter().filter(|_| !R::SHARED).map(|id| format!("{} {id}", R::TYPE)).collect()
}

async fn delete<R: Resource>(prior: &Value, cx: &mut Context<R::Memory>) -> Result<(), Failure> {
    let object = read::stored::<R>(prior)?;
    cx.diagnostics.extend(object.destroy_warning());
    object.clone().delete(cx).await?;
    // A create that follows must not adopt what is gone. Core may not have shown this state to a plan.
    read::forget_record(&object, cx).await;
    Ok(())
}

/// The plan with its unknowns filled in. The change was made, so nothing here is an error.
fn apply_result<R: Resource>(planned: &Value, answer: &Json, cx: &mut Context<R::Memory>) -> Value {
    // A warning may mean that a step of the change failed.
    cx.engine.unconfirmed = !cx.diagnostics.is_empty();
    let (state, mismatches) = schema::apply_result(R::block(), planned, answer);
    if !mismatches.is_empty() {
        let detail = format!(
            "{}: {}. The change was made; the next refresh reads these attributes again.",
            object_name(R::TYPE, &state),
            read::list(&mismatches)
        );
        cx.warn(read::UNREADABLE_ANSWER, detail);
    }
    state
}

fn unknown_argument(path: Path) -> Diagnostic {
    let detail = format!(
        "`{path}` is unknown although the apply has begun, so nothing was sent to CertCentral. This is an \
         error of the program that called the provider, not of the configuration; please report it there."
    );
    Diagnostic::error("Unknown value in an apply", detail).at(path)
}
