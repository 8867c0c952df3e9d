//! Conversion between JSON of the API and values.

use super::attribute::{Attribute, Block, JsonType, Kind};
use super::check;
use super::path::Path;
use super::types::Type;
use super::value::{Number, Value};

/// JSON of the API. For a response that becomes state, its keys are attribute names.
pub type Json = serde_json::Value;

/// A field of a response that the attribute cannot represent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Such as "`organization.zip`: expected a string, found an object".
    pub text: String,
    /// Whether a configuration can set the attribute. If not, its prior value is kept.
    pub in_argument: bool,
}

/// The value of an attribute, or everything in it that the attribute cannot represent.
pub(super) fn decode(
    attribute: &Attribute,
    json: &Json,
    path: &Path,
) -> Result<Value, Vec<Mismatch>> {
    let mut problems = Vec::new();
    let members = match &attribute.kind {
        Kind::Block(block) => Some(*block),
        Kind::Value(_) => attribute.members.as_ref(),
    };
    let context = Context { is_id: attribute.json_type == JsonType::Integer, members };
    let value = decode_type(attribute.kind.value_type(), json, path, context, &mut problems);
    if problems.is_empty() {
        return Ok(value);
    }
    let in_argument = attribute.is_configurable();
    Err(problems.into_iter().map(|text| Mismatch { text, in_argument }).collect())
}

/// What the type does not include.
#[derive(Clone, Copy)]
struct Context<'a> {
    /// Strings are IDs.
    is_id: bool,
    /// The attributes of objects.
    members: Option<&'a Block>,
}

impl Context<'_> {
    fn of_member(self, name: &str) -> Self {
        let member = self.members.and_then(|block| block.get(name));
        Self {
            is_id: member.is_some_and(|it| it.json_type == JsonType::Integer),
            members: member.and_then(|it| it.members.as_ref()),
        }
    }
}

/// Decodes leniently: the API returns an ID or a boolean as a number, a string or a JSON boolean.
fn decode_type(
    of: &Type,
    json: &Json,
    path: &Path,
    context: Context<'_>,
    problems: &mut Vec<String>,
) -> Value {
    let decoded = match (of, json) {
        (_, Json::Null) => Some(Value::Null),
        (Type::String, _) if context.is_id => id(json).map(|id| Value::String(id.to_string())),
        (Type::String, Json::String(text)) => Some(Value::from(text.as_str())),
        (Type::String, Json::Number(number)) => Some(Value::String(number.to_string())),
        (Type::Bool, _) => flag(json).map(Value::Bool),
        (Type::Number, Json::Number(number)) => {
            Number::parse(&number.to_string()).map(Value::Number)
        }
        (Type::Number, Json::String(text)) => Number::parse(text).map(Value::Number),
        (Type::List(of), Json::Array(elements)) => Some(Value::List(
            elements.iter().map(|json| decode_type(of, json, path, context, problems)).collect(),
        )),
        (Type::Set(of), Json::Array(elements)) => Some(Value::set(
            elements.iter().map(|json| decode_type(of, json, path, context, problems)),
        )),
        (Type::Map(of), Json::Object(elements)) => {
            let decode = |(key, json): (&String, &Json)| {
                (key.clone(), decode_type(of, json, path, context, problems))
            };
            Some(Value::Map(elements.iter().map(decode).collect()))
        }
        (Type::Object(attributes), Json::Object(fields)) => {
            let decode = |(name, of): &(&'static str, Type)| {
                let json = fields.get(*name).unwrap_or(&Json::Null);
                let (path, context) = (path.attribute(name), context.of_member(name));
                (*name, decode_type(of, json, &path, context, problems))
            };
            Some(Value::Object(attributes.iter().map(decode).collect()))
        }
        _ => None,
    };
    decoded.unwrap_or_else(|| {
        let expected = if context.is_id { "a numeric ID" } else { of.noun() };
        problems.push(format!("`{path}`: expected {expected}, found {}", noun(json)));
        Value::Null
    })
}

/// An ID, as a number or as a string. A string must not have leading zeros, so that each ID has one
/// spelling.
fn id(json: &Json) -> Option<u64> {
    match json {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => check::id(text),
        _ => None,
    }
}

/// A boolean in any form that the API uses: `true`, `1`, `"1"`, `"true"`.
pub fn flag(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(value) => Some(*value),
        Json::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Json::String(text) => match text.as_str() {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn noun(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

/// The value as JSON. Unknown values become null.
pub(super) fn encode(value: &Value, json_type: JsonType) -> Json {
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => match number {
            Number::Int(int) => Json::from(*int),
            Number::Float(float) => Json::from(*float),
            Number::Decimal(text) => Json::from(text.as_str()),
        },
        // Validation has refused an ID that does not fit.
        Value::String(text) => match (json_type, text.parse::<u64>()) {
            (JsonType::Integer, Ok(id)) => Json::from(id),
            _ => Json::from(text.as_str()),
        },
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(|element| encode(element, json_type)).collect()
        }
        Value::Map(elements) => Json::Object(
            elements.iter().map(|(key, value)| (key.clone(), encode(value, json_type))).collect(),
        ),
        Value::Object(attributes) => Json::Object(
            attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), encode(value, json_type)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_boolean_is_true_or_false_1_or_0_or_one_of_these_as_text() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!(1), Some(true)),
            (json!("1"), Some(true)),
            (json!("false"), Some(false)),
            (json!(0), Some(false)),
            (json!(2), None),
            (json!("yes"), None),
            (json!([]), None),
        ] {
            assert_eq!(flag(&value), expected, "{value}");
        }
    }
}
