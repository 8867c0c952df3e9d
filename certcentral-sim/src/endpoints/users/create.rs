//! `POST /user`, for people and for services.

use serde_json::{Value, json};

use super::{ONLY_ID, access_role, assignments, check_management, check_username};
use crate::call::Call;
use crate::endpoints::{containers, keys};
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{MailKind, User, World};

const PERSON: &[Field] = &[
    required("username", Kind::Username),
    required("first_name", Kind::Text(128)),
    required("last_name", Kind::Text(128)),
    required("email", Kind::Email),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(64)),
    required("access_roles", Kind::Objects(ONLY_ID)),
    optional("container", Kind::Object(ONLY_ID)),
    optional("container_id_assignments", Kind::Ids),
    optional("is_saml_sso_only", Kind::Flag),
];

/// <https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html>
const SERVICE: &[Field] = &[
    required("is_api_only", Kind::Flag),
    required("email", Kind::Email),
    required("api_name", Kind::Text(UNLIMITED)),
    optional("restricted_to_role_id", Kind::Id),
    optional("container_id_assignments", Kind::Ids),
];

/// Adds a person, who receives an e-mail, or a service user, who receives a key.
pub(in crate::endpoints) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    check_management(call)?;
    if call.body.get("is_api_only") == Some(&Value::Bool(true)) {
        create_service_user(world, call)
    } else {
        create_person(world, call)
    }
}

fn create_person(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = check(PERSON, &call.body)?;
    let username = body.required_text("username");
    check_username(world, call, &username, None)?;
    let container_id = containers::chosen(world, call, body)?;
    let access_role_id = access_role(world, container_id, body)?;
    let container_assignments = limits(world, call, body)?;
    let email = body.required_text("email");
    world.mail(&email, MailKind::UserCreated);
    let id = world.next_id();
    let user = User {
        id,
        account_id: call.caller.account_id,
        username,
        first_name: body.required_text("first_name"),
        last_name: body.required_text("last_name"),
        email,
        job_title: body.text("job_title"),
        telephone: body.text("telephone"),
        status: "active".into(),
        container_id,
        access_role_id,
        container_assignments,
        is_saml_sso_only: body.flag("is_saml_sso_only").unwrap_or(false),
        is_api_only: false,
        disable_renewal_notifications: false,
    };
    world.users.insert(id, user);
    Ok(Reply::created(json!({ "id": id })))
}

fn create_service_user(world: &mut World, call: &Call<'_>) -> Outcome {
    check_administrator(world, call)?;
    let body = check(SERVICE, &call.body)?;
    let restriction = keys::restriction(body)?.flatten();
    let container_id = containers::own(world, call)?;
    let inherited =
        world.users.get(&call.caller.user_id).map(|it| it.container_assignments.clone());
    let container_assignments = assignments(world, call, body)?.or(inherited).unwrap_or_default();
    let id = world.next_id();
    let user = User {
        id,
        account_id: call.caller.account_id,
        username: format!("{id:032x}"),
        first_name: "Service".into(),
        last_name: "User".into(),
        email: body.required_text("email"),
        job_title: None,
        telephone: None,
        status: "active".into(),
        container_id,
        access_role_id: 1,
        container_assignments,
        is_saml_sso_only: false,
        is_api_only: true,
        disable_renewal_notifications: false,
    };
    world.users.insert(id, user);
    let (key_id, api_key) = world.issue_key(id, &body.required_text("api_name"));
    if let Some(key) = world.api_keys.get_mut(&key_id) {
        key.restricted_to_role_id = restriction;
    }
    Ok(Reply::created(json!({ "id": id, "api_key": api_key })))
}

/// The containers a new person is limited to.
fn limits(world: &World, call: &Call<'_>, body: Checked<'_>) -> Result<Vec<u64>, Refusal> {
    let sent = assignments(world, call, body)?.unwrap_or_default();
    let me = world.users.get(&call.caller.user_id);
    Ok(match me {
        Some(me) if sent.is_empty() && call.options.new_users_inherit_limits => {
            me.container_assignments.clone()
        }
        _ => sent,
    })
}
