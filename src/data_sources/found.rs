//! What data sources have in common: exactly one object, or all that match, sorted by ID.

use crate::certcentral::{Id, id_of, text_of};
use crate::kind::Failure;
use crate::schema::{Diagnostic, Json, Path};

/// The argument that says which object is looked up.
pub(super) struct Key<'a> {
    pub(super) argument: &'static str,
    pub(super) value: &'a str,
}

/// The only object with this key. `noun` is what it is, such as "user", and `found` has the ID and the name of
/// every object with the key.
pub(super) fn only(noun: &str, key: &Key<'_>, found: &[(Id, String)]) -> Result<Id, Failure> {
    match found {
        [(id, _)] => Ok(*id),
        [] => Err(none(noun, key).into()),
        several => Err(ambiguous(noun, key, several).into()),
    }
}

/// The error that no object has this key.
pub(super) fn none(noun: &str, key: &Key<'_>) -> Diagnostic {
    let Key { argument, value } = key;
    let detail = format!(
        "No {noun} with {argument} {value:?} exists in the account the API key belongs to, or the API key is not \
         allowed to see it. Check `{argument}`."
    );
    Diagnostic::error("No matching object", detail).at(Path::of(argument))
}

fn ambiguous(noun: &str, key: &Key<'_>, found: &[(Id, String)]) -> Diagnostic {
    let Key { argument, value } = key;
    let mut found = found.to_vec();
    found.sort_unstable();
    let shown = found.iter().take(MOST_SHOWN).map(|(id, name)| format!("\n- {id}: {name}"));
    let rest = match found.len().saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        rest => format!("\n- and {rest} more"),
    };
    let detail = format!(
        "{} {noun}s have {argument} {value:?}. Set `id` to one of these IDs instead:\n{}{rest}",
        found.len(),
        shown.collect::<String>()
    );
    Diagnostic::error("Multiple matching objects", detail).at(Path::of(argument))
}

/// The `ids` of these objects, and the objects under `name`, both sorted by ID.
pub(super) fn all(name: &str, mut objects: Vec<Json>) -> Json {
    objects.sort_by_key(id_of);
    let ids = objects.iter().map(|object| object.get("id").cloned().unwrap_or_default());
    let ids = Json::Array(ids.collect());
    Json::Object([("ids".to_owned(), ids), (name.to_owned(), objects.into())].into_iter().collect())
}

/// The ID and the name of an object, for [`only`].
pub(super) fn named(object: &Json, name: &str) -> Option<(Id, String)> {
    Some((id_of(object)?, text_of(object, name).to_owned()))
}

/// Whether an attribute has the wanted text, if any is wanted. Compares case-insensitively.
pub(super) fn fits(object: &Json, name: &str, wanted: Option<&String>) -> bool {
    wanted.is_none_or(|wanted| text_of(object, name).to_lowercase() == wanted.to_lowercase())
}

/// Candidates that an error lists.
const MOST_SHOWN: usize = 10;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(found: u64) -> String {
        let found: Vec<_> = (1..=found).map(|it| (Id::from(it), format!("Name {it}"))).collect();
        match only("user", &Key { argument: "email", value: "a@b.example" }, &found) {
            Err(Failure::Diagnostic(problem)) => problem.detail,
            _ => String::new(),
        }
    }

    #[test]
    fn an_error_lists_up_to_ten_candidates() {
        assert_eq!(error(1), "");
        assert!(error(0).starts_with("No user with email \"a@b.example\" exists"));
        let two = "2 users have email \"a@b.example\". Set `id` to one of these IDs instead:\n\n\
                   - 1: Name 1\n- 2: Name 2";
        assert_eq!(error(2), two);
        assert!(error(10).ends_with("\n- 10: Name 10"));
        assert!(error(12).ends_with("\n- 10: Name 10\n- and 2 more"));
    }

    #[test]
    fn objects_are_sorted_by_their_ids_as_numbers() {
        let found = all("users", vec![json!({"id": "10"}), json!({"id": 9}), json!({"id": 100})]);
        assert_eq!(found["ids"], json!([9, "10", 100]));
        assert_eq!(found["users"][0], json!({"id": 9}));
    }
}
