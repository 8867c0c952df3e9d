//! Lists of users.

use super::show;
use crate::call::Call;
use crate::query::page;
use crate::reply::Outcome;
use crate::world::{User, World};

/// Sortable properties, which are undocumented: the scalar ones of a row.
const SORTABLE: &[&str] = &["id", "username", "first_name", "last_name", "email", "status"];

/// Lists people, and service users if the options enable it.
pub(in crate::endpoints) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow_list(&[
        "container_id",
        "access_role_id",
        "without_container",
        "filters[search]",
        "filters[status]",
    ])?;
    let container = call.query.number("container_id")?;
    let role = call.query.number("access_role_id")?;
    let services = call.options.user_list_has_service_users;
    rows(world, call, |it| {
        (services || !it.is_api_only)
            && container.is_none_or(|id| it.container_id == id)
            && role.is_none_or(|id| it.access_role_id == id)
    })
}

/// Lists service users.
pub(in crate::endpoints) fn list_service_users(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow_list(&["filters[search]", "filters[status]"])?;
    rows(world, call, |it| it.is_api_only)
}

fn rows(world: &World, call: &Call<'_>, wanted: impl Fn(&User) -> bool) -> Outcome {
    let with_container = !matches!(call.query.get("without_container"), Some("true" | "1"));
    let found = world.users.values();
    let found = found.filter(|it| call.sees(it.account_id) && wanted(it) && fits(call, it));
    let row = |it| show::row(world, call.options, it, with_container);
    page(call, "users", found.collect(), row, SORTABLE)
}

fn fits(call: &Call<'_>, it: &User) -> bool {
    let searched = [&*it.username, &*it.first_name, &*it.last_name, &*it.email];
    call.query.fits("filters[search]", &searched)
        && call.query.fits("filters[status]", &[&it.status])
}
