//! Messages of `digicert_service_user`.

use crate::certcentral::{Error, Id, printable, text_of};
use crate::kind::{ID_HINT, import_block};
use crate::resources::import::{DIGITS, nothing_found};
use crate::schema::{Diagnostic, Json, Path};

use super::ServiceUser;

/// The service user of a request.
pub(super) fn description(body: &Json) -> String {
    let text = |name: &str| printable(text_of(body, name));
    format!(
        "a service user with the e-mail address {} and the key {:?}",
        text("email"),
        text("api_name")
    )
}

/// "service user 5001 (0a1b…) and service user 5002 (…)".
fn list(found: &[(Id, String)]) -> String {
    let each = found.iter().map(|(id, name)| format!("service user {id} ({})", printable(name)));
    each.collect::<Vec<_>>().join(" and ")
}

pub(super) fn candidates(email: &str, found: &Result<Vec<(Id, String)>, Error>) -> String {
    match found.as_deref() {
        Ok([]) => format!(
            "The list of service users has none with the e-mail address {email}. Check again in a few minutes. If \
             it is still missing, it was not created; apply again."
        ),
        Ok(found @ [(first, _), ..]) => format!(
            "The list of service users has, with this e-mail address: {}. If this is the service user, import \
             it:\n\n{}\n\nIts api_key is lost in that case: delete the service user and apply again, or add a \
             digicert_api_key resource for it.",
            list(found),
            import_block("digicert_service_user", &first.to_string())
        ),
        Err(error) => format!(
            "Searching the list of service users for it failed: {error}. Look for it in CertCentral before you apply again."
        ),
    }
}

pub(super) fn none_to_import(text: &str) -> Diagnostic {
    nothing_found("service user", "ID or e-mail address", text, DIGITS)
}

pub(super) fn several_to_import(email: &str, found: &[(Id, String)]) -> Diagnostic {
    let detail = format!(
        "The e-mail address {email:?} must match exactly one service user, but it matches {}. Import the service \
         user by ID.",
        list(found)
    );
    Diagnostic::error("Multiple service users found", detail).at(Path::of("id"))
}

/// The ID is missing from the state, so a change cannot be sent.
pub(super) fn id_not_known(user: &ServiceUser) -> Diagnostic {
    let detail = format!(
        "The ID of the service user with the e-mail address {} is not known yet, so it cannot be changed. Run \
         `terraform apply -refresh-only` first. {}",
        user.email, ID_HINT
    );
    Diagnostic::error("Service user without ID", detail)
}

/// The ID is missing from the state, and a refresh does not find exactly one.
pub(super) fn id_not_found(user: &ServiceUser, found: &[(Id, String)]) -> Diagnostic {
    let found = if found.is_empty() { "none".to_owned() } else { list(found) };
    let detail = format!(
        "The response to the request that created the service user with the e-mail address {} was truncated \
         before its ID. The list of service users must have exactly one with this address; found: {found}. The \
         state was not changed.",
        user.email
    );
    Diagnostic::warning("Service user without ID", detail)
}

pub(super) fn created_without_id(user: &ServiceUser) -> Diagnostic {
    let detail = format!(
        "The service user with the e-mail address {} was created and its api_key is in the state, but the response \
         was truncated before its ID. The next refresh looks for it in the list of service users.",
        user.email
    );
    Diagnostic::warning("Service user without ID", detail)
}

pub(super) fn created_without_key(id: Option<Id>) -> Diagnostic {
    let id = id.map_or_else(|| "of unknown ID".to_owned(), |id| id.to_string());
    let detail = format!(
        "Service user {id} was created, but the response did not contain its api_key, and CertCentral returns it \
         only once. Add a digicert_api_key resource for this user, or replace the service user."
    );
    Diagnostic::warning("Service user without API key", detail)
}

pub(super) fn not_read_yet(id: Id, reason: &str) -> Diagnostic {
    let detail = format!(
        "Service user {id} was created, but {reason}. The next refresh completes the state."
    );
    Diagnostic::warning("Service user not read yet", detail)
}

pub(super) fn key_id_not_found(user: Id, key_name: &str, error: Option<&Error>) -> Diagnostic {
    let reason = match error {
        Some(error) => format!("listing the API keys failed: {error}"),
        None => format!("the list of API keys has no active key {key_name:?} of this user"),
    };
    let detail = format!(
        "The ID of the first API key of service user {user} is not known: {reason}. The next refresh looks for it \
         again."
    );
    Diagnostic::warning("ID of the API key not found", detail)
}
