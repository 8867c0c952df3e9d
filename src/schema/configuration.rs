//! A configuration for an existing object.

use super::attribute::{Attribute, Block, Configurability, Kind};
use super::value::Value;

/// The configuration that leads to this state. Null for what should not be written: values that CertCentral sets,
/// defaults, empty texts of optional arguments, secrets, and arguments that only the provider knows.
pub fn configuration(block: &Block, state: &Value) -> Value {
    if state.is_null() {
        return Value::Null;
    }
    let attributes = block.attributes.iter();
    Value::Object(attributes.map(|it| (it.name, argument(it, state.attribute(it.name)))).collect())
}

fn argument(attribute: &Attribute, value: &Value) -> Value {
    match &attribute.kind {
        _ if is_left_out(attribute, value) => Value::Null,
        Kind::Block(inner) => configuration(inner, value),
        Kind::Value(_) => value.clone(),
    }
}

fn is_left_out(attribute: &Attribute, value: &Value) -> bool {
    let is_default = [&attribute.default, &attribute.create_default]
        .into_iter()
        .any(|it| it.as_ref() == Some(value));
    let is_empty =
        value.as_str() == Some("") && attribute.configurability != Configurability::Required;
    !attribute.is_configurable()
        || attribute.sensitive
        || attribute.write_only
        || is_default
        || is_empty
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::schema::Model;
    use crate::secret::Secret;

    model! {
        /// A block.
        struct Inner {
            /// A name.
            pub name: String,
            /// Set by the API.
            #[attr(computed)]
            pub id: Option<String>,
        }
    }

    model! {
        /// A resource.
        struct Outer {
            /// Set by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// Required.
            pub name: String,
            /// Optional.
            pub title: Option<String>,
            /// With a default.
            #[attr(default(true))]
            pub on: Option<bool>,
            /// Set by the API if omitted.
            #[attr(optional_computed)]
            pub place: Option<String>,
            /// Secret.
            pub key: Option<Secret>,
            /// Nested.
            pub inner: Option<Inner>,
        }
    }

    #[test]
    fn what_should_not_be_written_is_null() {
        let inner = Value::Object([("name", "n".into()), ("id", "1".into())].into());
        let state = Value::Object(
            [
                ("id", "7".into()),
                ("name", "".into()),
                ("title", "".into()),
                ("on", true.into()),
                ("place", "here".into()),
                ("key", "secret-of-the-state".into()),
                ("inner", inner),
            ]
            .into(),
        );
        let shown = configuration(Outer::block(), &state).show_whole();
        let expected = r#"{id = null, inner = {id = null, name = "n"}, key = null, name = "", on = null, place = "here", title = null}"#;
        assert_eq!(shown, expected);
        assert!(configuration(Outer::block(), &Value::Null).is_null());
    }
}
