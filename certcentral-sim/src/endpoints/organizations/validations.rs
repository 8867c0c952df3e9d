//! `/organization/{id}/validation`.
//!
//! <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/validation-details.html>

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::find;
use crate::call::Call;
use crate::clock::iso_stamp;
use crate::options::Options;
use crate::reply::{Outcome, Reply};
use crate::world::{Organization, Validation, ValidationStatus, World};

/// Types with their names and descriptions.
const TYPES: [(&str, &str, &str); 6] = [
    ("ov", "OV", "Normal Organization Validation"),
    ("ev", "EV", "Extended Organization Validation (EV)"),
    ("cs", "CS", "Code Signing Organization Validation"),
    ("ev_cs", "EV CS", "Code Signing Organization Extended Validation (EV CS)"),
    ("ds", "DS", "Document Signing Organization Validation"),
    ("smime", "SMIME", "S/MIME Organization Validation"),
];

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
    let users: Vec<Value> = it
        .verified_users
        .iter()
        .map(|it| json!({ "id": it.id, "first_name": it.first_name, "last_name": it.last_name }))
        .collect();
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
