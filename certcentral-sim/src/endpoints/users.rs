//! Users: `/user` and the paths below it.
//!
//! <https://dev.digicert.com/en/certcentral-apis/services-api/users/add-user.html>

mod create;
mod list;
mod show;

pub(super) use create::create;
pub(super) use list::{list, list_api_only, list_service_user};

use serde_json::json;

use crate::call::Call;
use crate::endpoints::containers;
use crate::options::UserManagement;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, check, optional, required};
use crate::world::{User, World};

/// Access roles, <https://dev.digicert.com/glossary/>.
pub(super) const ROLES: [(u64, &str); 5] = [
    (1, "Administrator"),
    (2, "Limited User"),
    (3, "Finance Manager"),
    (4, "Manager"),
    (5, "Standard User"),
];

const ONLY_ID: &[Field] = &[required("id", Kind::Id)];

const UPDATE: &[Field] = &[
    required("username", Kind::Username),
    required("first_name", Kind::Text(128)),
    required("last_name", Kind::Text(128)),
    required("email", Kind::Email),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(64)),
    optional("is_saml_sso_only", Kind::FlagOrText),
];

/// Of a service user only the address can be changed.
const UPDATE_SERVICE_USER: &[Field] = &[required("email", Kind::Email)];

const ROLE: &[Field] = &[required("access_roles", Kind::Objects(ONLY_ID))];

const ASSIGNMENTS: &[Field] = &[required("container_id_assignments", Kind::Ids)];

/// Returns a user.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    Ok(Reply::ok(show::full(world, call.options, &world.users[&id])))
}

/// Returns the user the API key belongs to.
pub(super) fn read_me(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let me = world.users.get(&call.caller.user_id).ok_or_else(Refusal::invalid_key)?;
    Ok(Reply::ok(show::full(world, call.options, me)))
}

/// Changes the profile. Removes `job_title` and `telephone` if they are omitted.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_management(call)?;
    let id = find(world, call)?;
    if world.users[&id].is_api_only {
        let email = check(UPDATE_SERVICE_USER, &call.body)?.required_text("email");
        return change(world, call, id, |user| user.email = email);
    }
    let body = check(UPDATE, &call.body)?;
    let username = body.required_text("username");
    check_username(world, call, &username, Some(id))?;
    let resets = call.options.omitted_saml_sso_only_resets;
    change(world, call, id, |user| {
        user.username = username;
        user.first_name = body.required_text("first_name");
        user.last_name = body.required_text("last_name");
        user.email = body.required_text("email");
        user.job_title = body.text("job_title");
        user.telephone = body.text("telephone");
        user.is_saml_sso_only =
            body.flag("is_saml_sso_only").unwrap_or(user.is_saml_sso_only && !resets);
    })
}

/// Changes the role of a user other than a service user.
pub(super) fn update_role(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    if world.users[&id].is_api_only {
        return Err(service_user("role"));
    }
    let role = access_role(world, world.users[&id].container_id, check(ROLE, &call.body)?)?;
    change(world, call, id, |user| user.access_role_id = role)
}

/// Replaces the containers the user is limited to. An empty list removes the limit.
pub(super) fn update_container_assignments(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    if world.users[&id].is_api_only && !call.options.service_user_containers_changeable {
        return Err(service_user("containers"));
    }
    let containers = assignments(world, call, check(ASSIGNMENTS, &call.body)?)?;
    change(world, call, id, |user| user.container_assignments = containers.unwrap_or_default())
}

/// Deletes a user other than the one the API key belongs to, and revokes the user's keys.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_management(call)?;
    let id = find(world, call)?;
    if id == call.caller.user_id {
        let message = "You cannot delete your own user.";
        return Err(Refusal::because("cannot_delete_self", message));
    }
    world.revoke_keys(id);
    world.users.remove(&id);
    Ok(Reply::no_content())
}

/// Returns whether a username is available, if the options enable this undocumented path.
pub(super) fn availability(world: &mut World, call: &Call<'_>) -> Outcome {
    if !call.options.username_availability {
        return Err(Refusal::route());
    }
    let username = call.parameter.unwrap_or_default();
    let free = check_username(world, call, username, None).is_ok();
    Ok(Reply::ok(json!({ "available": free })))
}

/// ID of a user of the caller's account.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.users.get(&id).filter(|it| call.sees(it.account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("user"))
}

fn change(world: &mut World, call: &Call<'_>, id: u64, change: impl FnOnce(&mut User)) -> Outcome {
    change(world.users.get_mut(&id).ok_or_else(|| call.missing("user"))?);
    Ok(Reply::no_content())
}

fn service_user(what: &str) -> Refusal {
    let message = format!("The {what} of a service user cannot be changed.");
    Refusal::because("service_user", message)
}

fn check_management(call: &Call<'_>) -> Result<(), Refusal> {
    match call.options.user_management {
        UserManagement::CertCentral => Ok(()),
        UserManagement::DigicertAccount => {
            let message = "Users of this account are managed in the DigiCert account.";
            Err(Refusal::forbidden("access_denied|digicert_account", message))
        }
    }
}

fn check_username(
    world: &World,
    call: &Call<'_>,
    username: &str,
    own: Option<u64>,
) -> Result<(), Refusal> {
    let everywhere = call.options.usernames_unique_everywhere;
    let taken = world.users.values().any(|it| {
        Some(it.id) != own
            && it.username.eq_ignore_ascii_case(username)
            && (everywhere || call.sees(it.account_id))
    });
    if !taken {
        return Ok(());
    }
    let message = format!("The username {username} already exists.");
    Err(Refusal::because("username_already_exists", message))
}

/// The role in a request, which the container must have. Every documented example has exactly one.
fn access_role(world: &World, container_id: u64, body: Checked<'_>) -> Result<u64, Refusal> {
    let ids: Vec<u64> = body.objects("access_roles").filter_map(|it| it.number("id")).collect();
    match ids[..] {
        [id] if world.container_has_role(container_id, id) => Ok(id),
        _ => Err(Refusal::invalid_field("access_roles", "must name one role of the container")),
    }
}

/// The containers a request limits a user to, each once.
fn assignments(
    world: &World,
    call: &Call<'_>,
    body: Checked<'_>,
) -> Result<Option<Vec<u64>>, Refusal> {
    let Some(mut ids) = body.ids("container_id_assignments") else { return Ok(None) };
    ids.iter().try_for_each(|id| containers::check(world, call, *id))?;
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}
