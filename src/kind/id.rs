//! IDs in configurations, states and imports.

use super::Failure;
use crate::certcentral::Id;
use crate::schema::{Attr, Check, Diagnostic, JsonType, Kind, Path, Type, Unreadable, Value};

/// An ID is a string of digits in configurations and an integer in the API.
impl Attr for Id {
    const JSON: JsonType = JsonType::Integer;

    fn kind() -> Kind {
        Kind::Value(Type::String)
    }

    fn checks() -> Vec<Check> {
        vec![Check::NumericId]
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        let Some(text) = value.as_str() else { return Ok(Self::default()) };
        text.parse().map_err(|_| {
            Unreadable::new(format!("must be an ID in decimal digits, but is {}", value.show()))
        })
    }

    fn into_value(self) -> Value {
        Value::String(self.to_string())
    }
}

/// The ID in the text of an import.
///
/// # Errors
///
/// When the text is not an ID in decimal digits, or is 0, which no object has.
pub fn import_id(id: &str) -> Result<Id, Failure> {
    id.trim().parse().ok().filter(|id| *id != Id::default()).ok_or_else(|| {
        let detail = format!("The import ID must be a numeric ID, such as 123456, but is {id:?}.");
        Diagnostic::error("Invalid import ID", detail).at(Path::of("id")).into()
    })
}

/// The ID in the text of an import that is an ID or a name: text that consists of digits is an ID. `None` if the
/// text is a name.
///
/// # Errors
///
/// See [`import_id`]; also if the text is empty.
pub fn import_id_if_digits(text: &str) -> Result<Option<Id>, Failure> {
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => import_id(text).map(Some),
        false => Ok(None),
    }
}

/// What to do if a refresh does not find the ID of an object whose create had a truncated response. Its key, if it has
/// one, is only in the state.
pub const ID_HINT: &str = "If the refresh does not find the ID, save the api_key, remove the resource from the state with \
    `terraform state rm`, and import the object by its ID.";

/// What to paste into a configuration to manage an existing object, and what to adapt in it.
pub fn import_block(type_name: &str, id: &str) -> String {
    format!(
        "import {{\n  to = {type_name}.example\n  id = {id:?}\n}}\n\nReplace `example` with the name of this \
         resource."
    )
}
