//! Values in msgpack, the form in which Terraform sends and wants them.
//!
//! Decoding follows the type from the schema, so its depth is bounded by the schema, and lengths
//! are believed only as far as bytes are there.

use rmp::Marker;
use rmp::encode::{self, ValueWriteError};

use crate::schema::{Number, Object, Path, Step, Type, Value};

/// Bytes that are no value of the type: what is wrong, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", at(path))]
pub struct DecodeError {
    /// The place within the value; empty for the value as a whole.
    pub path: Path,
    /// A fragment such as "expected text, found an array".
    pub problem: String,
}

fn at(path: &Path) -> String {
    if path.steps().is_empty() { String::new() } else { format!("`{path}`: ") }
}

impl DecodeError {
    /// A problem right here. Whoever steps into a value adds its place when the error comes out, so
    /// that no path is made for all that is well.
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { path: Path::default(), problem: problem.into() }
    }

    /// The same problem, seen from the value that this step led into.
    pub(super) fn within(self, step: Step) -> Self {
        Self { path: self.path.within(step), ..self }
    }
}

/// Reads one value of that type, and nothing behind it.
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
    let marker = Marker::from_u8(u8::from_be_bytes(take(rest)?));
    match (of, marker) {
        (_, Marker::Null) => Ok(Value::Null),
        (_, marker) if is_extension(marker) => {
            skip_extension(marker, rest)?;
            Ok(Value::Unknown)
        }
        (Type::Bool, Marker::True) => Ok(Value::Bool(true)),
        (Type::Bool, Marker::False) => Ok(Value::Bool(false)),
        (Type::Number, marker) => number(marker, rest).map(Value::Number),
        (Type::String, marker) => match string_length(marker, rest)? {
            Some(length) => text(length, rest).map(Value::from),
            None => Err(unexpected(of, marker)),
        },
        (Type::List(element), marker) => elements(of, element, marker, rest).map(Value::List),
        (Type::Set(element), marker) => elements(of, element, marker, rest).map(Value::set),
        (Type::Map(element), marker) => {
            let mut map = std::collections::BTreeMap::new();
            for _ in 0..map_length(of, marker, rest)? {
                let key = key(rest)?.to_owned();
                let value = decode_value(element, rest)
                    .map_err(|error| error.within(Step::Key(key.clone())))?;
                map.insert(key, value);
            }
            Ok(Value::Map(map))
        }
        (Type::Object(attributes), marker) => {
            object(attributes, map_length(of, marker, rest)?, rest).map(Value::Object)
        }
        (_, marker) => Err(unexpected(of, marker)),
    }
}

fn object(
    attributes: &[(&'static str, Type)],
    length: usize,
    rest: &mut &[u8],
) -> Result<Object, DecodeError> {
    let mut object = Object::new();
    for _ in 0..length {
        let key = key(rest)?;
        let Some((name, of)) = attributes.iter().find(|(name, _)| *name == key) else {
            return Err(DecodeError::new(format!("there is no attribute {key:?}")));
        };
        let value = decode_value(of, rest).map_err(|error| error.within(Step::Attribute(name)))?;
        if object.insert(name, value).is_some() {
            return Err(DecodeError::new("present twice").within(Step::Attribute(name)));
        }
    }
    match attributes.iter().find(|(name, _)| !object.contains_key(name)) {
        Some((name, _)) => Err(DecodeError::new("missing").within(Step::Attribute(name))),
        None => Ok(object),
    }
}

fn elements(
    of: &Type,
    element: &Type,
    marker: Marker,
    rest: &mut &[u8],
) -> Result<Vec<Value>, DecodeError> {
    let length = match marker {
        Marker::FixArray(length) => usize::from(length),
        Marker::Array16 => usize::from(u16::from_be_bytes(take(rest)?)),
        Marker::Array32 => long(u32::from_be_bytes(take(rest)?)),
        marker => return Err(unexpected(of, marker)),
    };
    let length = plausible(length, rest)?;
    let decode =
        |n| decode_value(element, rest).map_err(|error: DecodeError| error.within(Step::Index(n)));
    (0..length).map(decode).collect()
}

fn number(marker: Marker, rest: &mut &[u8]) -> Result<Number, DecodeError> {
    Ok(match marker {
        Marker::FixPos(n) => Number::Int(n.into()),
        Marker::FixNeg(n) => Number::Int(n.into()),
        Marker::U8 => Number::Int(u8::from_be_bytes(take(rest)?).into()),
        Marker::U16 => Number::Int(u16::from_be_bytes(take(rest)?).into()),
        Marker::U32 => Number::Int(u32::from_be_bytes(take(rest)?).into()),
        Marker::U64 => {
            let n = u64::from_be_bytes(take(rest)?);
            i64::try_from(n).map_or_else(|_| Number::Decimal(n.to_string()), Number::Int)
        }
        Marker::I8 => Number::Int(i8::from_be_bytes(take(rest)?).into()),
        Marker::I16 => Number::Int(i16::from_be_bytes(take(rest)?).into()),
        Marker::I32 => Number::Int(i32::from_be_bytes(take(rest)?).into()),
        Marker::I64 => Number::Int(i64::from_be_bytes(take(rest)?)),
        Marker::F32 => Number::from_float(f32::from_be_bytes(take(rest)?).into()),
        Marker::F64 => Number::from_float(f64::from_be_bytes(take(rest)?)),
        marker => {
            let Some(length) = string_length(marker, rest)? else {
                return Err(unexpected(&Type::Number, marker));
            };
            let text = text(length, rest)?;
            Number::parse(text).ok_or_else(|| DecodeError::new("text that is not a number"))?
        }
    })
}

/// The length of the text that follows, if the marker announces one.
fn string_length(marker: Marker, rest: &mut &[u8]) -> Result<Option<usize>, DecodeError> {
    Ok(Some(match marker {
        Marker::FixStr(length) => usize::from(length),
        Marker::Str8 => usize::from(u8::from_be_bytes(take(rest)?)),
        Marker::Str16 => usize::from(u16::from_be_bytes(take(rest)?)),
        Marker::Str32 => long(u32::from_be_bytes(take(rest)?)),
        _ => return Ok(None),
    }))
}

fn map_length(of: &Type, marker: Marker, rest: &mut &[u8]) -> Result<usize, DecodeError> {
    let length = match marker {
        Marker::FixMap(length) => usize::from(length),
        Marker::Map16 => usize::from(u16::from_be_bytes(take(rest)?)),
        Marker::Map32 => long(u32::from_be_bytes(take(rest)?)),
        marker => return Err(unexpected(of, marker)),
    };
    plausible(length, rest)
}

fn key<'a>(rest: &mut &'a [u8]) -> Result<&'a str, DecodeError> {
    let marker = Marker::from_u8(u8::from_be_bytes(take(rest)?));
    match string_length(marker, rest)? {
        Some(length) => text(length, rest),
        None => Err(DecodeError::new("a key that is not text")),
    }
}

fn text<'a>(length: usize, rest: &mut &'a [u8]) -> Result<&'a str, DecodeError> {
    let bytes = take_slice(length, rest)?;
    std::str::from_utf8(bytes).map_err(|_| DecodeError::new("text that is not UTF-8"))
}

fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32)
}

/// Passes over the code and body of an extension: whatever it refines, the value is unknown.
fn skip_extension(marker: Marker, rest: &mut &[u8]) -> Result<(), DecodeError> {
    let length = match marker {
        Marker::FixExt1 => 1,
        Marker::FixExt2 => 2,
        Marker::FixExt4 => 4,
        Marker::FixExt8 => 8,
        Marker::FixExt16 => 16,
        Marker::Ext8 => usize::from(u8::from_be_bytes(take(rest)?)),
        Marker::Ext16 => usize::from(u16::from_be_bytes(take(rest)?)),
        _ => long(u32::from_be_bytes(take(rest)?)),
    };
    take_slice(1, rest)?;
    take_slice(length, rest).map(drop)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], DecodeError> {
    let (head, tail) =
        rest.split_first_chunk::<N>().ok_or_else(|| DecodeError::new("cut short"))?;
    *rest = tail;
    Ok(*head)
}

fn take_slice<'a>(length: usize, rest: &mut &'a [u8]) -> Result<&'a [u8], DecodeError> {
    let (head, tail) =
        rest.split_at_checked(length).ok_or_else(|| DecodeError::new("cut short"))?;
    *rest = tail;
    Ok(head)
}

/// A length of four bytes; on a machine where it does not fit, no input is that long.
fn long(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// A count of elements that the bytes left could hold, so that none is allocated for in vain.
fn plausible(length: usize, rest: &[u8]) -> Result<usize, DecodeError> {
    if length > rest.len() { Err(DecodeError::new("cut short")) } else { Ok(length) }
}

fn unexpected(of: &Type, marker: Marker) -> DecodeError {
    let wanted = match of {
        Type::Bool => "a boolean",
        Type::Number => "a number",
        Type::String => "text",
        Type::List(_) | Type::Set(_) => "an array",
        Type::Map(_) | Type::Object(_) => "a map",
    };
    DecodeError::new(format!("expected {wanted}, found {marker:?}"))
}

/// The value as Terraform reads it.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory does not fail; an impossible length would, and then nothing is better than
    // half a value: core reports that it cannot read the answer.
    if write(value, &mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

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

/// A length as msgpack has it; nothing here has four thousand million elements.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
