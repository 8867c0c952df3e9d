//! The containers (divisions) a user is limited to.
//!
//! CertCentral treats an empty list as access to every container. So an empty list is sent only if
//! `unrestricted_container_access` is `true`.

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Error, Id, Session, id_of};
use crate::kind::{Context, Memory};
use crate::schema::{Json, flag};

use super::{messages, path};

/// The planned limits; empty for unrestricted access, `None` if limits are not managed.
pub(crate) fn limits(
    assignments: Option<&BTreeSet<Id>>,
    unrestricted: Option<bool>,
) -> Option<Vec<Id>> {
    match (assignments, unrestricted) {
        (Some(limits), _) => Some(limits.iter().copied().collect()),
        (None, Some(true)) => Some(Vec::new()),
        (None, _) => None,
    }
}

/// Removes the limits that CertCentral gave to a new user with unrestricted access, whose `limits` are empty.
///
/// The user exists, so a failure is only a warning.
pub(crate) async fn without_inherited_limits<M: Memory>(
    limits: Option<Vec<Id>>,
    mut answer: Json,
    cx: &mut Context<M>,
) -> Json {
    if limits != Some(Vec::new()) || !is_limited(&answer) {
        return answer;
    }
    let (Some(id), Ok(api)) = (id_of(&answer), cx.api()) else {
        return answer;
    };
    match put(&path(id), &[], &api).await {
        Ok(()) => answer["container_id_assignments"] = Json::Null,
        Err(error) => cx.report(messages::limits_not_removed(id, &error)),
    }
    answer
}

/// Replaces the limits of the user at a path.
///
/// <https://dev.digicert.com/services-api/users/update-container-assignments/>
pub(crate) async fn put(path: &str, limits: &[Id], api: &Session) -> Result<(), Error> {
    // This endpoint expects strings.
    let limits: Vec<_> = limits.iter().map(Id::to_string).collect();
    let body = json!({ "container_id_assignments": limits });
    api.put(&format!("{path}/container-assignments"), &body).await.map(drop)
}

/// Whether a user, as attributes, is limited to some containers.
pub(crate) fn is_limited(answer: &Json) -> bool {
    let has_limits = answer.get("has_container_assignments").and_then(flag) == Some(true);
    has_limits || answer.get("container_id_assignments").is_some_and(|limits| !limits.is_null())
}
