//! API keys: `/key`. A response that is not to their creation has no secret.
//!
//! <https://dev.digicert.com/services-api/api-keys/list-keys/>

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::iso_stamp;
use crate::options::Options;
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{ApiKey, ApiKeyStatus, World};

/// Roles that a key can be restricted to; 0 means no restriction.
const ROLES: [u64; 5] = [0, 100, 101, 102, 103];

const WRITE: &[Field] =
    &[required("name", Kind::Text(UNLIMITED)), optional("restricted_to_role_id", Kind::Id)];

const STATUS: &[Field] = &[required("status", Kind::OneOf(&["active", REVOKED]))];

const REVOKED: &str = "revoked";

/// Creates a key of a user. Only this response has its secret.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let user_id = call.id()?;
    if !world.users.get(&user_id).is_some_and(|it| call.sees(it.account_id)) {
        return Err(call.missing("user"));
    }
    let body = check(WRITE, &call.body)?;
    let restriction = restriction(body)?.flatten();
    let name = body.required_text("name");
    let (id, secret) = if call.options.key_created_without_secret {
        (world.add_key(user_id, &name).0, None)
    } else {
        let (id, secret) = world.issue_key(user_id, &name);
        (id, Some(secret))
    };
    let key = world.api_keys.get_mut(&id).ok_or_else(|| call.missing("key"))?;
    key.restricted_to_role_id = restriction;
    Ok(Reply::created(json!({ "id": id, "api_key": secret })))
}

/// Lists all keys of the account, or those of a user.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&["user_id"])?;
    let user_id = call.query.number("user_id")?.filter(|_| call.options.key_list_user_filter);
    let shown: Vec<Value> = world
        .api_keys
        .values()
        .filter(|it| call.sees(it.account_id) && user_id.is_none_or(|id| it.user_id == id))
        .filter(|it| call.options.key_list_has_revoked || it.status == ApiKeyStatus::Active)
        .map(|it| show(world, call.options, it))
        .collect();
    Ok(Reply::ok(json!({ "api_keys": shown })))
}

/// Returns a key, also a revoked one.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    Ok(Reply::ok(show(world, call.options, &world.api_keys[&id])))
}

/// Changes name and restriction of a key.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let id = find(world, call)?;
    let body = check(WRITE, &call.body)?;
    let omitted = call.options.omitted_key_restriction_resets.then_some(None);
    let restriction = restriction(body)?.or(omitted);
    change(world, call, id, |key| {
        key.name = body.required_text("name");
        key.restricted_to_role_id = restriction.unwrap_or(key.restricted_to_role_id);
    })
}

/// Revokes a key, even the one that is used, or activates it again.
pub(super) fn update_status(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    let id = find(world, call)?;
    if check(STATUS, &call.body)?.required_text("status") == REVOKED {
        return change(world, call, id, |key| key.status = ApiKeyStatus::Revoked);
    }
    let is_revoked = world.api_keys[&id].status == ApiKeyStatus::Revoked;
    if is_revoked && !call.options.revoked_key_can_be_activated {
        let message = "A revoked key cannot be activated.";
        return Err(Refusal::because("key_revoked", message));
    }
    change(world, call, id, |key| key.status = ApiKeyStatus::Active)
}

/// The role that a request restricts a key to: `None` if it has no such field, and then `None` if the role
/// is 0.
pub(super) fn restriction(body: Checked<'_>) -> Result<Option<Option<u64>>, Refusal> {
    match body.number("restricted_to_role_id") {
        Some(role) if !ROLES.contains(&role) => {
            let rule = "must be one of 0, 100, 101, 102, 103";
            Err(Refusal::invalid_field("restricted_to_role_id", rule))
        }
        role => Ok(role.map(|role| (role != 0).then_some(role))),
    }
}

/// ID of a key of the caller's account.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.api_keys.get(&id).filter(|it| call.sees(it.account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("key"))
}

fn change(
    world: &mut World,
    call: &Call<'_>,
    id: u64,
    change: impl FnOnce(&mut ApiKey),
) -> Outcome {
    change(world.api_keys.get_mut(&id).ok_or_else(|| call.missing("key"))?);
    Ok(Reply::no_content())
}

fn show(world: &World, options: &Options, it: &ApiKey) -> Value {
    let user = world.users.get(&it.user_id);
    let unrestricted = options.unrestricted_key_has_role.then_some(0);
    json!({
        "id": it.id,
        "user": {
            "id": it.user_id,
            "first_name": user.map(|it| &it.first_name),
            "last_name": user.map(|it| &it.last_name),
        },
        "status": it.status,
        "create_date": iso_stamp(it.create_date),
        "last_used_date": it.last_used_date.map(iso_stamp),
        "name": it.name,
        "is_legacy": it.is_legacy,
        "restricted_to_role_id": it.restricted_to_role_id.or(unrestricted),
    })
}
