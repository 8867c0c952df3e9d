//! Organizations: `/organization` and the paths below it.
//!
//! <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html>

mod contacts;
mod create;
mod validations;
mod verified;

pub(super) use contacts::update as update_contacts;
pub(super) use create::{create, organization};
pub(super) use validations::{read as read_validations, submit as submit_validations};

use serde_json::{Value, json};

use crate::call::Call;
use crate::options::{Options, TechnicalContact};
use crate::query::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::world::{Contact, Organization, World};

const SORTABLE: &[&str] = &["id", "name", "status", "city", "state", "country"];

/// Lists organizations, without contacts.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow_list(&[
        "include_validation",
        "container_id",
        "filters[search]",
        "filters[status]",
    ])?;
    let container = call.query.number("container_id")?;
    let with_validations = call.query.flag("include_validation")?;
    let found = world
        .organizations
        .values()
        .filter(|it| call.sees(it.account_id))
        .filter(|it| container.is_none_or(|id| it.container_id == id))
        .filter(|it| is_searched(call, it))
        .filter(|it| call.query.fits("filters[status]", &[&it.status]))
        .collect();
    let now = world.now();
    let row = |it| {
        let mut row = located(call.options, show(world, it));
        if with_validations {
            row["validations"] = validations::show(call.options, it, now).into();
        }
        row
    };
    page(call, "organizations", found, row, SORTABLE)
}

/// Whether `filters[search]` is the ID, or fits the name.
fn is_searched(call: &Call<'_>, it: &Organization) -> bool {
    call.query.fits("filters[search]", &[&it.name])
        || call.query.get("filters[search]") == Some(&it.id.to_string())
}

/// Returns an organization with the contacts that the options select.
pub(super) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let organization = &world.organizations[&id];
    let mut shown = located(call.options, show(world, organization));
    if let Value::Object(shown) = &mut shown {
        shown.extend(show_contacts(call.options, organization));
    }
    Ok(Reply::ok(shown))
}

/// Deletes an organization other than the first one of the account.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/delete-organization.html>
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    if world.first_organization(call.caller.account_id).is_some_and(|it| it.id == id) {
        let message = "The first organization of an account cannot be deleted.";
        return Err(Refusal::because("cannot_delete_first_organization", message));
    }
    world.organizations.remove(&id);
    for container in world.containers.values_mut() {
        container.organization_assignments.retain(|it| *it != id);
    }
    Ok(Reply::deleted(call.options))
}

/// ID of an organization of the caller's account.
fn find(world: &World, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call.id()?;
    let found = world.organizations.get(&id).filter(|it| call.sees(it.account_id));
    found.map(|it| it.id).ok_or_else(|| call.missing("organization"))
}

/// An organization with the location in the letters that the options select.
fn located(options: &Options, mut shown: Value) -> Value {
    for name in ["state", "country"].iter().filter(|_| options.lower_case_location) {
        shown[*name] = shown[*name].as_str().map(str::to_lowercase).into();
    }
    shown
}

/// An organization without contacts.
pub(super) fn show(world: &World, it: &Organization) -> Value {
    json!({
        "id": it.id,
        "status": it.status,
        "name": it.name,
        "assumed_name": it.assumed_name,
        "display_name": display_name(it),
        "is_active": it.is_active,
        "address": it.address,
        "address2": it.address2,
        "zip": it.zip,
        "city": it.city,
        "state": it.state,
        "country": it.country,
        "telephone": it.telephone,
        "container": show_container(world, it),
    })
}

/// The name of an organization and the one it does business under.
pub(super) fn display_name(it: &Organization) -> String {
    match &it.assumed_name {
        Some(assumed) => format!("{} ({assumed})", it.name),
        None => it.name.clone(),
    }
}

/// The container of an organization, with fewer fields than a user's.
pub(super) fn show_container(world: &World, organization: &Organization) -> Option<Value> {
    let it = world.containers.get(&organization.container_id)?;
    Some(json!({
        "id": it.id,
        "parent_id": it.parent_id,
        "name": it.name,
        "is_active": it.is_active,
    }))
}

fn show_contacts(options: &Options, it: &Organization) -> Vec<(String, Value)> {
    let show = |contact: &Option<Contact>, kind| {
        contact.as_ref().map(|contact| show_contact(options, contact, kind))
    };
    let mut shown = vec![
        ("organization_contact".to_owned(), json!(show(&it.organization_contact, None))),
        ("verified_contacts".to_owned(), verified::show(it).into()),
    ];
    match options.technical_contact {
        TechnicalContact::Hidden => {}
        TechnicalContact::Object => {
            shown.push(("technical_contact".to_owned(), json!(show(&it.technical_contact, None))));
        }
        TechnicalContact::List => {
            let contacts: Vec<Value> = [
                show(&it.organization_contact, Some("organization_contact")),
                show(&it.technical_contact, Some("technical_contact")),
            ]
            .into_iter()
            .flatten()
            .collect();
            shown.push(("contacts".to_owned(), contacts.into()));
        }
    }
    shown
}

fn show_contact(options: &Options, it: &Contact, contact_type: Option<&str>) -> Value {
    json!({
        "id": it.id,
        "contact_type": contact_type,
        "first_name": it.first_name,
        "last_name": it.last_name,
        "email": it.email,
        "job_title": it.job_title,
        "telephone": it.telephone,
        "telephone_extension": it.telephone_extension,
        "language_id": it.language_id.as_ref().filter(|_| options.language_id_readable),
    })
}
