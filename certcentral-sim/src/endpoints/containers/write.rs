//! Writes of containers: create, update, deactivate and activate. There is no deletion.
//!
//! <https://dev.digicert.com/services-api/containers/create-container/>

use axum::http::StatusCode;
use serde_json::json;

use super::{child_templates, find};
use crate::call::Call;
use crate::options::{ContainerActivatePath, Options};
use crate::permissions::check_administrator;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{Container, World};

const CREATE: &[Field] = &[
    required("name", Kind::Text(UNLIMITED)),
    required("template_id", Kind::Id),
    optional("description", Kind::Text(UNLIMITED)),
];

/// Adds a container below another one.
pub(in crate::endpoints) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let parent_id = begin(world, call)?;
    let body = check(CREATE, &call.body)?;
    check_is_active(world, parent_id)?;
    let template_id = body.number("template_id").unwrap_or_default();
    if child_templates(world, parent_id).all(|it| it.id != template_id) {
        let rule = "must be a template that children of this container can have";
        return Err(Refusal::invalid_field("template_id", rule));
    }
    let name = body.required_text("name");
    check_name(world, call, parent_id, &name, None)?;
    let id = world.next_id();
    let container = Container {
        template_id,
        description: body.text("description"),
        ..Container::new(id, call.caller.account_id, parent_id, &name)
    };
    world.containers.insert(id, container);
    let with_ok = call.options.container_created_with_ok;
    let status = if with_ok { StatusCode::OK } else { StatusCode::CREATED };
    Ok(Reply { status, body: Some(json!({ "id": id })) })
}

/// Changes name, description and sign-in page.
pub(in crate::endpoints) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = begin(world, call)?;
    let body = check(&fields(call.options), &call.body)?;
    let name = body.required_text("name");
    check_name(world, call, world.containers[&id].parent_id, &name, Some(id))?;
    let clears = call.options.omitted_container_description_clears;
    change(world, call, id, |container| {
        container.name = name;
        match body.text("description") {
            Some(text) => container.description = Some(text).filter(|it| !it.is_empty()),
            None if clears => container.description = None,
            None => {}
        }
        if let Some(ekey) = body.text("ekey") {
            container.ekey = ekey;
        }
    })
}

/// Deactivates a container and all below it.
pub(in crate::endpoints) fn deactivate(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = begin(world, call)?;
    call.check_no_body()?;
    if world.containers[&id].parent_id == 0 {
        let message = "The root container cannot be deactivated.";
        return Err(Refusal::because("cannot_deactivate_root", message));
    }
    let mut affected = vec![id];
    while let Some(id) = affected.pop() {
        for container in world.containers.values_mut() {
            if container.id == id {
                container.is_active = false;
            } else if container.parent_id == id {
                affected.push(container.id);
            }
        }
    }
    Ok(Reply::no_content())
}

/// Activates a container, but none below it, at the path of the newer source.
pub(in crate::endpoints) fn activate(world: &mut World, call: &Call<'_>) -> Outcome {
    activate_at(world, call, ContainerActivatePath::Activate)
}

/// The same at the path of the older source.
pub(in crate::endpoints) fn active(world: &mut World, call: &Call<'_>) -> Outcome {
    activate_at(world, call, ContainerActivatePath::Active)
}

fn activate_at(world: &mut World, call: &Call<'_>, path: ContainerActivatePath) -> Outcome {
    if call.options.container_activate_path != path {
        return Err(Refusal::route());
    }
    let id = begin(world, call)?;
    call.check_no_body()?;
    match world.containers[&id].parent_id {
        0 => {}
        parent_id => check_is_active(world, parent_id)?,
    }
    change(world, call, id, |container| container.is_active = true)
}

/// The container in the path, if the caller may change it.
pub(super) fn begin(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    call.query.allow(&[])?;
    check_administrator(world, call)?;
    if !call.options.divisions_enabled {
        let message = "Divisions are not enabled for this account.";
        return Err(Refusal::missing_permission(message));
    }
    find(world, call)
}

pub(super) fn change(
    world: &mut World,
    call: &Call<'_>,
    id: u64,
    change: impl FnOnce(&mut Container),
) -> Outcome {
    change(world.containers.get_mut(&id).ok_or_else(|| call.missing("container"))?);
    Ok(Reply::no_content())
}

fn fields(options: &Options) -> [Field; 3] {
    let may_be_empty = options.empty_container_description_clears;
    let description = if may_be_empty { Kind::TextOrEmpty } else { Kind::Text(UNLIMITED) };
    [
        required("name", Kind::Text(UNLIMITED)),
        optional("description", description),
        optional("ekey", Kind::Text(UNLIMITED)),
    ]
}

fn check_is_active(world: &World, id: u64) -> Result<(), Refusal> {
    if world.containers.get(&id).is_some_and(|it| it.is_active) {
        return Ok(());
    }
    let message = "The container above is not active.";
    Err(Refusal::because("container_inactive", message))
}

/// If the options require it, names are unique below a container, also among inactive ones.
fn check_name(
    world: &World,
    call: &Call<'_>,
    parent_id: u64,
    name: &str,
    own: Option<u64>,
) -> Result<(), Refusal> {
    let is_taken = world.containers.values().any(|it| {
        it.account_id == call.caller.account_id
            && it.parent_id == parent_id
            && it.name.eq_ignore_ascii_case(name)
            && Some(it.id) != own
    });
    if !is_taken || !call.options.container_names_unique {
        return Ok(());
    }
    let message = format!("A container with the name {name} already exists.");
    Err(Refusal::because("container_name_exists", message))
}
