//! API keys: `/key`. A response that is not to their creation has no secret.
//!
//! <https://dev.digicert.com/services-api/api-keys/list-keys/>

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::iso_stamp;
use crate::options::Options;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::Checked;
use crate::world::{ApiKey, ApiKeyStatus, World};

/// Roles that a key can be restricted to; 0 means no restriction.
const ROLES: [u64; 5] = [0, 100, 101, 102, 103];

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
