//! Messages of `digicert_subaccount`.

use crate::certcentral::{Error, Id, printable};
use crate::kind::{ID_HINT, import_block};
use crate::resources::import::{DIGITS, nothing_found};
use crate::schema::{Diagnostic, Path};

use super::Subaccount;

impl Subaccount {
    /// The ID as text for a message.
    fn id_text(&self) -> String {
        id_text(self.id)
    }

    /// The names of the subaccount.
    fn title(&self) -> String {
        match &self.child_name {
            Some(name) => printable(&format!("{:?}, {name:?}", self.organization.name)),
            None => printable(&format!("{:?}", self.organization.name)),
        }
    }

    /// The subaccount of a request.
    pub(super) fn description(&self) -> String {
        format!(
            "a {} subaccount for {} with the first user {}",
            printable(&self.account_type),
            self.title(),
            printable(&self.user.email)
        )
    }
}

fn id_text(id: Option<Id>) -> String {
    id.map_or_else(|| "of unknown ID".to_owned(), |id| id.to_string())
}

/// "managed subaccount 200002 (…, created 2024-01-02 03:04:05) and retail subaccount 200003 (…)".
fn list(subaccounts: &[Subaccount]) -> String {
    let each = subaccounts.iter().map(|it| {
        let created = printable(it.date_created.as_deref().unwrap_or("at an unknown time"));
        let account_type = printable(&it.account_type);
        format!("{account_type} subaccount {} ({}, created {created})", it.id_text(), it.title())
    });
    each.collect::<Vec<_>>().join(" and ")
}

pub(super) fn not_found(id: Id, is_import: bool) -> Diagnostic {
    if is_import {
        return nothing_found("subaccount", "ID", &id.to_string(), "");
    }
    let detail = format!(
        "The account the API key belongs to has no subaccount {id}. A subaccount cannot be closed through the \
         API, and its api_key would be lost with the state, so the state is kept. Check that the key and \
         base_url belong to the right account. If DigiCert has closed the subaccount, save its api_key and \
         remove it from the state with `terraform state rm` or a `removed` block."
    );
    Diagnostic::error("Subaccount not found", detail)
}

pub(super) fn none_to_import(child_name: &str) -> Diagnostic {
    nothing_found("subaccount", "child_name", child_name, DIGITS)
}

pub(super) fn several_to_import(child_name: &str, found: &[Subaccount]) -> Diagnostic {
    let detail = format!(
        "The child_name {child_name:?} must match exactly one subaccount, but it matches {}. Import the \
         subaccount by ID.",
        list(found)
    );
    Diagnostic::error("Multiple subaccounts found", detail).at(Path::of("id"))
}

/// The ID is missing from the state, so an update cannot be sent.
pub(super) fn id_not_known(subaccount: &Subaccount) -> Diagnostic {
    let detail = format!(
        "The ID of the subaccount for {} is not known yet, so it cannot be changed. Run `terraform apply \
         -refresh-only` first. {}",
        subaccount.title(),
        ID_HINT
    );
    Diagnostic::error("Subaccount without ID", detail)
}

/// The ID is missing from the state, and a refresh does not find exactly one matching subaccount.
pub(super) fn id_not_found(subaccount: &Subaccount, found: &[Subaccount]) -> Diagnostic {
    let found = if found.is_empty() { "none".to_owned() } else { list(found) };
    let detail = format!(
        "The response to the request that created {} was truncated before its ID. The list of subaccounts must \
         have exactly one that matches; found: {found}. The state was not changed.",
        subaccount.description()
    );
    Diagnostic::warning("Subaccount without ID", detail)
}

pub(super) fn stays_open(subaccount: &Subaccount) -> Diagnostic {
    let key = match subaccount.api_key {
        Some(_) => {
            " Its api_key is removed from the state with it, and CertCentral does not return it again: save it \
             before the apply. Afterwards only an earlier version of the state contains it."
        }
        None => "",
    };
    let detail = format!(
        "CertCentral cannot close subaccounts. Subaccount {} ({}) stays open and is only removed from the \
         state.{key}",
        subaccount.id_text(),
        subaccount.title()
    );
    Diagnostic::warning("Subaccount stays open", detail)
}

pub(super) fn not_read_yet(id: Id, reason: &str) -> Diagnostic {
    let detail =
        format!("Subaccount {id} was created, but {reason}. The next refresh completes the state.");
    Diagnostic::warning("Subaccount not read yet", detail)
}

pub(super) fn created_without_id(subaccount: &Subaccount) -> Diagnostic {
    let detail = format!(
        "The subaccount for {} was created and its api_key is in the state, but the response was truncated \
         before its ID. The next refresh looks for it in the list of subaccounts.",
        subaccount.title()
    );
    Diagnostic::warning("Subaccount without ID", detail)
}

pub(super) fn created_without_key(id: Option<Id>) -> Diagnostic {
    let detail = format!(
        "Managed subaccount {} was created, but the response did not contain its api_key, and CertCentral \
         returns it only once. Ask DigiCert support for a new key: https://www.digicert.com/contact-us/",
        id_text(id)
    );
    Diagnostic::warning("Subaccount without API key", detail)
}

/// A matching subaccount exists, so none is created.
pub(super) fn already_exists(duplicates: &[Subaccount]) -> Diagnostic {
    let first = duplicates.first().map_or_else(String::new, Subaccount::id_text);
    let detail = format!(
        "CertCentral already has {}, possibly from a run whose state was lost. No subaccount was created. To \
         manage the existing one, import it (its api_key cannot be recovered):\n\n{}\n\nTo create another one, \
         use a different child_name.",
        list(duplicates),
        import_block("digicert_subaccount", &first),
    );
    Diagnostic::error("Subaccount already exists", detail)
}

/// The subaccounts that a request without a response may have created.
pub(super) fn candidates(found: &Result<Vec<Subaccount>, Error>) -> String {
    match found.as_deref() {
        Ok([]) => {
            "The list of subaccounts does not contain it yet. Check again in a few minutes. If it is still \
             missing, it was not created; apply again."
                .to_owned()
        }
        Ok(candidates @ [first, ..]) => format!(
            "The list of subaccounts contains {}. If this is the subaccount, import it:\n\n{}\n\nThe api_key of a \
             managed subaccount is lost in that case; ask DigiCert support for a new one.",
            list(candidates),
            import_block("digicert_subaccount", &first.id_text())
        ),
        Err(error) => format!(
            "Searching the list of subaccounts for it failed: {error}. Look for it in CertCentral before you apply again."
        ),
    }
}
