//! Messages of `digicert_custom_field`.

use crate::certcentral::{Error, Id};
use crate::kind::{Failure, import_block};
use crate::resources::import::{DIGITS, nothing_found};
use crate::resources::posted;
use crate::schema::{Diagnostic, Path};

/// No field was created because of this error.
pub(super) fn nothing_created(error: Error) -> Failure {
    Failure::advised(error, "No custom field was created. Fix the cause and apply again.")
}

/// No response was received, and no new field was found.
pub(super) fn maybe_created(label: &str, error: &Error, unlisted: Option<&Error>) -> Diagnostic {
    let looked = posted::not_found("custom field", unlisted);
    let next = match unlisted {
        Some(_) => {
            "Look for the field in CertCentral. If it exists, import it by its label; otherwise apply again"
        }
        None => "Apply again. If the field appears in CertCentral later, delete it there",
    };
    let detail = format!(
        "The custom field {label:?} may have been created: the request was sent, but no usable response was \
         received: {error}. The request was not repeated, and {looked}. {next}."
    );
    Diagnostic::error("Custom field may have been created", detail)
}

/// No response was received, but the list has the new field.
pub(super) fn adopted(id: Id, label: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "No usable response to the request to create the custom field {label:?} was received: {error}. The list of \
         custom fields contains the new field {id} with all requested values. It was adopted, and the request \
         was not repeated."
    );
    Diagnostic::warning("Custom field adopted", detail)
}

/// Something other than this run created fields at the same time.
pub(super) fn several_new(id: Id, others: &[Id], label: &str) -> Diagnostic {
    let others = list(others);
    let detail = format!(
        "While the custom field {label:?} was created, others with the same values were created outside this \
         run: {others}. The resource manages the one with the lowest ID, {id}. Check the fields in CertCentral."
    );
    Diagnostic::warning("Multiple new custom fields", detail)
}

/// The field was created, and its ID is unknown.
pub(super) fn not_listed(label: &str, unlisted: Option<&Error>) -> Diagnostic {
    let reason = posted::not_listed("custom field", None, unlisted);
    let detail = format!(
        "The custom field {label:?} was created, but {reason}. Its ID is not known yet; the next refresh looks for \
         it."
    );
    Diagnostic::warning("Custom field not listed yet", detail)
}

pub(super) fn still_not_listed(label: &str) -> Diagnostic {
    let detail = format!(
        "The list of custom fields does not contain the field {label:?} that was created, so its ID is unknown. The \
         state is kept. {}",
        without_id_hint()
    );
    Diagnostic::warning("Custom field not listed yet", detail)
}

/// The field cannot be changed or deleted, because its ID is unknown.
pub(super) fn without_id(label: &str) -> Diagnostic {
    let detail = format!(
        "The custom field {label:?} has no ID in the state, and the list of custom fields does not contain a new \
         field with these values. Nothing was sent. {}",
        without_id_hint()
    );
    Diagnostic::error("Custom field without an ID", detail)
}

fn without_id_hint() -> String {
    format!(
        "If the field exists in CertCentral, remove the resource from the state with `terraform state rm` and \
         import it:\n\n{}",
        import_block("digicert_custom_field", "LABEL OR ID")
    )
}

/// CertCentral kept a data type that was to be removed.
pub(super) fn type_kept(id: Id, data_type: &str) -> Diagnostic {
    let detail = format!(
        "Custom field {id} still has the data type {data_type:?}: CertCentral does not remove it if an update omits \
         it. Other changes were made. Configure `data_type = {data_type:?}` again, or replace the field with \
         `terraform apply -replace=ADDRESS`."
    );
    Diagnostic::error("Data type not removed", detail).at(Path::of("data_type"))
}

/// The field was deactivated, because CertCentral refused to delete it.
pub(super) fn deactivated(id: Id, label: &str, refusal: &Error) -> Diagnostic {
    let detail = format!(
        "CertCentral refused to delete custom field {id} ({label:?}): {refusal}. The field was deactivated and removed \
         from the state. It still exists in CertCentral; to manage it again, import it."
    );
    Diagnostic::warning("Custom field deactivated instead of deleted", detail)
}

/// Why the field was to be deactivated, in addition to the error of that.
pub(super) fn not_deactivated(refusal: &Error) -> String {
    format!(
        "The field was to be deactivated, because CertCentral refused to delete it: {refusal}. Apply again."
    )
}

pub(super) fn not_found(text: &str) -> Diagnostic {
    let hint = format!("{DIGITS} Labels are case-sensitive.");
    nothing_found("custom field", "ID or label", text, &hint)
}

pub(super) fn ambiguous(text: &str, ids: &[Id]) -> Diagnostic {
    let ids = list(ids);
    let detail = format!(
        "The import ID {text:?} must match exactly one custom field by its label, but it matches {ids}. Import the \
         field by ID."
    );
    Diagnostic::error("Multiple custom fields found", detail).at(Path::of("id"))
}

fn list(ids: &[Id]) -> String {
    let shown: Vec<_> = ids.iter().take(MOST_SHOWN).map(Id::to_string).collect();
    match ids.len().saturating_sub(MOST_SHOWN) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

const MOST_SHOWN: usize = 10;

/// What to do if the field to change does not exist.
pub(super) const NOT_FOUND_HINT: &str = "The custom field was not found. If it was deleted outside Terraform, run the plan again: it creates the field.";
