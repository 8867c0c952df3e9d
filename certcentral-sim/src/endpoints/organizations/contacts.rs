//! `PUT /organization/{id}/contact`.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/organizations/update-organization-and-technical-contact.html>

use super::find;
use crate::call::Call;
use crate::reply::{Outcome, Problem, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{Contact, Organization, World};

const UPDATE: &[Field] = &[required("contacts", Kind::Objects(CONTACT))];

/// Required fields are checked below, since a technical contact that is to be removed has none.
const CONTACT: &[Field] = &[
    required("contact_type", Kind::OneOf(&["organization_contact", TECHNICAL])),
    optional("first_name", Kind::Text(128)),
    optional("last_name", Kind::Text(128)),
    optional("email", Kind::Email),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(32)),
    optional("telephone_extension", Kind::Text(16)),
    optional("language_id", Kind::Text(UNLIMITED)),
];

const NEEDED: [&str; 3] = ["first_name", "last_name", "email"];

const TECHNICAL: &str = "technical_contact";

/// Changes, replaces or removes contacts. A type that is not in the request is unchanged.
pub(in crate::endpoints) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let contacts: Vec<Checked<'_>> = check(UPDATE, &call.body)?.objects("contacts").collect();
    check_types(&contacts)?;
    check_needed(&contacts)?;
    for contact in contacts {
        let fresh_id = world.next_id();
        let Some(organization) = world.organizations.get_mut(&id) else {
            return Err(call.missing("organization"));
        };
        apply(organization, contact, fresh_id);
    }
    Ok(Reply::no_content())
}

fn check_types(contacts: &[Checked<'_>]) -> Result<(), Refusal> {
    let types: Vec<String> = contacts.iter().map(|it| it.required_text("contact_type")).collect();
    if types.iter().enumerate().all(|(index, it)| !types[..index].contains(it)) {
        return Ok(());
    }
    let message = "A duplicate contact type was submitted. Make sure your request includes no \
                   more than one of each contact type and try again.";
    Err(Refusal::because("contact_type_duplicate", message))
}

fn check_needed(contacts: &[Checked<'_>]) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for (index, contact) in contacts.iter().enumerate().filter(|(_, it)| !removes(**it)) {
        for name in NEEDED.iter().filter(|name| contact.value(name).is_none()) {
            problems.push(Problem::missing_field(&format!("contacts[{index}].{name}")));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::invalid(problems)) }
}

/// A technical contact with nothing but its type is to be removed.
fn removes(contact: Checked<'_>) -> bool {
    contact.len() == 1 && contact.required_text("contact_type") == TECHNICAL
}

fn apply(organization: &mut Organization, sent: Checked<'_>, fresh_id: u64) {
    let slot = if sent.required_text("contact_type") == TECHNICAL {
        &mut organization.technical_contact
    } else {
        &mut organization.organization_contact
    };
    if removes(sent) {
        *slot = None;
        return;
    }
    let mut contact = Contact {
        id: fresh_id,
        first_name: sent.required_text("first_name"),
        last_name: sent.required_text("last_name"),
        email: sent.required_text("email"),
        job_title: sent.text("job_title"),
        telephone: sent.text("telephone"),
        telephone_extension: sent.text("telephone_extension"),
        language_id: sent.text("language_id"),
    };
    if let Some(current) = slot.as_ref().filter(|it| is_same_person(it, &contact)) {
        contact.id = current.id;
    }
    *slot = Some(contact);
}

/// The same name and address change a contact in place; others create a new one.
fn is_same_person(left: &Contact, right: &Contact) -> bool {
    left.first_name == right.first_name
        && left.last_name == right.last_name
        && left.email == right.email
}
