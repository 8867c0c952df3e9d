//! Messages of `digicert_organization`.

use std::collections::BTreeSet;

use super::Organization;
use crate::certcentral::{Error, Id};
use crate::kind::Failure;
use crate::resources::import::{DIGITS, nothing_found};
use crate::schema::{Diagnostic, Path};

pub(super) fn not_read_yet(id: Id, reason: &str) -> Diagnostic {
    let detail = format!(
        "Organization {id} was created, but {reason}. The next refresh completes the state."
    );
    Diagnostic::warning("Organization not read yet", detail)
}

pub(super) fn validations_not_read(id: Id, done: &str, error: &Error) -> Diagnostic {
    let what = match done {
        "created" => format!("Organization {id} was created"),
        _ => format!("Organization {id} was submitted for validation"),
    };
    let detail = format!(
        "{what}, but reading its validations failed: {error}. The next refresh reads them."
    );
    Diagnostic::warning("Validations not read yet", detail)
}

/// A rejected request for validations.
pub(super) fn not_submitted(error: Error, types: &BTreeSet<&str>) -> Failure {
    let advice = format!(
        "The organization was to be submitted for validation of {}. If the error is about verified users, set \
         `verified_user_ids` to users with a job title and a telephone number.",
        list(types)
    );
    Failure::advised(error, advice)
}

pub(super) fn maybe_submitted(
    id: Id,
    types: &BTreeSet<&str>,
    error: &Error,
    unread: Option<&Error>,
) -> Diagnostic {
    let looked = match unread {
        Some(error) => format!("reading the validations afterwards failed, too: {error}"),
        None => "they are not listed afterwards".to_owned(),
    };
    let detail = format!(
        "A request to submit organization {id} for validation of {} was sent, but no usable response was received: \
         {error}. The request was not repeated, and {looked}. Apply again: a validation that is pending by then is \
         not submitted again.",
        list(types)
    );
    Diagnostic::error("Validations may have been submitted", detail)
        .at(Path::of("validation_types"))
}

pub(super) fn not_listed_yet(id: Id, types: &BTreeSet<&str>) -> Diagnostic {
    let detail = format!(
        "Organization {id} was submitted for validation of {}, but CertCentral does not list all of them yet. The \
         plan after the next refresh submits those that are still missing.",
        list(types)
    );
    Diagnostic::warning("Validations not listed yet", detail).at(Path::of("validation_types"))
}

/// Types were removed from the configuration.
pub(super) fn validations_stay(types: &BTreeSet<String>) -> Diagnostic {
    let types: BTreeSet<_> = types.iter().map(String::as_str).collect();
    let detail = format!(
        "CertCentral cannot remove validations. Those of {} stay as they are, and only stop being managed.",
        list(&types)
    );
    Diagnostic::warning("Validations stay", detail).at(Path::of("validation_types"))
}

pub(super) fn users_not_sent() -> Diagnostic {
    let detail = "Verified users are sent only with validations, and this plan submits none, so the change is only \
                  saved to the state. CertCentral cannot remove verified users.";
    Diagnostic::warning("Verified users not sent", detail).at(Path::of("verified_user_ids"))
}

pub(super) fn unverified(types: &[&str]) -> Diagnostic {
    let detail = format!(
        "`verified_user_ids` is required for the validation types {}. Set it to the IDs of users who may approve \
         orders; they need a job title and a telephone number.",
        list(&types.iter().copied().collect())
    );
    Diagnostic::error("Missing verified users", detail).at(Path::of("validation_types"))
}

pub(super) fn long_names(length: usize, most: usize) -> Diagnostic {
    let detail = format!(
        "`name` and `assumed_name` must have at most {most} characters together, but have {length}."
    );
    Diagnostic::error("Invalid argument value", detail).at(Path::of("assumed_name"))
}

pub(super) fn missing_contact() -> Diagnostic {
    let detail = "`organization_contact` is required to create an organization. Add the block; later changes of the \
                  contact are made by digicert_organization_contacts.";
    Diagnostic::error("Missing organization contact", detail).at(Path::of("organization_contact"))
}

/// What a destroy does.
pub(super) fn deleted(organization: &Organization) -> Diagnostic {
    let id = organization.id.map_or_else(|| "of unknown ID".to_owned(), |id| id.to_string());
    let detail = format!(
        "Organization {id} ({:?}) is permanently deleted with its domains and validations. Issued certificates stay \
         valid, but may not be reissued.",
        organization.name
    );
    Diagnostic::warning("Organization is deleted with its domains", detail)
}

/// Advice if a request to delete an organization is rejected.
pub(super) const NOT_DELETED: &str = "CertCentral does not delete the first organization of an account, and may not \
    delete an organization that is used by orders. To stop managing it, remove it from the state with `terraform \
    state rm` or a `removed` block with `destroy = false`.";

pub(super) fn none_to_import(text: &str) -> Diagnostic {
    nothing_found("organization", "ID or name", text, DIGITS)
}

pub(super) fn without_id(name: &str) -> Diagnostic {
    let detail = format!(
        "Organization {name:?} has no ID in the state. Remove it from the state with `terraform state rm` and import \
         it by its name."
    );
    Diagnostic::error("Organization without ID", detail)
}

/// `"ev", "ov"`
fn list(types: &BTreeSet<&str>) -> String {
    types.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(", ")
}
