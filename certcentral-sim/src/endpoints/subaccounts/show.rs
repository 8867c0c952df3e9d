//! Subaccounts in responses.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::endpoints::organizations;
use crate::options::Options;
use crate::world::{Organization, Subaccount, World};

/// Columns of the list, all of which can be sorted by.
pub(super) const COLUMNS: &[&str] =
    &["account_id", "account_type", "organization_name", "date_created", "account_manager"];

/// A row of the list.
pub(super) fn row(world: &World, options: &Options, subaccount: &Subaccount) -> Value {
    let organization = world.organizations.get(&subaccount.organization_id);
    json!({
        "account_id": subaccount.id,
        "account_type": subaccount.account_type,
        "organization_name": organization.map(|it| &it.name),
        "date_created": stamp(subaccount.date_created),
        "account_manager": manager(world, subaccount),
        "child_name":
            subaccount.child_name.as_ref().filter(|_| options.subaccount_list_has_child_name),
    })
}

/// The response to its creation, without `allowed_grandchildren` and `enforce_bill_parent`.
pub(super) fn created(world: &World, subaccount: &Subaccount, api_key: Option<String>) -> Value {
    let user = world.users.get(&subaccount.user_id);
    let organization = world.organizations.get(&subaccount.organization_id);
    json!({
        "id": subaccount.id,
        "account_type": subaccount.account_type,
        "account_manager_user_id": subaccount.account_manager_user_id,
        "bill_parent": subaccount.bill_parent,
        "child_name": subaccount.child_name,
        "max_allowed_multi_year_plan_length": subaccount.max_allowed_multi_year_plan_length,
        "allow_parent_order_renewal": subaccount.allow_parent_order_renewal,
        "enable_ica_selection": subaccount.enable_ica_selection,
        "organization": organization.map(|it| organizations::show(world, it)),
        "user": user.map(|it| json!({
            "id": it.id,
            "username": it.username,
            "account_id": it.account_id,
            "first_name": it.first_name,
            "last_name": it.last_name,
            "email": it.email,
            "job_title": it.job_title,
            "telephone": it.telephone,
            "type": "standard",
        })),
        "api_key": api_key,
    })
}

/// The response to a single read, without ID and username of the first user and without the
/// organization's `assumed_name`, `address2` and `display_name`.
pub(super) fn info(world: &World, options: &Options, subaccount: &Subaccount) -> Value {
    let readable = options.subaccount_readable;
    let user = world.users.get(&subaccount.user_id);
    let organization = world.organizations.get(&subaccount.organization_id);
    let parent = &world.account;
    let billed = if subaccount.bill_parent { parent.id } else { subaccount.id };
    let billed_name = match organization {
        Some(own) if !subaccount.bill_parent => &own.name,
        _ => &parent.name,
    };
    json!({
        "account_id": subaccount.id,
        "account_type": subaccount.account_type,
        "organization_name": organization.map(|it| &it.name),
        "child_name": subaccount.child_name,
        "date_created": stamp(subaccount.date_created),
        "parent_account_id": subaccount.parent_account_id.to_string(),
        "billing_account_name": billed_name,
        "billing_account_id": billed,
        "account_manager": manager(world, subaccount),
        "bill_parent": subaccount.bill_parent,
        "enforce_bill_parent": subaccount.enforce_bill_parent.then_some(true),
        "max_allowed_multi_year_plan_length": readable
            .max_allowed_multi_year_plan_length
            .then_some(subaccount.max_allowed_multi_year_plan_length),
        "allow_parent_order_renewal": readable
            .allow_parent_order_renewal
            .then_some(subaccount.allow_parent_order_renewal),
        "enable_ica_selection":
            readable.enable_ica_selection.then_some(subaccount.enable_ica_selection),
        "allowed_grandchildren":
            readable.allowed_grandchildren.then_some(&subaccount.allowed_grandchildren),
        "master_user": user.map(|it| json!({
            "first_name": it.first_name,
            "last_name": it.last_name,
            "email": it.email,
            "job_title": it.job_title,
            "telephone": it.telephone,
            "i18n_language_id": "1",
            "container_id": it.container_id.to_string(),
        })),
        "organization": organization.map(|it| read_organization(world, options, it)),
    })
}

fn read_organization(world: &World, options: &Options, it: &Organization) -> Value {
    let place = |text: &String| {
        if options.lower_case_location { text.to_lowercase() } else { text.clone() }
    };
    json!({
        "id": it.id,
        "status": it.status,
        "name": it.name,
        "address": it.address,
        "zip": it.zip,
        "city": it.city,
        "state": place(&it.state),
        "country": place(&it.country),
        "telephone": it.telephone,
        "is_active": it.is_active,
        "container": organizations::show_container(world, it),
    })
}

/// A person's name, not an id.
fn manager(world: &World, subaccount: &Subaccount) -> Option<String> {
    let user = world.users.get(&subaccount.account_manager_user_id?)?;
    Some(format!("{} {}", user.first_name, user.last_name))
}
