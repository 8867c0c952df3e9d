//! Imports by name.

use crate::certcentral::{Id, id_of};
use crate::kind::Failure;
use crate::schema::{Diagnostic, Json, Path};

/// The ID of the only one of the objects with a name. `noun` is what they are, such as "division", and `none` makes
/// the error that there is none.
pub(super) fn only_named(
    noun: &str,
    name: &str,
    found: &[Json],
    none: impl FnOnce(&str) -> Diagnostic,
) -> Result<Id, Failure> {
    let mut ids: Vec<_> = found.iter().filter_map(id_of).collect();
    ids.sort_unstable();
    match ids.as_slice() {
        [id] => Ok(*id),
        [] => Err(none(name).into()),
        several => Err(multiple(noun, name, several).into()),
    }
}

fn multiple(noun: &str, name: &str, ids: &[Id]) -> Diagnostic {
    let ids: Vec<_> = ids.iter().take(MOST_SHOWN).map(Id::to_string).collect();
    let detail = format!(
        "The name {name:?} must match exactly one {noun}, but several have it, with the IDs {}. Import the {noun} by \
         ID.",
        ids.join(", ")
    );
    Diagnostic::error(format!("Multiple {noun}s found"), detail).at(Path::of("id"))
}

/// The error that nothing has the ID or the name in an import. `keys` is what the text can be, such as "ID or name",
/// and `hint` a sentence on how the text is understood.
pub(super) fn nothing_found(noun: &str, keys: &str, text: &str, hint: &str) -> Diagnostic {
    let mut title = noun.to_owned();
    title[..1].make_ascii_uppercase();
    let detail = format!(
        "The account the API key belongs to has no {noun} with the {keys} {text:?}. Correct the import ID, or use an \
         API key of the account that has the {noun}. {hint}"
    );
    Diagnostic::error(format!("{title} not found"), detail.trim_end()).at(Path::of("id"))
}

/// How an import ID is understood that can be an ID or a name.
pub(super) const DIGITS: &str = "Text that consists of digits is taken as an ID.";

/// IDs that an error lists.
const MOST_SHOWN: usize = 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_must_have_exactly_one_object() {
        let none = |name: &str| Diagnostic::error("None", name);
        let import = |ids: &[u64]| {
            let found: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
            match only_named("division", "Sales", &found, none) {
                Ok(id) => id.to_string(),
                Err(Failure::Diagnostic(problem)) => {
                    format!("{}: {}", problem.summary, problem.detail)
                }
                Err(_) => String::new(),
            }
        };
        assert_eq!(import(&[7]), "7");
        assert_eq!(import(&[]), "None: Sales");
        let several = "Multiple divisions found: The name \"Sales\" must match exactly one division, but several have \
                       it, with the IDs 7, 12. Import the division by ID.";
        assert_eq!(import(&[12, 7]), several);
        assert!(
            import(&(1..=20).collect::<Vec<_>>())
                .contains("IDs 1, 2, 3, 4, 5, 6, 7, 8, 9, 10. Import")
        );
    }
}
