//! Values in msgpack, as Terraform sends and expects them.
//!
//! Decoding follows a type of the schema, which limits its depth. The length of a collection is accepted
//! only if so many bytes follow.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode::{self, DecodeStringError, NumValueReadError, RmpReadErr, ValueReadError};
use rmp::encode::{self, ValueWriteError};

use super::error::DecodeError;
use crate::schema::{Number, Object, Step, Type, Value};

/// Decodes exactly one value of a type.
///
/// # Errors
///
/// When the bytes are truncated, malformed, of another type or followed by more.
pub fn decode(of: &Type, bytes: &[u8]) -> Result<Value, DecodeError> {
    let mut rest = bytes;
    let value = decode_value(of, &mut rest)?;
    if !rest.is_empty() {
        return Err(DecodeError::new(format!("{} bytes too many", rest.len())));
    }
    Ok(value)
}

fn decode_value(of: &Type, rest: &mut &[u8]) -> Result<Value, DecodeError> {
    let marker = next_marker(rest)?;
    if marker == Marker::Null {
        decode::read_nil(rest).map_err(|error| failed(of, error))?;
        return Ok(Value::Null);
    }
    if is_extension(marker) {
        skip_extension(of, rest)?;
        return Ok(Value::Unknown);
    }
    Ok(match of {
        Type::Bool => Value::Bool(decode::read_bool(rest).map_err(|error| failed(of, error))?),
        Type::Number => Value::Number(number(of, marker, rest)?),
        Type::String => Value::from(string(rest, |marker| unexpected(of, marker))?),
        Type::List(element) => Value::List(elements(of, element, rest)?),
        Type::Set(element) => Value::set(elements(of, element, rest)?),
        Type::Map(element) => Value::Map(map(of, element, rest)?),
        Type::Object(attributes) => Value::Object(object(of, attributes, rest)?),
    })
}

fn number(of: &Type, marker: Marker, rest: &mut &[u8]) -> Result<Number, DecodeError> {
    use Marker::{F32, F64, FixStr, Str8, Str16, Str32};
    match marker {
        F32 => {
            let float = decode::read_f32(rest).map_err(|error| failed(of, error))?;
            Ok(Number::from_float(float.into()))
        }
        F64 => {
            let float = decode::read_f64(rest).map_err(|error| failed(of, error))?;
            Ok(Number::from_float(float))
        }
        FixStr(_) | Str8 | Str16 | Str32 => {
            let text = string(rest, |marker| unexpected(of, marker))?;
            Number::parse(text).ok_or_else(|| DecodeError::new("a string that is not a number"))
        }
        _ => {
            let int: i128 = decode::read_int(rest).map_err(|error| match error {
                NumValueReadError::TypeMismatch(marker) => unexpected(of, marker),
                _ => truncated(),
            })?;
            Ok(i64::try_from(int).map_or_else(|_| Number::Decimal(int.to_string()), Number::Int))
        }
    }
}

fn elements(of: &Type, element: &Type, rest: &mut &[u8]) -> Result<Vec<Value>, DecodeError> {
    let length = decode::read_array_len(rest).map_err(|error| failed(of, error))?;
    let length = available(length, rest)?;
    let decode =
        |n| decode_value(element, rest).map_err(|error: DecodeError| error.within(Step::Index(n)));
    (0..length).map(decode).collect()
}

fn map(
    of: &Type,
    element: &Type,
    rest: &mut &[u8],
) -> Result<BTreeMap<String, Value>, DecodeError> {
    let mut map = BTreeMap::new();
    for _ in 0..map_length(of, rest)? {
        let key = key(rest)?.to_owned();
        let value =
            decode_value(element, rest).map_err(|error| error.within(Step::Key(key.clone())))?;
        map.insert(key, value);
    }
    Ok(map)
}

fn object(
    of: &Type,
    attributes: &[(&'static str, Type)],
    rest: &mut &[u8],
) -> Result<Object, DecodeError> {
    let length = map_length(of, rest)?;
    let mut object = Object::with_capacity(length.min(attributes.len()));
    for at in 0..length {
        // Terraform sends the attributes in the order of the type.
        let (name, of) = match attributes.get(at).filter(|(name, _)| skip_key(name, rest)) {
            Some(next) => next,
            None => attribute(attributes, key(rest)?)?,
        };
        let value = decode_value(of, rest).map_err(|error| error.within(Step::Attribute(name)))?;
        if object.insert(name, value).is_some() {
            return Err(DecodeError::new("present twice").within(Step::Attribute(name)));
        }
    }
    if object.len() == attributes.len() {
        return Ok(object);
    }
    match attributes.iter().find(|(name, _)| !object.contains_key(name)) {
        Some((name, _)) => Err(DecodeError::new("missing").within(Step::Attribute(name))),
        None => Ok(object),
    }
}

/// Skips a key if it is this name, and short enough for its length to be in its first byte.
fn skip_key(name: &str, rest: &mut &[u8]) -> bool {
    let marker = u8::try_from(name.len()).ok().filter(|length| *length < 32).map(Marker::FixStr);
    let after = marker
        .and_then(|marker| rest.strip_prefix(&[marker.to_u8()])?.strip_prefix(name.as_bytes()));
    after.is_some_and(|after| {
        *rest = after;
        true
    })
}

/// The attribute with this key.
fn attribute<'a>(
    attributes: &'a [(&'static str, Type)],
    key: &str,
) -> Result<&'a (&'static str, Type), DecodeError> {
    let found = attributes.iter().find(|(name, _)| *name == key);
    found.ok_or_else(|| DecodeError::new(format!("there is no attribute {key:?}")))
}

fn map_length(of: &Type, rest: &mut &[u8]) -> Result<usize, DecodeError> {
    let length = decode::read_map_len(rest).map_err(|error| failed(of, error))?;
    available(length, rest)
}

fn key<'a>(rest: &mut &'a [u8]) -> Result<&'a str, DecodeError> {
    string(rest, |_| DecodeError::new("a key that is not a string"))
}

fn string<'a>(
    rest: &mut &'a [u8],
    unexpected: impl FnOnce(Marker) -> DecodeError,
) -> Result<&'a str, DecodeError> {
    let bytes: &'a [u8] = rest;
    let (text, tail) = decode::read_str_from_slice(bytes).map_err(|error| match error {
        DecodeStringError::TypeMismatch(marker) => unexpected(marker),
        DecodeStringError::InvalidUtf8(..) => DecodeError::new("a string that is not UTF-8"),
        _ => truncated(),
    })?;
    *rest = tail;
    Ok(text)
}

fn next_marker(rest: &[u8]) -> Result<Marker, DecodeError> {
    rest.first().map(|byte| Marker::from_u8(*byte)).ok_or_else(truncated)
}

fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32)
}

/// Skips an unknown value. It may contain refinements, such as "not null", which are ignored.
fn skip_extension(of: &Type, rest: &mut &[u8]) -> Result<(), DecodeError> {
    let extension = decode::read_ext_meta(rest).map_err(|error| failed(of, error))?;
    *rest = &rest[available(extension.size, rest)?..];
    Ok(())
}

/// A length, if at least so many bytes follow. Otherwise memory would be reserved for elements that
/// cannot exist.
fn available(length: u32, rest: &[u8]) -> Result<usize, DecodeError> {
    let length = usize::try_from(length).ok().filter(|length| *length <= rest.len());
    length.ok_or_else(truncated)
}

fn failed<E: RmpReadErr>(of: &Type, error: ValueReadError<E>) -> DecodeError {
    match error {
        ValueReadError::TypeMismatch(marker) => unexpected(of, marker),
        _ => truncated(),
    }
}

fn unexpected(of: &Type, marker: Marker) -> DecodeError {
    DecodeError::new(format!("expected {}, found {marker:?}", of.noun()))
}

fn truncated() -> DecodeError {
    DecodeError::new("truncated")
}

/// Encodes a value.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(CAPACITY);
    // Writing to memory fails only if a length is too large for msgpack. Terraform then reports that it
    // cannot read the response, which is better than half of a value.
    if write(value, &mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

/// Bytes of most objects.
const CAPACITY: usize = 512;

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), ValueWriteError> {
    match value {
        Value::Null => out.push(Marker::Null.to_u8()),
        Value::Unknown => out.extend([Marker::FixExt1.to_u8(), 0, 0]),
        Value::Bool(true) => out.push(Marker::True.to_u8()),
        Value::Bool(false) => out.push(Marker::False.to_u8()),
        Value::Number(Number::Int(int)) => {
            encode::write_sint(out, *int)?;
        }
        Value::Number(Number::Float(float)) => encode::write_f64(out, *float)?,
        Value::Number(Number::Decimal(text)) | Value::String(text) => encode::write_str(out, text)?,
        Value::List(elements) | Value::Set(elements) => {
            encode::write_array_len(out, length(elements.len()))?;
            elements.iter().try_for_each(|element| write(element, out))?;
        }
        Value::Map(elements) => {
            encode::write_map_len(out, length(elements.len()))?;
            for (key, element) in elements {
                encode::write_str(out, key)?;
                write(element, out)?;
            }
        }
        Value::Object(attributes) => {
            encode::write_map_len(out, length(attributes.len()))?;
            for (name, value) in attributes {
                encode::write_str(out, name)?;
                write(value, out)?;
            }
        }
    }
    Ok(())
}

/// A length in msgpack. No collection here has 2^32 elements.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
