//! From state or plan to a request body.

use super::attribute::{Attribute, Block, JsonType, Kind};
use super::value::{Number, Value};
use serde_json::{Map, Value as Json};

/// Everything configurable that has a value. An empty text is left out: at the API the two are one.
pub fn body(block: &Block, value: &Value) -> Map<String, Json> {
    members(block.attributes.iter(), value)
}

fn members<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    value: &Value,
) -> Map<String, Json> {
    let is_sent = |attribute: &&Attribute| attribute.configurable() && !attribute.provider_only;
    let settable = attributes.filter(is_sent);
    settable
        .filter_map(|attribute| {
            let json = encode(attribute, value.attribute(attribute.name))?;
            Some((attribute.name.to_owned(), json))
        })
        .collect()
}

/// The arguments that can change and did, with their new values; nulls are left out.
pub fn changes(block: &Block, prior: &Value, planned: &Value) -> Map<String, Json> {
    let changed = |attribute: &&Attribute| {
        !attribute.immutable && prior.attribute(attribute.name) != planned.attribute(attribute.name)
    };
    members(block.attributes.iter().filter(changed), planned)
}

/// Everything that has a value, computed ones too, in the shape of an answer that says the same.
pub fn as_answer(value: &Value) -> Json {
    json(value, JsonType::Same)
}

fn encode(attribute: &Attribute, value: &Value) -> Option<Json> {
    match (&attribute.kind, value) {
        (_, Value::Null | Value::Unknown) => None,
        (_, Value::String(text)) if text.is_empty() => None,
        (Kind::Block(block), _) => Some(Json::Object(body(block, value))),
        (Kind::Value(_), _) => Some(json(value, attribute.json_type)),
    }
}

fn json(value: &Value, json_type: JsonType) -> Json {
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => match number {
            Number::Int(int) => Json::from(*int),
            Number::Float(float) => Json::from(*float),
            Number::Decimal(text) => Json::from(text.as_str()),
        },
        // Validation has seen to it that an id is digits that fit.
        Value::String(text) => match (json_type, text.parse::<u64>()) {
            (JsonType::Integer, Ok(id)) => Json::from(id),
            _ => Json::from(text.as_str()),
        },
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(|element| json(element, json_type)).collect()
        }
        Value::Map(elements) => Json::Object(
            elements.iter().map(|(key, value)| (key.clone(), json(value, json_type))).collect(),
        ),
        Value::Object(attributes) => Json::Object(
            attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json(value, json_type)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::model;
    use crate::schema::{Attr, Model};

    model! {
        /// A block.
        struct Inner {
            /// Given by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// A name.
            pub name: String,
            /// Optional.
            pub note: Option<String>,
        }
    }

    model! {
        /// A resource.
        struct Thing {
            /// Given by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// Changes.
            pub label: Option<String>,
            /// A count.
            #[attr(immutable)]
            pub count: Option<i64>,
            /// Nested.
            #[attr(immutable)]
            pub inner: Inner,
        }
    }

    #[test]
    fn bodies_hold_what_is_configured_and_updates_what_changed() {
        let inner = Inner { id: Some("8".into()), name: "n".into(), note: Some(String::new()) };
        let prior = Thing { id: Some("7".into()), label: Some("a".into()), count: Some(3), inner };
        let planned = Thing { label: Some("b".into()), count: Some(4), ..prior.clone() };
        let [prior, planned] = [prior, planned].map(Attr::into_value);
        let block = Thing::block();
        let show = |body: Map<String, Json>| Json::Object(body).to_string();
        expect![[r#"{"count":3,"inner":{"name":"n"},"label":"a"}"#]]
            .assert_eq(&show(body(block, &prior)));
        expect![[r#"{"label":"b"}"#]].assert_eq(&show(changes(block, &prior, &planned)));
        expect!["{}"].assert_eq(&show(changes(block, &prior, &prior)));
    }

    #[test]
    fn a_state_as_an_answer_is_read_as_the_same_state() {
        let inner = Inner { id: Some("8".into()), name: "n".into(), note: None };
        let state = Thing { id: Some("7".into()), label: None, count: Some(3), inner };
        let answer = state.clone().into_answer();
        expect![[r#"{"count":3,"id":"7","inner":{"id":"8","name":"n","note":null},"label":null}"#]]
            .assert_eq(&answer.to_string());
        assert!(Thing::from_answer(&answer).unwrap() == state);
    }
}
