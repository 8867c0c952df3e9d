//! What the resources have in common that an account has once. They exist as long as the account, so CertCentral
//! can only change them.

use crate::certcentral::Id;
use crate::kind::{Change, Context, Existing};
use crate::schema::{Diagnostic, Path};

/// Checks that an import is about the account the API key belongs to.
pub(super) fn check_import(wanted: Id, actual: Id) -> Result<(), Diagnostic> {
    if wanted == actual {
        return Ok(());
    }
    let detail = format!(
        "The import ID is account {wanted}, but the API key belongs to account {actual} and can only access the \
         settings of its own account. Import {actual}, or use an API key of account {wanted}."
    );
    Err(Diagnostic::error("API key of another account", detail).at(Path::of("id")))
}

/// The one object of the account, for `export`.
pub(super) fn existing(import_id: String) -> Existing {
    Existing { import_id, name: "this".to_owned() }
}

/// Warns of arguments that an update removes: CertCentral keeps their values.
pub(super) fn warn_of_removed(
    change: &Change<'_>,
    arguments: impl Iterator<Item = &'static str>,
    cx: &mut Context,
) {
    if !change.is_update() {
        return;
    }
    for attribute in arguments {
        let (old, new) = (change.prior.attribute(attribute), change.planned.attribute(attribute));
        if !old.is_null() && new.is_null() {
            let detail = format!(
                "Removing `{attribute}` only stops managing the setting. CertCentral keeps the last value \
                 sent, {}. To change it, configure another value.",
                old.show()
            );
            let stays = Diagnostic::warning("Setting stays in force", detail);
            cx.report(stays.at(Path::of(attribute)));
        }
    }
}

/// The warning that a destroy changes nothing. `object` is its type and ID.
pub(super) fn destroy_warning(object: &str) -> Diagnostic {
    let detail = format!(
        "The settings cannot be reset, because their previous values are not known. Destroying {object} makes no \
         API call: the last values sent stay in force."
    );
    Diagnostic::warning("Settings stay in force", detail)
}
