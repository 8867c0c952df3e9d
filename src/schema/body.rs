//! Request bodies from state or plan.

use serde_json::Map;

use super::attribute::{Attribute, Block, JsonType, Kind};
use super::json::{Json, encode};
use super::value::Value;

/// All arguments that have a value. An empty string is omitted: to the API it is the same as no value.
pub fn body(block: &Block, value: &Value) -> Map<String, Json> {
    members(block.attributes.iter(), value)
}

/// The arguments that can be changed and differ, with their new values. Nulls are omitted.
pub fn changes(block: &Block, prior: &Value, planned: &Value) -> Map<String, Json> {
    let changed = |attribute: &&Attribute| {
        !attribute.immutable && prior.attribute(attribute.name) != planned.attribute(attribute.name)
    };
    members(block.attributes.iter().filter(changed), planned)
}

/// The response that [`refresh`](super::refresh) would read as this value.
pub fn as_response(value: &Value) -> Json {
    encode(value, JsonType::Same)
}

fn members<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    value: &Value,
) -> Map<String, Json> {
    let is_sent = |it: &&Attribute| it.is_configurable() && !it.provider_only && !it.write_only;
    let member = |attribute: &Attribute| {
        let json = argument(attribute, value.attribute(attribute.name))?;
        Some((attribute.name.to_owned(), json))
    };
    attributes.filter(is_sent).filter_map(member).collect()
}

fn argument(attribute: &Attribute, value: &Value) -> Option<Json> {
    match (&attribute.kind, value) {
        (_, Value::Null | Value::Unknown) => None,
        (_, Value::String(text)) if text.is_empty() => None,
        (Kind::Block(block), _) => Some(Json::Object(body(block, value))),
        (Kind::Value(_), _) => Some(encode(value, attribute.json_type)),
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
            /// Set by the API.
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
            /// Set by the API.
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
    fn a_body_has_the_arguments_and_an_update_those_that_changed() {
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
    fn a_state_as_a_response_is_read_as_the_same_state() {
        let inner = Inner { id: Some("8".into()), name: "n".into(), note: None };
        let state = Thing { id: Some("7".into()), label: None, count: Some(3), inner };
        let response = state.clone().into_response();
        expect![[r#"{"count":3,"id":"7","inner":{"id":"8","name":"n","note":null},"label":null}"#]]
            .assert_eq(&response.to_string());
        assert!(Thing::from_response(&response).unwrap() == state);
    }
}
