//! Users in responses.

use serde_json::{Value, json};

use super::ROLES;
use crate::endpoints::containers;
use crate::options::{ContainerAssignments, Options};
use crate::world::{User, World};

/// The single read, <https://dev.digicert.com/services-api/users/user-info/>.
pub(super) fn full(world: &World, options: &Options, user: &User) -> Value {
    let more = json!({
        "is_cert_central": true,
        "is_enterprise": true,
        "is_saml_sso_only": user.is_saml_sso_only,
        "container_assignments": assignments(world, options, user),
        "container_visibility": [],
        "language_id": 1,
        "account_language_id": 1,
    });
    let mut shown = fields(world, user, true);
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}

/// A row of a list, which has fewer fields.
pub(super) fn row(world: &World, options: &Options, user: &User, with_container: bool) -> Value {
    let mut row = fields(world, user, with_container);
    if let Some(row) = row.as_object_mut().filter(|_| !options.user_list_has_optional_fields) {
        row.retain(|name, _| name != "job_title" && name != "telephone");
    }
    row
}

/// A row of the list of service users.
pub(super) fn service_row(world: &World, options: &Options, user: &User) -> Value {
    let mut row = row(world, options, user, true);
    if options.service_user_list_has_assignments {
        row["container_assignments"] = json!(assignments(world, options, user));
    }
    row
}

/// Fields of rows and single reads.
fn fields(world: &World, user: &User, with_container: bool) -> Value {
    let container = world.containers.get(&user.container_id).filter(|_| with_container);
    let role = ROLES.iter().find(|(id, _)| *id == user.access_role_id).map(|(_, name)| name);
    json!({
        "id": user.id,
        "username": user.username,
        "account_id": user.account_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "job_title": user.job_title,
        "telephone": user.telephone,
        "status": user.status,
        "container": container.map(containers::summary),
        "access_roles": [{ "id": user.access_role_id, "name": role }],
        "type": "standard",
        "has_container_assignments": !user.container_assignments.is_empty(),
    })
}

/// The containers the user is limited to; absent where there are none.
fn assignments(world: &World, options: &Options, user: &User) -> Option<Vec<Value>> {
    let ids = &user.container_assignments;
    let shown = match options.container_assignments {
        ContainerAssignments::Ids => ids.iter().map(|id| json!(id)).collect(),
        ContainerAssignments::Objects => {
            ids.iter().filter_map(|id| world.containers.get(id)).map(containers::summary).collect()
        }
    };
    (!ids.is_empty()).then_some(shown)
}
