//! Messages of `digicert_division`.

use super::containers::is_active;
use super::new::New;
use crate::certcentral::{Error, Id, id_of};
use crate::kind::Failure;
use crate::resources::creation::already_exists;
use crate::resources::import::{DIGITS, nothing_found};
use crate::schema::{Diagnostic, Json, Path};

/// A child of the parent has the name, so none is created.
pub(super) fn exists(new: &New<'_>, twin: &Json) -> Diagnostic {
    let id = id_of(twin).unwrap_or_default();
    let otherwise = "To create another division, choose another name.";
    if is_active(twin) {
        return already_exists(new, id, &format!("division {id} with this name"), otherwise);
    }
    let which = format!("the inactive division {id} with this name");
    let otherwise = format!(
        "CertCentral cannot delete divisions, so one that was destroyed stays inactive. The apply after the import \
         activates it. {otherwise}"
    );
    already_exists(new, id, &which, &otherwise)
}

/// A request about the parent container failed.
pub(super) fn parent_rejected(error: Error, parent: Id) -> Failure {
    if !error.is_not_found() {
        return error.into();
    }
    let detail = format!(
        "Container {parent} was not found, so no division was created below it: {error}. Check `parent_id`, and \
         check that the API key and base_url belong to the account of the container."
    );
    Diagnostic::error("Container not found", detail).at(Path::of("parent_id")).into()
}

pub(super) fn template_unclear(parent: Id, templates: &[(Id, String)]) -> Diagnostic {
    let which = if templates.is_empty() {
        "allows no template for divisions below it. ".to_owned()
    } else {
        let list = templates.iter().map(|(id, name)| format!("\n- {id}: {}", printed(name)));
        format!(
            "allows these templates, of which not exactly one is named \"Business Unit\":\n{}\n\n",
            list.collect::<String>()
        )
    };
    let detail = format!(
        "Container {parent} {which}Set `template_id` to the ID of a template that divisions below this container \
         can have."
    );
    Diagnostic::error("Template of the division unclear", detail).at(Path::of("template_id"))
}

/// A rejected request to create a division.
pub(super) fn rejected_create(failure: Failure) -> Failure {
    match failure {
        Failure::Api { error, advice: None } if error.has_code("access_denied|missing_perm") => {
            Failure::advised(*error, NOT_ENABLED)
        }
        Failure::Api { error, advice: None }
            if ["exist", "duplicate", "taken"].iter().any(|word| error.mentions(word)) =>
        {
            Failure::advised(*error, NAME_TAKEN)
        }
        other => other,
    }
}

const NOT_ENABLED: &str = "Divisions may not be enabled for this account. Ask DigiCert to enable them, and use an \
    administrator's API key without restrictions.";

const NAME_TAKEN: &str = "A division with this name in other letter case, or an inactive one that CertCentral does not \
    list, may exist below the same container. Choose another name, or find its ID in CertCentral and import it.";

/// A request to change name and description failed.
pub(super) fn rejected_profile(
    error: Error,
    name_changes: bool,
    removes_description: bool,
) -> Failure {
    if removes_description && error.is_refusal() && !error.is_not_found() {
        return Failure::advised(error, DESCRIPTION_STAYS);
    }
    rejected(error, if name_changes { "name" } else { "description" })
}

const DESCRIPTION_STAYS: &str = "The request was to remove the description, which CertCentral may not allow. Configure a \
    `description`, and apply again. Changes that were made before remain in effect and are in the state.";

/// A request to change one part of a division failed. Its attribute is named where the error does not.
pub(super) fn rejected(error: Error, attribute: &str) -> Failure {
    let advice = if error.is_not_found() {
        "The division was probably removed after the plan was made. Run the plan again.".to_owned()
    } else {
        format!(
            "The request was to change `{attribute}`. Changes that were made before remain in effect and are in the \
             state. Fix the cause and apply again."
        )
    };
    Failure::advised(error, advice)
}

pub(super) fn not_read_yet(id: Id, name: &str, reason: &str) -> Diagnostic {
    let detail = format!(
        "Division {id} ({name:?}) was created, but {reason}. The next refresh completes the state."
    );
    Diagnostic::warning("Division not read yet", detail)
}

/// The attributes of a new division that could not be set. One warning, because Terraform shows only the
/// first of several with the same summary.
pub(super) fn incomplete(id: Id, name: &str, failed: &[(&'static str, Error)]) -> Diagnostic {
    let each = failed.iter().map(|(attribute, error)| format!("\n- `{attribute}`: {error}"));
    let detail = format!(
        "Division {id} ({name:?}) was created, but setting these arguments failed:\n{}\n\nThe next plan shows the \
         difference; apply that plan.",
        each.collect::<String>()
    );
    let warning = Diagnostic::warning("Division not complete", detail);
    match failed {
        [(attribute, _)] => warning.at(Path::of(attribute)),
        _ => warning,
    }
}

/// What a destroy does. `below` has the active divisions below this one, if the list could be read.
pub(super) fn deactivates(id: Id, name: &str, below: Option<&[(Id, String)]>) -> Diagnostic {
    let others = match below {
        None => "All divisions below it are deactivated, too; they could not be listed.".to_owned(),
        Some([]) => "No active division is below it.".to_owned(),
        Some(below) => {
            let count = match below.len() {
                1 => "The division below it is deactivated, too:".to_owned(),
                count => format!("The {count} divisions below it are deactivated, too:"),
            };
            format!("{count} {}.", list(below))
        }
    };
    let detail = format!(
        "CertCentral cannot delete divisions. Division {id} ({}) is deactivated and removed from the state. \
         {others} To use it again, import it and apply.",
        printed(name)
    );
    Diagnostic::warning("Division is deactivated", detail)
}

/// `1002 ("Sales"), 1003 ("Support") and 4 more`.
fn list(divisions: &[(Id, String)]) -> String {
    let shown = divisions.iter().take(MOST_SHOWN);
    let shown: Vec<_> = shown.map(|(id, name)| format!("{id} ({})", printed(name))).collect();
    match divisions.len().saturating_sub(MOST_SHOWN) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

/// A name from a response, without control characters.
fn printed(name: &str) -> String {
    format!("{name:?}")
}

const MOST_SHOWN: usize = 10;

pub(super) fn none_to_import(text: &str) -> Diagnostic {
    let hint = format!(
        "{DIGITS} Names are case-sensitive. CertCentral may not list inactive divisions: import them by ID."
    );
    nothing_found("division", "ID or name", text, &hint)
}

pub(super) fn root_to_import(id: Id) -> Diagnostic {
    let detail = format!(
        "Container {id} is the root container of the account. It is not a division and cannot be managed."
    );
    Diagnostic::error("Not a division", detail).at(Path::of("id"))
}

pub(super) fn without_id(name: &str) -> Diagnostic {
    let detail = format!(
        "Division {name:?} has no ID in the state. Remove it from the state with `terraform state rm` and import it \
         by its name."
    );
    Diagnostic::error("Division without ID", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destroy_counts_and_names_the_divisions_below() {
        let below = |count: u64| -> Vec<_> {
            (1..=count).map(|id| (Id::from(id), format!("D{id}"))).collect()
        };
        let said = |count| deactivates(Id::from(9), "Top", Some(&below(count))).detail;
        assert!(said(0).contains("No active division is below it."));
        assert!(said(1).contains("The division below it is deactivated, too: 1 (\"D1\")."));
        assert!(said(2).contains("The 2 divisions below it are deactivated, too: 1 (\"D1\"), 2"));
        assert!(
            said(12).contains("The 12 divisions") && said(12).contains("(\"D10\") and 2 more.")
        );
        assert!(deactivates(Id::from(9), "Top", None).detail.contains("could not be listed"));
    }

    #[test]
    fn templates_are_listed_where_none_is_the_default() {
        let templates = [(Id::from(5), "A".to_owned()), (Id::from(6), "B".to_owned())];
        let said = template_unclear(Id::from(1), &templates).detail;
        assert!(
            said.ends_with(
                "\n- 5: \"A\"\n- 6: \"B\"\n\nSet `template_id` to the ID of a template that \
                                divisions below this container can have."
            ),
            "{said}"
        );
        let said = template_unclear(Id::from(1), &[]).detail;
        assert!(
            said.starts_with("Container 1 allows no template for divisions below it. Set"),
            "{said}"
        );
    }
}
