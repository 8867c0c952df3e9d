//! State from a response of the API.

use super::attribute::{Attribute, Block, Kind};
use super::json::{Json, Mismatch, decode};
use super::path::Path;
use super::value::{Object, Value};

/// The state after a read.
///
/// A field of the response becomes state, unless it differs from the prior value only in letter case that
/// has no meaning. A field that is missing becomes null, or keeps its prior value if not all responses have
/// it. An immutable argument is read only if the state has no value for it, and never changed.
pub fn refresh(block: &Block, prior: &Value, response: &Json) -> (Value, Vec<Mismatch>) {
    let mut mismatches = Vec::new();
    let state = refresh_block(block, prior, response, &Path::default(), false, &mut mismatches);
    (state, mismatches)
}

/// The state after a create or an update: the plan, with its unknown values filled in.
pub fn apply_result(block: &Block, planned: &Value, response: &Json) -> (Value, Vec<Mismatch>) {
    let mut mismatches = Vec::new();
    let state = fill_block(block, planned, response, &Path::default(), &mut mismatches);
    (state, mismatches)
}

/// The state after an update that failed: what was `reached`. A computed value that is null there keeps its
/// prior value.
pub fn partial_state(block: &Block, prior: &Value, reached: Value) -> Value {
    let Value::Object(mut state) = reached else { return reached };
    for attribute in &block.attributes {
        let old = prior.attribute(attribute.name);
        let new = state.get_or_default(attribute.name);
        match &attribute.kind {
            _ if attribute.write_only => *new = Value::Null,
            Kind::Block(inner) => *new = partial_state(inner, old, std::mem::take(new)),
            Kind::Value(_) if new.is_null() && attribute.is_computed() => *new = old.clone(),
            Kind::Value(_) => {}
        }
    }
    Value::Object(state)
}

fn refresh_block(
    block: &Block,
    prior: &Value,
    response: &Json,
    path: &Path,
    immutable: bool,
    mismatches: &mut Vec<Mismatch>,
) -> Value {
    let mut state = Object::with_capacity(block.attributes.len());
    for attribute in &block.attributes {
        let old = prior.attribute(attribute.name);
        let immutable = immutable || attribute.immutable;
        let path = path.attribute(attribute.name);
        let new = match (&attribute.kind, field(response, attribute)) {
            _ if attribute.write_only => Value::Null,
            _ if attribute.read_if_configured && old.is_null() => Value::Null,
            _ if immutable && is_fixed(attribute, prior, old, &path) => old.clone(),
            (Kind::Block(inner), Some(json)) if json.is_object() => {
                refresh_block(inner, old, json, &path, immutable, mismatches)
            }
            (_, Some(json)) => match decode(attribute, json, &path) {
                Ok(new) if is_equivalent(attribute, old, &new) => old.clone(),
                Ok(new) => new,
                Err(found) => {
                    mismatches.extend(found);
                    old.clone()
                }
            },
            (_, None) => missing(attribute, old),
        };
        state.insert(attribute.name, or_default(attribute, new));
    }
    Value::Object(state)
}

/// A null value becomes the default, if there is one.
fn or_default(attribute: &Attribute, value: Value) -> Value {
    match &attribute.default {
        Some(default) if value.is_null() => default.clone(),
        _ => value,
    }
}

/// Whether a read must not change an immutable argument.
///
/// An argument that is omitted from a configured block must stay null: otherwise each plan would report a
/// change. It is read only together with its whole block, as after an import.
fn is_fixed(attribute: &Attribute, block: &Value, old: &Value, path: &Path) -> bool {
    let in_known_block = path.is_nested() && !block.is_null();
    match attribute.kind {
        Kind::Block(_) => false,
        Kind::Value(_) => {
            attribute.is_configurable()
                && (!old.is_null() || (in_known_block && !attribute.is_computed()))
        }
    }
}

/// The field, unless it is missing, null or empty. To the API these are the same.
fn field<'a>(response: &'a Json, attribute: &Attribute) -> Option<&'a Json> {
    let json = response.get(attribute.name)?;
    let empty = json.is_null() || json.as_str() == Some("");
    (!empty).then_some(json)
}

/// The state of an attribute that the response does not have.
fn missing(attribute: &Attribute, old: &Value) -> Value {
    if attribute.not_returned || old.as_str() == Some("") { old.clone() } else { Value::Null }
}

/// Whether the values differ at most in letter case that has no meaning.
fn is_equivalent(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    attribute.case_insensitive && !old.is_null() && old.to_lowercase() == new.to_lowercase()
}

fn fill_block(
    block: &Block,
    planned: &Value,
    response: &Json,
    path: &Path,
    mismatches: &mut Vec<Mismatch>,
) -> Value {
    let mut state = Object::with_capacity(block.attributes.len());
    for attribute in &block.attributes {
        let path = path.attribute(attribute.name);
        let value = match (planned.attribute(attribute.name), &attribute.kind) {
            (planned, _) if planned.is_wholly_known() => planned.clone(),
            (planned @ Value::Object(_), Kind::Block(inner)) => {
                let response = field(response, attribute).unwrap_or(&Json::Null);
                fill_block(inner, planned, response, &path, mismatches)
            }
            (planned, _) => {
                let found = field(response, attribute).map(|json| decode(attribute, json, &path));
                let found = found.transpose().unwrap_or_else(|found| {
                    mismatches.extend(found);
                    None
                });
                fill_value(planned, found.unwrap_or_default())
            }
        };
        state.insert(attribute.name, value);
    }
    Value::Object(state)
}

/// The planned value, with its unknown parts from `found`. A part that was not found becomes null.
///
/// Terraform requires that a list keeps its planned length and that known parts stay as planned.
fn fill_value(planned: &Value, found: Value) -> Value {
    match (planned, found) {
        (planned, _) if planned.is_wholly_known() => planned.clone(),
        (Value::List(planned), found) => {
            let mut found = match found {
                Value::List(found) => found.into_iter(),
                _ => Vec::new().into_iter(),
            };
            let fill = |planned| fill_value(planned, found.next().unwrap_or_default());
            Value::List(planned.iter().map(fill).collect())
        }
        (Value::Object(planned), found) => {
            let fill = |(name, planned): &(&'static str, Value)| {
                (*name, fill_value(planned, found.attribute(name).clone()))
            };
            Value::Object(planned.iter().map(fill).collect())
        }
        (_, found) => found,
    }
}
