//! Containers: `/container` and the paths below it.
//!
//! <https://dev.digicert.com/services-api/containers/list-containers/>

mod assignments;
mod show;
mod write;

pub(super) use assignments::{update_domains, update_organizations, update_users};
pub(super) use show::summary;
pub(super) use write::{activate, active, create, deactivate, update};

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::iso_stamp;
use crate::endpoints::users::ROLES;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::Checked;
use crate::world::{Container, ContainerTemplate, World};

/// Lists all containers of the account. The list has no parameters and no pages.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let with_inactive = call.options.container_list_has_inactive;
    let wanted = |it: &Container| call.sees(it.account_id) && (with_inactive || it.is_active);
    Ok(rows(world, wanted, |it| show::row(world, call.options, it)))
}

/// Returns a container, also an inactive one.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    Ok(Reply::ok(show::full(world, call.options, &world.containers[&id])))
}

/// Lists the containers directly below a container.
pub(super) fn children(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    Ok(rows(world, |it| it.parent_id == id, |it| show::child(world, call.options, it)))
}

/// Lists the roles that users of a container can have.
pub(super) fn roles(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let roles: Vec<Value> = ROLES
        .iter()
        .filter(|(role, _)| world.container_has_role(id, *role))
        .map(|(id, name)| json!({ "id": id, "name": name }))
        .collect();
    Ok(Reply::ok(json!({ "access_roles": roles })))
}

/// Lists the templates that children of a container can have.
pub(super) fn templates(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let shown: Vec<Value> = child_templates(world, id)
        .map(|it| {
            let date_created = iso_stamp(it.date_created);
            json!({ "id": it.id, "name": it.name, "date_created": date_created })
        })
        .collect();
    Ok(Reply::ok(json!({ "container_templates": shown })))
}

/// ID of a container of the caller's account.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.containers.get(&id).filter(|it| call.sees(it.account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("container"))
}

/// The container that a request names in `container`, or that of the caller.
pub(super) fn chosen(world: &World, call: &Call<'_>, body: Checked<'_>) -> Result<u64, Refusal> {
    match body.object("container").and_then(|it| it.number("id")) {
        Some(id) => check(world, call, id).map(|()| id),
        None => own(world, call),
    }
}

/// Default container: that of the user the API key belongs to.
pub(super) fn own(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let me = world.users.get(&call.caller.user_id).ok_or_else(Refusal::invalid_key)?;
    Ok(me.container_id)
}

/// Refuses a request that names a container of another account, or none.
pub(super) fn check(world: &World, call: &Call<'_>, id: u64) -> Result<(), Refusal> {
    if world.containers.get(&id).is_some_and(|it| call.sees(it.account_id)) {
        return Ok(());
    }
    Err(Refusal::invalid_field("container", "must be a container of this account"))
}

fn rows(
    world: &World,
    wanted: impl Fn(&Container) -> bool,
    show: impl Fn(&Container) -> Value,
) -> Reply {
    let found = world.containers.values().filter(|it| wanted(it));
    Reply::ok(json!({ "containers": found.map(show).collect::<Vec<_>>() }))
}

fn child_templates(world: &World, id: u64) -> impl Iterator<Item = &ContainerTemplate> {
    let template = world.container_templates.get(&world.containers[&id].template_id);
    let ids = template.map_or(&[][..], |it| &it.child_template_ids);
    ids.iter().filter_map(|id| world.container_templates.get(id))
}
