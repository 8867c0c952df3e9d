//! `POST /organization`.
//!
//! <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/create-organization.html>

use serde_json::json;

use super::validations::{SUBMITTED, add, submitted};
use crate::call::Call;
use crate::endpoints::containers;
use crate::reply::{Outcome, Problem, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, check, optional, required};
use crate::world::{Contact, Organization, World};

const CREATE: &[Field] = &[
    required("name", Kind::Text(64)),
    optional("assumed_name", Kind::Text(64)),
    required("address", Kind::Text(64)),
    optional("address2", Kind::Text(64)),
    required("city", Kind::Text(64)),
    required("state", Kind::Text(64)),
    required("zip", Kind::Text(40)),
    required("country", Kind::Country),
    required("telephone", Kind::Text(32)),
    optional("container", Kind::Object(&[required("id", Kind::Id)])),
    required("organization_contact", Kind::Object(CONTACT)),
    optional("validations", Kind::Objects(SUBMITTED)),
    optional("skip_duplicate_org_check", Kind::Flag),
];

const CONTACT: &[Field] = &[
    required("first_name", Kind::Text(128)),
    required("last_name", Kind::Text(128)),
    required("email", Kind::Email),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(32)),
    optional("telephone_extension", Kind::Text(16)),
];

/// Characters of both names together.
const NAMES_LIMIT: usize = 61;

/// Adds an organization with its contact. Validations that it submits are pending.
pub(in crate::endpoints) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let body = check(CREATE, &call.body)?;
    check_names(body)?;
    check_country(call, body)?;
    let container_id = containers::chosen(world, call, body)?;
    let submitted = submitted(world, call, body)?;
    if let Some(id) = duplicate(world, call, body) {
        if call.options.duplicate_organization_reused {
            return Ok(Reply::created(json!({ "id": id })));
        }
        let message = "An organization with this name already exists.";
        return Err(Refusal::because("duplicate_organization", message));
    }
    let id = world.next_id();
    let contact_id = world.next_id();
    let contact = body.object("organization_contact").map(|it| contact(it, contact_id));
    let organization = organization(id, call.caller.account_id, container_id, body);
    let organization = Organization { organization_contact: contact, ..organization };
    world.organizations.insert(id, organization);
    add(world, call, id, submitted)?;
    Ok(Reply::created(json!({ "id": id })))
}

/// A new organization without contacts and validations.
pub(in crate::endpoints) fn organization(
    id: u64,
    account_id: u64,
    container_id: u64,
    it: Checked<'_>,
) -> Organization {
    Organization {
        id,
        account_id,
        container_id,
        status: "active".into(),
        name: it.required_text("name"),
        assumed_name: it.text("assumed_name"),
        is_active: true,
        address: it.required_text("address"),
        address2: it.text("address2"),
        zip: it.required_text("zip"),
        city: it.required_text("city"),
        state: it.required_text("state"),
        country: it.required_text("country"),
        telephone: it.text("telephone"),
        organization_contact: None,
        technical_contact: None,
        validations: Vec::new(),
    }
}

fn contact(it: Checked<'_>, id: u64) -> Contact {
    Contact {
        id,
        first_name: it.required_text("first_name"),
        last_name: it.required_text("last_name"),
        email: it.required_text("email"),
        job_title: it.text("job_title"),
        telephone: it.text("telephone"),
        telephone_extension: it.text("telephone_extension"),
        language_id: None,
    }
}

fn check_names(body: Checked<'_>) -> Result<(), Refusal> {
    let Some(assumed) = body.text("assumed_name") else { return Ok(()) };
    let length = body.required_text("name").chars().count() + assumed.chars().count();
    if length <= NAMES_LIMIT {
        return Ok(());
    }
    let rule = format!("must have at most {NAMES_LIMIT} characters together with `name`");
    Err(Refusal::invalid(vec![Problem::invalid_field("assumed_name", &rule)]))
}

/// Every documented country is in lower case.
fn check_country(call: &Call<'_>, body: Checked<'_>) -> Result<(), Refusal> {
    let is_lower = body.required_text("country").chars().all(|it| it.is_ascii_lowercase());
    if is_lower || call.options.upper_case_country_accepted {
        return Ok(());
    }
    Err(Refusal::invalid_field("country", "must be in lower case"))
}

/// An organization of the account with the same name, unless the request skips the check.
fn duplicate(world: &World, call: &Call<'_>, body: Checked<'_>) -> Option<u64> {
    if body.flag("skip_duplicate_org_check") == Some(true) {
        return None;
    }
    let name = body.required_text("name");
    let mut mine = world.organizations.values().filter(|it| call.sees(it.account_id));
    mine.find(|it| it.name.eq_ignore_ascii_case(&name)).map(|it| it.id)
}
