//! Planning that the schema does not cover: containers, and the user that the API key belongs to.

use crate::certcentral::Id;
use crate::kind::{Change, Context, Memory};
use crate::schema::{Attr, Diagnostic, Value};

use super::messages;

const ROLE: &str = "access_role_id";
const LIMITS: &str = "container_id_assignments";
const UNRESTRICTED: &str = "unrestricted_container_access";

/// Role whose users are limited to containers.
const LIMITED_USER: &str = "2";

/// Limits and unrestricted access exclude each other.
pub(crate) fn conflict(config: &Value) -> Option<Diagnostic> {
    let limits = config.attribute(LIMITS);
    let conflicts = config.attribute(UNRESTRICTED) == &Value::Bool(true)
        && !limits.is_null()
        && !limits.is_unknown();
    conflicts.then(messages::conflict)
}

/// Plans the limits if the configuration sets unrestricted access instead, which removes them.
pub(crate) fn containers(change: &mut Change<'_>) {
    if !change.config.attribute(LIMITS).is_null() {
        return;
    }
    match change.config.attribute(UNRESTRICTED) {
        Value::Bool(true) => change.plan(LIMITS, Value::Null),
        Value::Unknown if !change.prior.attribute(LIMITS).is_null() => {
            change.plan(LIMITS, Value::Unknown);
        }
        _ => {}
    }
}

/// A warning if a limited user is given another role and keeps limits that are not managed.
pub(super) fn unmanaged_limits(change: &Change<'_>) -> Option<Diagnostic> {
    let before = change.prior.attribute(ROLE).as_str()?;
    let after = change.planned.attribute(ROLE).as_str()?;
    let limits = change.planned.attribute(LIMITS);
    let is_promoted = before == LIMITED_USER && after != LIMITED_USER;
    let is_managed = !change.config.attribute(LIMITS).is_null();
    let are_kept = is_promoted && !is_managed && matches!(limits, Value::Set(_));
    are_kept.then(|| messages::unmanaged_limits(name(change.prior), &limits.show()))
}

/// Reports changes to the user that the API key belongs to: with another role, the key may lose its
/// permissions, and deleting the user disables the key.
pub(crate) async fn check_key_owner<M: Memory>(change: &Change<'_>, cx: &mut Context<M>) {
    if change.prior.is_null() {
        return;
    }
    let is_deleted = change.planned.is_null() || change.changes("container_id");
    if !is_deleted && !change.changes(ROLE) && !change.changes(LIMITS) {
        return;
    }
    let id = Option::<Id>::from_value(change.prior.attribute("id")).ok().flatten();
    if id.is_none() || cx.key_owner().await != id {
        return;
    }
    cx.report(if is_deleted {
        messages::key_owner_deleted(name(change.prior), change.planned.is_null())
    } else {
        messages::key_owner_changed(name(change.prior))
    });
}

/// The username in a state.
fn name(state: &Value) -> &str {
    state.attribute("username").as_str().unwrap_or_default()
}
