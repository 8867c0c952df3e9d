//! Containers in responses.

use serde_json::{Value, json};

use crate::endpoints::organizations;
use crate::options::Options;
use crate::world::{Container, World};

/// The single read.
pub(super) fn full(world: &World, options: &Options, it: &Container) -> Value {
    let unlimited = options.empty_list_for_all_domains.then(Vec::new);
    let more = json!({
        "description": it.description,
        "user_id_assignments": user_ids(world, it),
        "allowed_domain_names": it.allowed_domain_names.clone().or(unlimited),
        "organization_assignments": organization_assignments(world, it),
    });
    let mut shown = summary(it);
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}

/// A row of the list of all containers.
pub(super) fn row(world: &World, options: &Options, it: &Container) -> Value {
    let details = ["description", "allowed_domain_names", "organization_assignments"];
    let removed = if options.container_list_has_details { &[][..] } else { &details };
    without(full(world, options, it), removed)
}

/// A row of the list of children. The documented rows have no `ekey`.
pub(super) fn child(world: &World, options: &Options, it: &Container) -> Value {
    without(full(world, options, it), &["ekey"])
}

/// A container in another object, such as a user.
pub(in crate::endpoints) fn summary(it: &Container) -> Value {
    json!({
        "id": it.id,
        "public_id": it.public_id,
        "name": it.name,
        "parent_id": it.parent_id,
        "template_id": it.template_id,
        "ekey": it.ekey,
        "has_logo": it.has_logo,
        "is_active": it.is_active,
    })
}

/// The users who are limited to a container, among others. IDs are strings here.
fn user_ids(world: &World, container: &Container) -> Vec<String> {
    let limited =
        world.users.values().filter(|it| it.container_assignments.contains(&container.id));
    limited.map(|it| it.id.to_string()).collect()
}

fn organization_assignments(world: &World, container: &Container) -> Vec<Value> {
    let ids = container.organization_assignments.iter();
    ids.filter_map(|id| world.organizations.get(id))
        .map(|it| {
            json!({
                "id": it.id,
                "status": it.status,
                "name": it.name,
                "display_name": organizations::display_name(it),
                "is_active": if it.is_active { "1" } else { "0" },
            })
        })
        .collect()
}

fn without(mut shown: Value, names: &[&str]) -> Value {
    if let Some(fields) = shown.as_object_mut() {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
    shown
}
