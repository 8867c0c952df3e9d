//! Reads and imports an object of any resource, and decides what becomes state.

use super::resource::{Read, Resource};
use super::run::Intent;
use super::{Context, Failure, Memory, object_name};
use crate::certcentral::Id;
use crate::schema::{self, Diagnostic, Json, Mismatch, Path, Unreadable, Value};

/// The state as it is now.
pub(super) async fn read<R: Resource>(
    prior: Value,
    identity: &Value,
    cx: &mut Context<R::Memory>,
) -> Value {
    cx.know(&prior, identity);
    let read = match stored::<R>(&prior) {
        Ok(object) => {
            forget_record(&object, cx).await;
            object.read(cx).await
        }
        Err(failure) => Err(failure),
    };
    let failure = match read {
        Ok(Read::Found(answer)) => {
            cx.engine.unconfirmed = false;
            return found::<R>(prior, &answer, cx);
        }
        Ok(Read::Unchanged) => {
            // Without an ID, nothing was read.
            cx.engine.unconfirmed &= prior.attribute("id").is_null();
            return prior;
        }
        Ok(Read::NotFound) => match confirm_absence(&object_name(R::TYPE, &prior), cx).await {
            Ok(()) => return Value::Null,
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    cx.report(failure.into_diagnostic("read", R::TYPE, &object_name(R::TYPE, &prior)));
    prior
}

/// The state that the read after an import begins with.
pub(super) async fn import<R: Resource>(
    id: String,
    identity: &Value,
    cx: &mut Context<R::Memory>,
) -> Value {
    cx.engine.imported = true;
    let imported = match import_id::<R>(&id, identity, cx).await {
        Ok(id) => imported::<R>(&id, cx).await,
        Err(failure) => Err(failure),
    };
    match imported {
        Ok(state) => state,
        Err(failure) => {
            let object = if identity.is_null() { format!("{id:?}") } else { identity.show() };
            let object = format!("{} {object}", R::TYPE);
            cx.report(failure.into_diagnostic("import", R::TYPE, &object));
            Value::Null
        }
    }
}

/// The import ID, which may be given by the identity of the object. Its account must be that of the API key.
async fn import_id<R: Resource>(
    id: &str,
    identity: &Value,
    cx: &Context<R::Memory>,
) -> Result<String, Failure> {
    if identity.is_null() {
        return Ok(id.to_owned());
    }
    let (account, id) = R::IDENTITY.import_id::<R>(identity)?;
    if let Some(account) = account {
        let found = cx.api()?.account().await?.id;
        if found != account {
            return Err(other_account(account, found).into());
        }
    }
    Ok(id)
}

fn other_account(wanted: Id, found: Id) -> Diagnostic {
    let detail = format!(
        "The object to import belongs to account {wanted}, but the API key belongs to account {found}. Configure an \
         API key of account {wanted}."
    );
    Diagnostic::error("API key of another account", detail).at(Path::of("account_id"))
}

async fn imported<R: Resource>(id: &str, cx: &mut Context<R::Memory>) -> Result<Value, Failure> {
    let answer = R::import(id, cx).await?;
    let state = schema::refresh(R::block(), &Value::Null, &answer).0;
    cx.note_planned(R::TYPE, stored::<R>(&state)?.ids(), Intent::Import)?;
    Ok(state)
}

/// The state after an answer. A value that an argument cannot hold is an error; a value that CertCentral
/// alone sets is kept as it was, so that a new shape of it stops no plan.
fn found<R: Resource>(prior: Value, answer: &Json, cx: &mut Context<R::Memory>) -> Value {
    let (state, mismatches) = schema::refresh(R::block(), &prior, answer);
    cx.remember_account();
    if mismatches.is_empty() {
        return state;
    }
    let name = object_name(R::TYPE, &prior);
    let (errors, warnings): (Vec<_>, Vec<_>) =
        mismatches.into_iter().partition(|mismatch| mismatch.in_argument);
    if !warnings.is_empty() {
        let detail = format!("{name}: {}. The state keeps the earlier values.", list(&warnings));
        cx.warn(UNREADABLE_ANSWER, detail);
    }
    if errors.is_empty() {
        return state;
    }
    cx.report(Diagnostic::error(UNREADABLE_ANSWER, format!("{name}: {}.", list(&errors))));
    prior
}

/// Warns that an object is removed from the state, if it was looked for in the account it belongs to.
async fn confirm_absence<M: Memory>(name: &str, cx: &mut Context<M>) -> Result<(), Failure> {
    cx.check_gone(name).await?;
    let detail =
        format!("{name} does not exist at CertCentral any more, so it is removed from the state.");
    cx.warn("Object not found", detail);
    Ok(())
}

/// The object in a state or plan.
pub(super) fn stored<R: Resource>(state: &Value) -> Result<R, Failure> {
    R::from_value(state).map_err(|error| unreadable(&object_name(R::TYPE, state), &error).into())
}

/// Deletes the object's recovery record, now that the object is in the state.
pub(super) async fn forget_record<R: Resource>(object: &R, cx: &mut Context<R::Memory>) {
    let Some(journal) = cx.journal() else { return };
    if let Err(error) = object.forget_record(journal).await {
        cx.warn("Recovery record not deleted", format!("{error}."));
    }
}

pub(super) const UNREADABLE_ANSWER: &str = "Unreadable answer from CertCentral";

pub(super) fn list(mismatches: &[Mismatch]) -> String {
    mismatches.iter().map(|mismatch| mismatch.text.as_str()).collect::<Vec<_>>().join("; ")
}

fn unreadable(object: &str, error: &Unreadable) -> Diagnostic {
    let detail = format!(
        "The state of {object} cannot be used: {error}. Nothing was sent to CertCentral for it. Restore the \
         state from a backup, or remove the object from the state with `terraform state rm` and import it."
    );
    Diagnostic::error("Unreadable state", detail)
}
