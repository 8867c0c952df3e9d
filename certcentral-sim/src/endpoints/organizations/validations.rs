//! `/organization/{id}/validation`.
//!
//! <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/validation-details.html>

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{find, verified};
use crate::call::Call;
use crate::clock::iso_stamp;
use crate::options::Options;
use crate::reply::{Outcome, Problem, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, check, optional, required};
use crate::world::{Organization, Validation, ValidationStatus, VerifiedUser, World};

/// Types with their names and descriptions.
const TYPES: [(&str, &str, &str); 6] = [
    ("ov", "OV", "Normal Organization Validation"),
    ("ev", "EV", "Extended Organization Validation (EV)"),
    ("cs", "CS", "Code Signing Organization Validation"),
    ("ev_cs", "EV CS", "Code Signing Organization Extended Validation (EV CS)"),
    ("ds", "DS", "Document Signing Organization Validation"),
    ("smime", "SMIME", "S/MIME Organization Validation"),
];

const SUBMIT: &[Field] = &[required(VALIDATIONS, Kind::Objects(SUBMITTED))];

/// A validation in a request.
pub(super) const SUBMITTED: &[Field] = &[
    required("type", Kind::OneOf(&["ov", "ev", "cs", "ev_cs", "ds", "smime"])),
    optional("verified_users", Kind::Objects(verified::VERIFIED_USER)),
];

const VALIDATIONS: &str = "validations";

/// Types that need a person who may approve orders.
const APPROVED: [&str; 3] = ["ev", "cs", "ev_cs"];

/// Types of validations in a request, with the names of their verified users.
pub(super) type Submitted = Vec<(String, Vec<verified::Name>)>;

/// Submits an organization for validation.
///
/// <https://dev.digicert.com/pt-br/services-api/organizations/submit-validation/>
pub(in crate::endpoints) fn submit(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let id = find(world, call)?;
    let submitted = submitted(world, call, check(SUBMIT, &call.body)?)?;
    add(world, call, id, submitted)?;
    Ok(Reply::no_content())
}

/// The validations in a request, which may have none.
pub(super) fn submitted(
    world: &World,
    call: &Call<'_>,
    body: Checked<'_>,
) -> Result<Submitted, Refusal> {
    let mut submitted = Submitted::new();
    for it in body.objects(VALIDATIONS) {
        let kind = it.required_text("type");
        if submitted.iter().any(|(other, _)| *other == kind) {
            return Err(Refusal::invalid_field(VALIDATIONS, "must have each type at most once"));
        }
        let is_approved = call.options.verified_users_always_required || APPROVED.contains(&&*kind);
        if is_approved && it.value("verified_users").is_none() {
            let path = format!("{VALIDATIONS}[{}].verified_users", submitted.len());
            return Err(Refusal::invalid(vec![Problem::missing_field(&path)]));
        }
        let users = it.objects("verified_users").map(|it| verified::name(world, call, it));
        submitted.push((kind, users.collect::<Result<_, _>>()?));
    }
    Ok(submitted)
}

/// Makes validations of an organization pending.
pub(super) fn add(
    world: &mut World,
    call: &Call<'_>,
    id: u64,
    submitted: Submitted,
) -> Result<(), Refusal> {
    let now = world.now();
    for (kind, names) in submitted {
        let ids: Vec<u64> = names.iter().map(|_| world.next_id()).collect();
        let organization = world.organizations.get_mut(&id);
        let organization = organization.ok_or_else(|| call.missing("organization"))?;
        let users: Vec<VerifiedUser> = names
            .into_iter()
            .zip(ids)
            .map(|(name, id)| verified::of_name(organization, name, id))
            .collect();
        add_one(call.options, organization, Validation::pending(&kind, now), users);
    }
    Ok(())
}

/// A new validation replaces one of its type, unless that one is active and the options keep it.
fn add_one(
    options: &Options,
    organization: &mut Organization,
    pending: Validation,
    users: Vec<VerifiedUser>,
) {
    let now = pending.date_created;
    let kind = &pending.validation_type;
    let index = organization.validations.iter().position(|it| it.validation_type == *kind);
    let index = index.unwrap_or_else(|| {
        organization.validations.push(pending.clone());
        organization.validations.len() - 1
    });
    let validation = &mut organization.validations[index];
    let is_active = validation.status_at(now) == ValidationStatus::Active;
    if options.resubmitted_validation_is_pending || !is_active {
        let verified_users = std::mem::take(&mut validation.verified_users);
        *validation = Validation { verified_users, ..pending };
    }
    for user in users {
        if !validation.verified_users.contains(&user) {
            validation.verified_users.push(user);
        }
    }
}

/// Returns the validations of an organization.
pub(in crate::endpoints) fn read(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let organization = &world.organizations[&find(world, call)?];
    let shown = show(call.options, organization, world.now());
    Ok(Reply::ok(json!({ "validations": shown })))
}

/// The validations of an organization at the time `now`.
pub(super) fn show(options: &Options, organization: &Organization, now: DateTime) -> Vec<Value> {
    organization.validations.iter().map(|it| show_one(options, it, now)).collect()
}

fn show_one(options: &Options, it: &Validation, now: DateTime) -> Value {
    let status = it.status_at(now);
    let described = TYPES.iter().find(|(name, _, _)| *name == it.validation_type);
    let is_dated = status != ValidationStatus::Pending || options.pending_validation_has_date;
    let users: Vec<Value> = it.verified_users.iter().map(verified::show_one).collect();
    json!({
        "type": it.validation_type,
        "name": described.map(|(_, name, _)| name),
        "description": described.map(|(_, _, description)| description),
        "date_created": is_dated.then(|| iso_stamp(it.date_created)),
        "validated_until": it.validated_until.map(iso_stamp),
        "status": status,
        "verified_users": users,
    })
}
