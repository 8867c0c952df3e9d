//! Values in JSON: the stored state that Terraform hands over before anything else.
//!
//! The text is read by type, number by number as written, so that nothing a state holds is rounded.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::msgpack::DecodeError;
use crate::schema::{Number, Object, Step, Type, Value};

/// Reads one value of that type.
///
/// State may come from an older or newer version of this provider: attributes it has and the type
/// lacks are passed over, those it lacks are null. Booleans and numbers may be in quotes.
///
/// # Errors
///
/// When the text is not JSON, or has something of another type at an attribute.
pub fn decode(of: &Type, json: &[u8]) -> Result<Value, DecodeError> {
    let raw = serde_json::from_slice(json).map_err(|error| syntax(&error))?;
    decode_value(of, raw)
}

fn decode_value(of: &Type, raw: &RawValue) -> Result<Value, DecodeError> {
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    match of {
        Type::Bool => match text.trim_matches('"') {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(DecodeError::new("expected true or false")),
        },
        Type::Number => Number::parse(text.trim_matches('"'))
            .map(Value::Number)
            .ok_or_else(|| DecodeError::new("expected a number")),
        Type::String => parse(raw).map(Value::String),
        Type::List(element) => elements(element, raw).map(Value::List),
        Type::Set(element) => elements(element, raw).map(Value::set),
        Type::Map(element) => {
            let fields: BTreeMap<String, &RawValue> = parse(raw)?;
            let decode = |(key, raw): (String, &RawValue)| {
                let value = decode_value(element, raw)
                    .map_err(|error| error.within(Step::Key(key.clone())))?;
                Ok((key, value))
            };
            Ok(Value::Map(fields.into_iter().map(decode).collect::<Result<_, _>>()?))
        }
        Type::Object(attributes) => {
            let fields: BTreeMap<String, &RawValue> = parse(raw)?;
            let decode = |(name, of): &(&'static str, Type)| {
                let value = match fields.get(*name) {
                    Some(raw) => decode_value(of, raw)
                        .map_err(|error| error.within(Step::Attribute(name)))?,
                    None => Value::Null,
                };
                Ok((*name, value))
            };
            Ok(Value::Object(attributes.iter().map(decode).collect::<Result<Object, _>>()?))
        }
    }
}

fn elements(of: &Type, raw: &RawValue) -> Result<Vec<Value>, DecodeError> {
    let elements: Vec<&RawValue> = parse(raw)?;
    let decode = |(n, raw): (usize, &RawValue)| {
        decode_value(of, raw).map_err(|error| error.within(Step::Index(n)))
    };
    elements.into_iter().enumerate().map(decode).collect()
}

fn parse<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, DecodeError> {
    serde_json::from_str(raw.get()).map_err(|error| syntax(&error))
}

/// What the parser says, by kind and place alone: its words quote the text, which may be a key.
fn syntax(error: &serde_json::Error) -> DecodeError {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Data => "a value of another type",
        Category::Eof => "cut short",
        Category::Syntax | Category::Io => "not JSON",
    };
    DecodeError::new(format!("{what} (line {}, column {})", error.line(), error.column()))
}
