//! The IDs of this module's tests; the real ones belong to the API's client.

use super::attribute::{JsonType, Kind};
use super::check::{self, Check};
use super::model::{Attr, Unreadable};
use super::types::Type;
use super::value::Value;

/// A string of digits here, an integer at the API.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(pub(super) u64);

impl Attr for Id {
    const JSON: JsonType = JsonType::Integer;

    fn kind() -> Kind {
        Kind::Value(Type::String)
    }

    fn checks() -> Vec<Check> {
        vec![Check::Digits]
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        let Some(text) = value.as_str() else { return Ok(Self::default()) };
        check::id(text).map(Self).ok_or_else(|| Unreadable::new("must be an ID"))
    }

    fn into_value(self) -> Value {
        Value::String(self.0.to_string())
    }
}
