//! Messages of `digicert_api_key`.

use std::collections::BTreeSet;

use crate::certcentral::{Error, Id};
use crate::kind::ID_HINT;
use crate::schema::{Diagnostic, Path};

use super::ApiKey;

impl ApiKey {
    /// The key of a request.
    pub(super) fn description(&self) -> String {
        format!("API key {:?} of user {}", self.name, self.user_id)
    }
}

pub(super) fn not_read_yet(id: Id, reason: &str) -> Diagnostic {
    let detail =
        format!("API key {id} was created, but {reason}. The next refresh completes the state.");
    Diagnostic::warning("API key not read yet", detail)
}

pub(super) fn without_id(key: &ApiKey) -> Diagnostic {
    let detail = format!(
        "{} was created and is in the state, but the response was truncated before its ID. The next refresh \
         looks for it in the list of API keys.",
        key.description()
    );
    Diagnostic::warning("API key without ID", detail)
}

pub(super) fn id_not_found(key: &ApiKey) -> Diagnostic {
    let detail = format!(
        "The ID of {} is not in the state, and the list of API keys has no active key of that user with this \
         name. The state was not changed.",
        key.description()
    );
    Diagnostic::warning("API key without ID", detail)
}

/// The ID is missing from the state, so an update cannot be sent.
pub(super) fn id_not_known(key: &ApiKey) -> Diagnostic {
    let detail = format!(
        "The ID of {} is not known yet, so it cannot be changed. Run `terraform apply -refresh-only` first. {}",
        key.description(),
        ID_HINT
    );
    Diagnostic::error("API key without ID", detail)
}

/// The response had an ID and no key.
pub(super) fn without_secret(key: &ApiKey, id: Id, not_revoked: Option<&Error>) -> Diagnostic {
    let revoked = match not_revoked {
        None => "It was revoked, because nobody has it.".to_owned(),
        Some(error) => {
            format!(
                "Nobody has it, and revoking it failed: {error}. Revoke API key {id} in CertCentral."
            )
        }
    };
    let detail = format!(
        "The response to the request that created {} has the ID {id} and no key. {revoked} Apply again.",
        key.description()
    );
    Diagnostic::error("API key not returned", detail)
}

/// The keys could not be listed after a request without a response.
pub(super) fn not_listed(error: &Error, is_rotation: bool) -> String {
    let next = if is_rotation {
        "The current key stays active. Apply again: the apply looks for the new key and revokes it first."
    } else {
        "Look for a new key of this name in CertCentral and revoke it, because nobody has it. Then apply again."
    };
    format!("Listing the API keys of the user failed: {error}. {next}")
}

/// No new key was listed after a request without a response.
pub(super) fn none_appeared() -> &'static str {
    "No new API key of this name is listed yet, so it was probably not created. Apply again."
}

/// New keys that were revoked after a request without a response.
pub(super) fn appeared(new: &BTreeSet<Id>, failed: Option<&Error>, is_rotation: bool) -> String {
    let current = if is_rotation { " The current key stays active." } else { "" };
    match failed {
        None => format!(
            "API key {} has appeared since. It was revoked, because nobody has it.{current} Apply again.",
            list(new)
        ),
        Some(error) if is_rotation => format!(
            "API key {} has appeared since. Nobody has it, and revoking it failed: {error}.{current} Apply again: \
             the apply revokes it.",
            list(new)
        ),
        Some(error) => format!(
            "API key {} has appeared since. Nobody has it, and revoking it failed: {error}. Revoke it in \
             CertCentral, and apply again.",
            list(new)
        ),
    }
}

/// Several new keys were listed after the request of a create without a response.
pub(super) fn several_appeared(new: &BTreeSet<Id>) -> String {
    format!(
        "API keys {} have appeared since. One of them may be the work of this request; none was revoked. Revoke \
         what nobody uses in CertCentral, and apply again.",
        list(new)
    )
}

pub(super) fn own_key(key: &ApiKey, is_revoked: bool) -> Diagnostic {
    let action = if is_revoked { "revokes" } else { "rotates" };
    let detail = format!(
        "This plan {action} {}, which is the API key that the provider itself uses: the apply could not finish. \
         Configure the provider with another API key, or change this key elsewhere.",
        key.description()
    );
    Diagnostic::error("API key in use by the provider", detail).at(Path::of("id"))
}

fn list(ids: &BTreeSet<Id>) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
}
