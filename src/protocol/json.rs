//! Values in JSON: the form of a stored state that Terraform sends to be upgraded.
//!
//! Decoding follows a type of the schema. Numbers are read as they are written, so that none is rounded.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::error::DecodeError;
use crate::schema::{Number, Object, Step, Type, Value};

/// Decodes a value of a type.
///
/// The state may be of an older or newer version of this provider: attributes that the type does not have
/// are ignored, and missing ones are null. Booleans and numbers may be in quotes.
///
/// # Errors
///
/// When the text is not JSON, or an attribute has a value of another type.
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
            _ => Err(DecodeError::new("expected a boolean")),
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
        Type::Object(attributes) => object(attributes, raw).map(Value::Object),
    }
}

fn object(attributes: &[(&'static str, Type)], raw: &RawValue) -> Result<Object, DecodeError> {
    let Fields(fields) = parse(raw)?;
    let mut object = Object::with_capacity(attributes.len());
    for (name, of) in attributes {
        // The last one, as if each had replaced the one before.
        let value = match fields.iter().rfind(|(key, _)| key == name) {
            Some((_, raw)) => {
                decode_value(of, raw).map_err(|error| error.within(Step::Attribute(name)))?
            }
            None => Value::Null,
        };
        object.insert(name, value);
    }
    Ok(object)
}

/// The fields of an object, in the order of the text.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Deserialize<'a> for Fields<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'a> Visitor<'a> for FieldsVisitor {
    type Value = Fields<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Fields<'a>, M::Error> {
        let mut fields = Vec::with_capacity(16);
        while let Some((Key(key), raw)) = map.next_entry()? {
            fields.push((key, raw));
        }
        Ok(Fields(fields))
    }
}

/// A key, which is copied only if it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

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

/// The kind and position of a syntax error. The words of the parser may quote the text, which may contain
/// a key.
fn syntax(error: &serde_json::Error) -> DecodeError {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Data => "a value of another type",
        Category::Eof => "truncated",
        Category::Syntax | Category::Io => "not JSON",
    };
    DecodeError::new(format!("{what} (line {}, column {})", error.line(), error.column()))
}
