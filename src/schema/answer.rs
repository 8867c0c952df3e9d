//! From an answer of the API to state.

use super::attribute::{Attribute, Block, JsonType, Kind};
use super::path::Path;
use super::plan::fold;
use super::types::Type;
use super::value::{Number, Object, Value};

/// JSON whose keys are attribute names: what the API answered, in the shape of a block.
pub type Json = serde_json::Value;

/// A field of an answer that the attribute cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Such as "`organization.zip`: expected text, found an object".
    pub text: String,
    /// Whether it is an argument. A value that CertCentral alone gives is kept as it was.
    pub in_argument: bool,
}

/// The state after a read.
///
/// What the answer carries is taken, spelled as in state where both say the same. What it lacks is
/// null if the endpoint is known to carry it, and kept as it was otherwise. Arguments that cannot
/// change are filled where state has none and never overwritten.
pub fn refresh(block: &Block, prior: &Value, answer: &Json) -> (Value, Vec<Mismatch>) {
    let mut mismatches = Vec::new();
    let state = refresh_block(block, prior, answer, &Path::default(), false, &mut mismatches);
    (state, mismatches)
}

/// The state after a create or an update: the plan, with nothing but the unknowns filled in.
pub fn apply_result(block: &Block, planned: &Value, answer: &Json) -> (Value, Vec<Mismatch>) {
    let mut mismatches = Vec::new();
    let state = fill_block(block, planned, answer, &Path::default(), &mut mismatches);
    (state, mismatches)
}

/// What an update that broke off has reached: computed values it could not learn stay as they were.
pub fn partial_state(block: &Block, prior: &Value, reached: Value) -> Value {
    let Value::Object(mut state) = reached else { return reached };
    for attribute in &block.attributes {
        let old = prior.attribute(attribute.name);
        let new = state.entry(attribute.name).or_default();
        match &attribute.kind {
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
    answer: &Json,
    path: &Path,
    immutable: bool,
    mismatches: &mut Vec<Mismatch>,
) -> Value {
    let mut state = Object::new();
    for attribute in &block.attributes {
        let old = prior.attribute(attribute.name);
        let immutable = immutable || attribute.immutable;
        let path = path.attribute(attribute.name);
        let new = match (&attribute.kind, field(answer, attribute)) {
            _ if attribute.if_configured && old.is_null() => Value::Null,
            _ if immutable && is_settled(attribute, prior, old, &path) => old.clone(),
            (Kind::Block(inner), Some(json)) if json.is_object() => {
                refresh_block(inner, old, json, &path, immutable, mismatches)
            }
            (_, Some(json)) => match decode_attribute(attribute, json, &path) {
                Ok(new) if equivalent(attribute, old, &new) => old.clone(),
                Ok(new) => new,
                Err(found) => {
                    mismatches.extend(found);
                    old.clone()
                }
            },
            (_, None) => absent(attribute, old),
        };
        state.insert(attribute.name, or_default(attribute, new));
    }
    Value::Object(state)
}

/// A state that lacks a value which has a default is filled in.
fn or_default(attribute: &Attribute, value: Value) -> Value {
    match &attribute.default {
        Some(default) if value.is_null() => default.clone(),
        _ => value,
    }
}

/// Whether a read must leave an argument that cannot change as it is.
///
/// One that was left out of a block must stay so: filled in, it would be an edit in every plan to
/// come. It is filled only with its whole block, as after an import.
fn is_settled(attribute: &Attribute, block: &Value, old: &Value, path: &Path) -> bool {
    let in_known_block = path.steps().len() > 1 && !block.is_null();
    match attribute.kind {
        Kind::Block(_) => false,
        Kind::Value(_) => {
            attribute.configurable()
                && (!old.is_null() || (in_known_block && !attribute.is_computed()))
        }
    }
}

/// The field, unless it is missing, null or empty, which all mean the same at the API.
fn field<'a>(answer: &'a Json, attribute: &Attribute) -> Option<&'a Json> {
    let json = answer.get(attribute.name)?;
    let empty = json.is_null() || json.as_str() == Some("");
    (!empty).then_some(json)
}

fn absent(attribute: &Attribute, old: &Value) -> Value {
    if attribute.unreadable || old.as_str() == Some("") { old.clone() } else { Value::Null }
}

/// Equal but for what carries no meaning.
fn equivalent(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    attribute.caseless && !old.is_null() && fold(old) == fold(new)
}

fn fill_block(
    block: &Block,
    planned: &Value,
    answer: &Json,
    path: &Path,
    mismatches: &mut Vec<Mismatch>,
) -> Value {
    let mut state = Object::new();
    for attribute in &block.attributes {
        let path = path.attribute(attribute.name);
        let value = match (planned.attribute(attribute.name), &attribute.kind) {
            (planned, _) if planned.is_wholly_known() => planned.clone(),
            (planned @ Value::Object(_), Kind::Block(inner)) => {
                let answer = field(answer, attribute).unwrap_or(&Json::Null);
                fill_block(inner, planned, answer, &path, mismatches)
            }
            (planned, _) => {
                let found =
                    field(answer, attribute).map(|json| decode_attribute(attribute, json, &path));
                let found = found.transpose().unwrap_or_else(|found| {
                    mismatches.extend(found);
                    None
                });
                fill_unknown(planned, found.unwrap_or_default())
            }
        };
        state.insert(attribute.name, value);
    }
    Value::Object(state)
}

/// What was planned, with the unknown parts of its lists and objects from what was found: null where
/// nothing was. Core accepts neither another length of a list nor another known part.
fn fill_unknown(planned: &Value, found: Value) -> Value {
    match (planned, found) {
        (planned, _) if planned.is_wholly_known() => planned.clone(),
        (Value::List(planned), found) => {
            let mut found = match found {
                Value::List(found) => found.into_iter(),
                _ => Vec::new().into_iter(),
            };
            let fill = |planned| fill_unknown(planned, found.next().unwrap_or_default());
            Value::List(planned.iter().map(fill).collect())
        }
        (Value::Object(planned), found) => {
            let fill = |(name, planned): (&&'static str, &Value)| {
                (*name, fill_unknown(planned, found.attribute(name).clone()))
            };
            Value::Object(planned.iter().map(fill).collect())
        }
        (_, found) => found,
    }
}

/// The value of an attribute, or what of it the attribute cannot hold.
fn decode_attribute(
    attribute: &Attribute,
    json: &Json,
    path: &Path,
) -> Result<Value, Vec<Mismatch>> {
    let mut problems = Vec::new();
    let members = match &attribute.kind {
        Kind::Block(block) => Some(*block),
        Kind::Value(_) => attribute.members.as_ref(),
    };
    let shape = Shape { is_id: attribute.json_type == JsonType::Integer, members };
    let value = decode(attribute.kind.value_type(), json, path, shape, &mut problems);
    if problems.is_empty() {
        return Ok(value);
    }
    let in_argument = attribute.configurable();
    Err(problems.into_iter().map(|text| Mismatch { text, in_argument }).collect())
}

/// What a type alone does not say of its values.
#[derive(Clone, Copy)]
struct Shape<'a> {
    /// Its texts are IDs.
    is_id: bool,
    /// The attributes of its objects.
    members: Option<&'a Block>,
}

impl<'a> Shape<'a> {
    fn of_member(self, name: &str) -> Self {
        let member = self.members.and_then(|block| block.get(name));
        Self {
            is_id: member.is_some_and(|it| it.json_type == JsonType::Integer),
            members: member.and_then(|it| it.members.as_ref()),
        }
    }
}

/// Reads leniently: IDs and booleans come as numbers, strings and JSON booleans.
fn decode(
    of: &Type,
    json: &Json,
    path: &Path,
    shape: Shape<'_>,
    problems: &mut Vec<String>,
) -> Value {
    let decoded = match (of, json) {
        (_, Json::Null) => Some(Value::Null),
        (Type::String, _) if shape.is_id => id(json).map(|id| Value::String(id.to_string())),
        (Type::String, Json::String(text)) => Some(Value::from(text.as_str())),
        (Type::String, Json::Number(number)) => Some(Value::String(number.to_string())),
        (Type::Bool, _) => boolean(json).map(Value::Bool),
        (Type::Number, Json::Number(number)) => {
            Number::parse(&number.to_string()).map(Value::Number)
        }
        (Type::Number, Json::String(text)) => Number::parse(text).map(Value::Number),
        (Type::List(of), Json::Array(elements)) => Some(Value::List(
            elements.iter().map(|json| decode(of, json, path, shape, problems)).collect(),
        )),
        (Type::Set(of), Json::Array(elements)) => {
            Some(Value::set(elements.iter().map(|json| decode(of, json, path, shape, problems))))
        }
        (Type::Map(of), Json::Object(elements)) => {
            let decode = |(key, json): (&String, &Json)| {
                (key.clone(), decode(of, json, path, shape, problems))
            };
            Some(Value::Map(elements.iter().map(decode).collect()))
        }
        (Type::Object(attributes), Json::Object(fields)) => {
            let decode = |(name, of): &(&'static str, Type)| {
                let json = fields.get(*name).unwrap_or(&Json::Null);
                let path = path.attribute(name);
                (*name, decode(of, json, &path, shape.of_member(name), problems))
            };
            Some(Value::Object(attributes.iter().map(decode).collect()))
        }
        _ => None,
    };
    decoded.unwrap_or_else(|| {
        let wanted = if shape.is_id { "an ID in decimal digits" } else { wanted(of) };
        problems.push(format!("`{path}`: expected {wanted}, found {}", found(json)));
        Value::Null
    })
}

/// The one spelling of an ID: digits without leading zeros, as a number or as text.
fn id(json: &Json) -> Option<u64> {
    match json {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => super::check::id(text),
        _ => None,
    }
}

/// A boolean in any of the forms the API has been seen to use.
fn boolean(json: &Json) -> Option<bool> {
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

fn wanted(of: &Type) -> &'static str {
    match of {
        Type::Bool => "true or false",
        Type::Number => "a number",
        Type::String => "text",
        Type::List(_) | Type::Set(_) => "an array",
        Type::Map(_) | Type::Object(_) => "an object",
    }
}

fn found(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::model;
    use crate::schema::test_id::Id;
    use crate::schema::{Attr, Model};

    model! {
        /// A place that never changes.
        struct Place {
            /// Given by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// A country.
            #[attr(caseless)]
            pub country: String,
            /// Optional.
            pub note: Option<String>,
        }
    }

    model! {
        /// A resource.
        struct Thing {
            /// Given by the API.
            #[attr(computed, unreadable)]
            pub id: Option<String>,
            /// Readable.
            pub title: Option<String>,
            /// Not readable.
            #[attr(unreadable)]
            pub hidden: Option<String>,
            /// Switch.
            pub active: Option<bool>,
            /// Read where configured.
            #[attr(if_configured)]
            pub sso: Option<bool>,
            /// Addresses.
            #[attr(caseless)]
            pub emails: Option<BTreeSet<String>>,
            /// Nested and fixed.
            #[attr(immutable)]
            pub place: Option<Place>,
        }
    }

    fn read(prior: Thing, answer: Json) -> (Thing, Vec<Mismatch>) {
        let (state, mismatches) = refresh(Thing::block(), &prior.into_value(), &answer);
        (Thing::from_value(&state).unwrap(), mismatches)
    }

    fn texts(texts: &[&str]) -> Option<BTreeSet<String>> {
        Some(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn drift_shows_and_spelling_does_not() {
        let prior = Thing {
            id: Some("1".into()),
            title: Some("Boss".into()),
            hidden: Some("kept".into()),
            active: Some(true),
            emails: texts(&["Ana@example.com", "bo@example.com"]),
            ..Thing::default()
        };
        let answer =
            json!({"active": "0", "sso": true, "emails": ["BO@example.com", "ana@example.com"]});
        let (state, mismatches) = read(prior, answer);
        assert!(mismatches.is_empty());
        assert_eq!(state.id.as_deref(), Some("1"));
        assert_eq!(state.title, None, "readable and absent");
        assert_eq!(state.hidden.as_deref(), Some("kept"), "not readable and absent");
        assert_eq!(state.active, Some(false), "a boolean in disguise");
        assert_eq!(state.sso, None, "not configured");
        assert_eq!(
            state.emails,
            texts(&["Ana@example.com", "bo@example.com"]),
            "same but for case"
        );
    }

    #[test]
    fn an_object_is_as_wanted_where_its_plan_would_be_empty() {
        let wanted = Thing {
            title: Some(String::new()),
            hidden: Some("sent".into()),
            sso: Some(true),
            emails: texts(&["Ana@example.com"]),
            ..Thing::default()
        };
        for (answer, agrees) in [
            (json!({"id": 7, "sso": 1, "emails": ["ana@example.com"]}), true),
            (json!({"sso": true, "emails": ["ana@example.com"], "title": "Boss"}), false),
            (json!({"sso": true, "emails": ["ana@example.com"], "active": false}), false),
            (json!({"sso": false, "emails": ["ana@example.com"]}), false),
            (json!({"sso": true, "emails": ["bo@example.com"]}), false),
            (json!({"sso": true, "emails": {}}), false),
        ] {
            assert_eq!(wanted.agrees_with(&answer), agrees, "{answer}");
        }
    }

    #[test]
    fn empty_text_and_absence_are_one() {
        let prior = Thing { title: Some(String::new()), ..Thing::default() };
        assert_eq!(read(prior.clone(), json!({})).0.title.as_deref(), Some(""));
        assert_eq!(read(prior, json!({"title": ""})).0.title.as_deref(), Some(""));
        assert_eq!(read(Thing::default(), json!({"title": ""})).0.title, None);
    }

    #[test]
    fn what_cannot_change_is_filled_once() {
        let answer = json!({"place": {"id": 8, "country": "us", "note": "from the API"}});
        let filled = read(Thing::default(), answer.clone()).0.place.unwrap();
        assert_eq!((filled.country.as_str(), filled.note.as_deref()), ("us", Some("from the API")));

        let mine = Place { country: "DE".into(), ..Place::default() };
        let kept = read(Thing { place: Some(mine), ..Thing::default() }, answer).0.place.unwrap();
        assert_eq!(
            (kept.country.as_str(), kept.note),
            ("DE", None),
            "an edit elsewhere stops no plan"
        );
        assert_eq!(kept.id.as_deref(), Some("8"), "computed values follow");
    }

    #[test]
    fn a_field_of_another_shape_is_named() {
        let (_, mismatches) =
            read(Thing::default(), json!({"title": {}, "place": [1], "active": 2}));
        let texts: Vec<_> = mismatches.iter().map(|it| it.text.as_str()).collect();
        assert!(mismatches.iter().all(|it| it.in_argument));
        assert_eq!(
            texts,
            [
                "`title`: expected text, found an object",
                "`active`: expected true or false, found a number",
                "`place`: expected an object, found an array",
            ]
        );
    }

    #[test]
    fn a_computed_value_of_another_shape_is_kept_as_it_was() {
        model! {
            /// A resource.
            struct Computed {
                /// ID.
                #[attr(computed)]
                pub id: Option<Id>,
                /// Word.
                #[attr(computed)]
                pub status: Option<String>,
                /// Owners.
                #[attr(computed)]
                pub owner_ids: Option<BTreeSet<Id>>,
            }
        }
        let prior = Computed {
            id: Some(Id(7)),
            status: Some("active".into()),
            owner_ids: Some([Id(8)].into()),
        };
        for (answer, text) in [
            (json!({"status": {}}), "`status`: expected text, found an object"),
            (json!({"id": "u-101"}), "`id`: expected an ID in decimal digits, found text"),
            (
                json!({"owner_ids": ["07"]}),
                "`owner_ids`: expected an ID in decimal digits, found text",
            ),
        ] {
            let full = json!({"id": 7, "status": "active", "owner_ids": ["8"]});
            let mut full = full.as_object().unwrap().clone();
            full.extend(answer.as_object().unwrap().clone());
            let (state, mismatches) =
                refresh(Computed::block(), &prior.clone().into_value(), &Json::Object(full));
            assert_eq!(mismatches, [Mismatch { text: text.into(), in_argument: false }]);
            assert!(Computed::from_value(&state).unwrap() == prior);
        }
    }

    #[test]
    fn only_unknowns_are_filled() {
        let planned = Value::Object(
            [("id", Value::Unknown), ("title", "mine".into()), ("active", Value::Unknown)].into(),
        );
        let (state, _) =
            apply_result(Thing::block(), &planned, &json!({"id": 7, "title": "theirs"}));
        let state = Thing::from_value(&state).unwrap();
        assert_eq!(state.id.as_deref(), Some("7"));
        assert_eq!(state.title.as_deref(), Some("mine"));
        assert_eq!(state.active, None, "unknown and not answered is null");
    }

    #[test]
    fn unknown_parts_are_filled_and_known_ones_stay() {
        model! {
            /// A row.
            struct Row {
                /// Given by the API.
                pub id: Option<Id>,
                /// Name.
                pub name: String,
            }
        }
        model! {
            /// A resource.
            struct Rows {
                /// Rows.
                #[attr(computed)]
                pub rows: Option<Vec<Row>>,
            }
        }
        let row = |id: Value, name: &str| Value::Object([("id", id), ("name", name.into())].into());
        let rows = |ids: [Value; 3]| {
            let rows = ids.into_iter().zip(["a", "b", "c"]).map(|(id, name)| row(id, name));
            Value::Object([("rows", Value::List(rows.collect()))].into())
        };
        let planned = rows(["1".into(), Value::Unknown, Value::Unknown]);
        for (answer, expected, mismatches) in [
            (json!([{"id": 9, "name": "x"}, {"id": 2, "name": "y"}, {"id": 3}]), ["2", "3"], 0),
            (json!([{"id": 1}, {"id": 2}]), ["2", ""], 0),
            (json!([{}, {}, {"id": 3}, {"id": 4}]), ["", "3"], 0),
            (json!(null), ["", ""], 0),
            (json!([{}, {"id": "x"}, {"id": 3}]), ["", ""], 1),
        ] {
            let id = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
            let [two, three] = expected.map(id);
            let (state, found) = apply_result(Rows::block(), &planned, &json!({"rows": answer}));
            assert_eq!(state, rows(["1".into(), two, three]), "{answer}");
            assert_eq!(found.len(), mismatches, "{answer}");
        }
    }
}
