//! Lists of users.

use serde_json::Value;

use super::show;
use crate::call::Call;
use crate::options::ServiceUsersPath;
use crate::query::page;
use crate::reply::{Outcome, Refusal};
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
    let with_container = !call.query.flag("without_container")?;
    let services = call.options.user_list_has_service_users;
    let wanted = |it: &User| {
        (services || !it.is_api_only)
            && container.is_none_or(|id| it.container_id == id)
            && role.is_none_or(|id| it.access_role_id == id)
            && (!call.options.user_list_status_filter || has_status(call, it))
    };
    rows(world, call, wanted, |it| show::row(world, call.options, it, with_container))
}

/// Lists service users at the path of one generation of the documentation.
pub(in crate::endpoints) fn list_api_only(world: &mut World, call: &Call<'_>) -> Outcome {
    list_service_users(world, call, ServiceUsersPath::ApiOnly)
}

/// Lists service users at the path of the other generation.
pub(in crate::endpoints) fn list_service_user(world: &mut World, call: &Call<'_>) -> Outcome {
    list_service_users(world, call, ServiceUsersPath::ServiceUser)
}

fn list_service_users(world: &World, call: &Call<'_>, path: ServiceUsersPath) -> Outcome {
    if call.options.service_users_path != path {
        return Err(Refusal::route());
    }
    call.query.allow_list(&["filters[search]", "filters[status]"])?;
    let wanted = |it: &User| it.is_api_only && has_status(call, it);
    rows(world, call, wanted, |it| show::service_row(world, call.options, it))
}

fn rows(
    world: &World,
    call: &Call<'_>,
    wanted: impl Fn(&User) -> bool,
    show: impl Fn(&User) -> Value,
) -> Outcome {
    let found = world.users.values();
    let found = found.filter(|it| call.sees(it.account_id) && wanted(it) && is_searched(call, it));
    page(call, "users", found.collect(), show, SORTABLE)
}

fn is_searched(call: &Call<'_>, it: &User) -> bool {
    let searched = [&*it.username, &*it.first_name, &*it.last_name, &*it.email];
    call.query.fits("filters[search]", &searched)
}

fn has_status(call: &Call<'_>, it: &User) -> bool {
    call.query.fits("filters[status]", &[&it.status])
}
