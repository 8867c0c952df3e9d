//! Write-only arguments: a configuration passes them to the provider, and neither a plan nor a state has them.
//!
//! Hosts send them with the configuration of a plan and of an apply, and refuse an answer that contains one. A
//! host that does not know them would store them in the state, so such a host must not send any.
//!
//! <https://developer.hashicorp.com/terraform/plugin/framework/resources/write-only-arguments>

use std::borrow::Cow;

use super::attribute::{Block, Kind};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::path::Path;
use super::value::Value;

/// Makes every write-only argument in a planned state or a state null.
pub fn remove_write_only(block: &Block, value: &mut Value) {
    if !has_write_only(block) {
        return;
    }
    let Value::Object(object) = value else { return };
    for attribute in &block.attributes {
        let Some(member) = object.get_mut(attribute.name) else { continue };
        match &attribute.kind {
            _ if attribute.write_only => *member = Value::Null,
            Kind::Block(inner) => remove_write_only(inner, member),
            Kind::Value(_) => {}
        }
    }
}

/// The planned state with the write-only arguments of the configuration, for an apply.
pub fn with_write_only<'a>(block: &Block, planned: &'a Value, config: &Value) -> Cow<'a, Value> {
    if !has_write_only(block) {
        return Cow::Borrowed(planned);
    }
    let mut planned = planned.clone();
    add_write_only(block, &mut planned, config);
    Cow::Owned(planned)
}

/// An error for each write-only argument that a host without write-only arguments has sent.
pub fn refuse_write_only(block: &Block, config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    if !has_write_only(block) {
        return diagnostics;
    }
    refuse(block, config, &Path::default(), &mut diagnostics);
    diagnostics
}

fn has_write_only(block: &Block) -> bool {
    block.attributes.iter().any(|attribute| match &attribute.kind {
        Kind::Block(inner) => has_write_only(inner),
        Kind::Value(_) => attribute.write_only,
    })
}

fn add_write_only(block: &Block, planned: &mut Value, config: &Value) {
    let Value::Object(object) = planned else { return };
    for attribute in &block.attributes {
        let configured = config.attribute(attribute.name);
        match &attribute.kind {
            _ if attribute.write_only => {
                object.insert(attribute.name, configured.clone());
            }
            Kind::Block(inner) => {
                if let Some(member) = object.get_mut(attribute.name) {
                    add_write_only(inner, member, configured);
                }
            }
            Kind::Value(_) => {}
        }
    }
}

fn refuse(block: &Block, config: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for attribute in &block.attributes {
        let value = config.attribute(attribute.name);
        let path = path.attribute(attribute.name);
        match &attribute.kind {
            Kind::Block(inner) if value.as_object().is_some() => {
                refuse(inner, value, &path, diagnostics);
            }
            _ if attribute.write_only && !value.is_null() => diagnostics.push(unsupported(path)),
            _ => {}
        }
    }
}

fn unsupported(path: Path) -> Diagnostic {
    let detail = format!(
        "`{path}` is a write-only argument, which this version of Terraform or OpenTofu does not support: it would \
         store the value in the state. Use Terraform 1.11 or later, or OpenTofu 1.11 or later, or remove the \
         argument."
    );
    Diagnostic::error("Write-only argument not supported", detail).at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::schema::{Json, Model, apply_result, partial_state, plan, refresh};
    use crate::secret::Secret;

    model! {
        /// A block.
        struct Inner {
            /// Password.
            #[attr(write_only)]
            pub password: Option<Secret>,
            /// A name.
            pub name: Option<String>,
        }
    }

    model! {
        /// A resource.
        struct Outer {
            /// Token.
            #[attr(write_only)]
            pub token: Option<Secret>,
            /// A name.
            pub name: Option<String>,
            /// Nested.
            pub inner: Option<Inner>,
        }
    }

    fn value(token: Value, password: Value) -> Value {
        let inner = Value::Object([("password", password), ("name", "b".into())].into());
        Value::Object([("token", token), ("name", "a".into()), ("inner", inner)].into())
    }

    #[test]
    fn a_plan_and_a_state_have_none() {
        let block = Outer::block();
        let config = value("t0ken".into(), Value::Unknown);
        let stored = value(Value::Null, Value::Null);
        let planned = plan(block, &Value::Null, &config, false, "").planned;
        assert!(planned == stored);
        let answer: Json =
            r#"{"token": "t", "name": "a", "inner": {"password": "p", "name": "b"}}"#.parse().unwrap();
        assert!(refresh(block, &stored, &answer).0 == stored);
        assert!(apply_result(block, &planned, &answer).0 == stored);
        let reached = value("t0ken".into(), "p4ssword".into());
        assert!(partial_state(block, &stored, reached.clone()) == stored);
        let mut edited = reached;
        remove_write_only(block, &mut edited);
        assert!(edited == stored);
    }

    #[test]
    fn an_apply_is_given_those_of_the_configuration() {
        let config = value("t0ken".into(), "p4ssword".into());
        let planned = value(Value::Null, Value::Null);
        assert!(*with_write_only(Outer::block(), &planned, &config) == config);
        assert!(with_write_only(Outer::block(), &Value::Null, &Value::Null).is_null());
        let without = Value::Object([("token", Value::Null), ("inner", Value::Null)].into());
        assert!(
            *with_write_only(Outer::block(), &without, &config).attribute("inner") == Value::Null
        );
    }

    #[test]
    fn a_request_has_none() {
        let outer = Outer { token: Some(Secret::new("t0ken-of-the-test")), ..Outer::default() };
        assert!(outer.body().is_empty() && outer.changes(&Outer::default()).is_empty());
        assert!(Outer::block().looked_up(&[]).iter().all(|it| it.name != "token"));
    }

    #[test]
    fn a_host_without_the_capability_is_refused_where_it_has_one() {
        let refused = |config: &Value| {
            let found = refuse_write_only(Outer::block(), config);
            found.iter().filter_map(|it| Some(it.path.as_ref()?.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(refused(&value(Value::Unknown, "p".into())), ["token", "inner.password"]);
        assert_eq!(refused(&value(Value::Null, Value::Null)), <[&str; 0]>::default());
        assert_eq!(refused(&Value::Null), <[&str; 0]>::default());
    }
}
