//! Lists of a container, which a request replaces: organizations, domains and users.
//!
//! <https://dev.digicert.com/ko/services-api/containers/update-user-assignments/>

use axum::http::StatusCode;

use super::write::{begin, change};
use crate::call::Call;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, check, required};
use crate::world::World;

const ORGANIZATIONS: &str = "organization_id_assignments";

const USERS: &str = "user_id_assignments";

const DOMAINS: &str = "allowed_domain_names";

const UPDATE_ORGANIZATIONS: &[Field] = &[required(ORGANIZATIONS, Kind::IntegerIds)];

const UPDATE_USERS: &[Field] = &[required(USERS, Kind::IntegerIds)];

const UPDATE_DOMAINS: &[Field] = &[required(DOMAINS, Kind::Domains)];

/// Replaces the organizations of a container. An empty list removes them.
pub(in crate::endpoints) fn update_organizations(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = begin(world, call)?;
    let organizations = ids(check(UPDATE_ORGANIZATIONS, &call.body)?, ORGANIZATIONS, |id| {
        world.organizations.get(&id).is_some_and(|it| call.sees(it.account_id))
    })?;
    change(world, call, id, |container| container.organization_assignments = organizations)?;
    Ok(done(call))
}

/// Replaces the domains that a container is limited to. An empty list removes the limit.
pub(in crate::endpoints) fn update_domains(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = begin(world, call)?;
    let domains = check(UPDATE_DOMAINS, &call.body)?.texts(DOMAINS);
    let domains = Some(domains).filter(|it| !it.is_empty());
    change(world, call, id, |container| container.allowed_domain_names = domains)?;
    Ok(done(call))
}

/// Replaces the users who are limited to a container, among others. A user who loses the last container
/// is no longer limited.
pub(in crate::endpoints) fn update_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let container_id = begin(world, call)?;
    let ids = ids(check(UPDATE_USERS, &call.body)?, USERS, |id| {
        world.users.get(&id).is_some_and(|it| call.sees(it.account_id))
    })?;
    for user in world.users.values_mut().filter(|it| call.sees(it.account_id)) {
        user.container_assignments.retain(|it| *it != container_id);
        if ids.contains(&user.id) {
            user.container_assignments.push(container_id);
            user.container_assignments.sort_unstable();
        }
    }
    Ok(Reply::no_content())
}

/// The ids in a request, each once, which must be those of objects of the account.
fn ids(body: Checked<'_>, name: &str, exists: impl Fn(u64) -> bool) -> Result<Vec<u64>, Refusal> {
    let mut ids = body.ids(name).unwrap_or_default();
    if !ids.iter().all(|id| exists(*id)) {
        return Err(Refusal::invalid_field(name, "must be ids of this account"));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The documentation has no body and no status.
fn done(call: &Call<'_>) -> Reply {
    if call.options.container_assigned_with_ok {
        Reply { status: StatusCode::OK, body: None }
    } else {
        Reply::no_content()
    }
}
