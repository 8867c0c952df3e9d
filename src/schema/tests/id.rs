//! An ID for the tests of this module. The real one belongs to the client of the API.

use crate::schema::{Attr, Check, JsonType, Kind, Type, Unreadable, Value, check};

/// A string of digits in Terraform, an integer in the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::schema) struct Id(pub(in crate::schema) u64);

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
        check::id(text).map(Self).ok_or_else(|| Unreadable::new("must be a numeric ID"))
    }

    fn into_value(self) -> Value {
        Value::String(self.0.to_string())
    }
}
