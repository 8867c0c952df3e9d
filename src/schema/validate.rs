//! What a configuration can be told before anything is planned or called.

use super::attribute::{Attribute, Block, Kind};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::path::{Path, Step};
use super::value::Value;

/// Every problem of a configuration, each with its path. Unknown values are not judged.
pub fn validate(block: &Block, config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    validate_block(block, config, &Path::default(), &mut diagnostics);
    diagnostics
}

fn validate_block(block: &Block, config: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for attribute in &block.attributes {
        let value = config.attribute(attribute.name);
        let path = path.attribute(attribute.name);
        match (&attribute.kind, value) {
            (_, Value::Null) => diagnostics.extend(missing(attribute, &path)),
            (_, _) if !attribute.configurable() => diagnostics.push(read_only(&path)),
            (Kind::Block(block), _) => validate_block(block, value, &path, diagnostics),
            (Kind::Value(_), _) => validate_value(attribute, value, &path, diagnostics),
        }
    }
}

/// Core refuses these two before it asks a provider; other hosts of the protocol need not.
fn missing(attribute: &Attribute, path: &Path) -> Option<Diagnostic> {
    (attribute.presence == super::Presence::Required).then(|| {
        let detail = format!("`{path}` is required, but the configuration leaves it out.");
        Diagnostic::error("Missing required argument", detail).at(path.clone())
    })
}

fn read_only(path: &Path) -> Diagnostic {
    let detail = format!("`{path}` is given by CertCentral and cannot be configured.");
    Diagnostic::error("Value for a read-only attribute", detail).at(path.clone())
}

fn validate_value(
    attribute: &Attribute,
    value: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) {
    let broken = |value: &Value, on_collection: bool| {
        let checks = attribute.checks.iter().filter(move |c| c.is_on_collection() == on_collection);
        checks.filter_map(|check| check.broken_rule(value)).collect::<Vec<_>>()
    };
    let mut report = |value: &Value, path: Path, rules: Vec<String>| {
        for rule in rules {
            let shown = match attribute {
                Attribute { confidential: true, .. } => String::new(),
                Attribute { sensitive: true, .. } => "; the value is sensitive".into(),
                _ => format!("; the value is {}", value.show()),
            };
            let detail = format!("`{path}` must {rule}{shown}.");
            diagnostics.push(Diagnostic::error("Invalid argument value", detail).at(path.clone()));
        }
    };
    report(value, path.clone(), broken(value, true));
    match value {
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                report(element, path.join(Step::Index(index)), element_problems(element, &broken));
            }
        }
        Value::Set(elements) => {
            for element in elements {
                report(element, path.clone(), element_problems(element, &broken));
            }
        }
        Value::Map(elements) => {
            for (key, element) in elements {
                let path = path.join(Step::Key(key.clone()));
                report(element, path, element_problems(element, &broken));
            }
        }
        _ => report(value, path.clone(), broken(value, false)),
    }
}

/// No argument of this provider has a use for a null among its elements.
fn element_problems(element: &Value, broken: &dyn Fn(&Value, bool) -> Vec<String>) -> Vec<String> {
    if element.is_null() { vec!["not have null elements".into()] } else { broken(element, false) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model;
    use crate::schema::{Model, Number};

    model! {
        /// A block.
        struct Inner {
            /// Required.
            pub name: String,
        }
    }

    model! {
        /// A resource.
        struct Outer {
            /// Given by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// Limited.
            #[attr(max_len(3))]
            pub short: String,
            /// Addresses.
            #[attr(email, not_empty("nobody would be told"))]
            pub emails: Option<BTreeSet<String>>,
            /// Secret.
            #[attr(sensitive, one_of(&["x"]))]
            pub hidden: Option<String>,
            /// Between limits.
            #[attr(range(1, 6))]
            pub number: Option<i64>,
            /// Beside a secret.
            #[attr(confidential, max_len(3))]
            pub beside: Option<String>,
            /// Nested.
            pub inner: Inner,
        }
    }

    fn check(config: &[(&'static str, Value)], expected: Expect) {
        let config = Value::Object(config.iter().cloned().collect());
        let lines = validate(&Outer::block(), &config).into_iter().map(|diagnostic| {
            format!("{}: {}: {}\n", diagnostic.path.unwrap(), diagnostic.summary, diagnostic.detail)
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let inner = Value::Object([("name", "".into())].into());
        check(
            &[
                ("id", "7".into()),
                ("short", "long".into()),
                ("emails", Value::set(["a@b.example".into(), "nobody".into(), Value::Null])),
                ("hidden", "key".into()),
                ("number", Value::Number(Number::parse("6.5").unwrap())),
                ("beside", "key in the wrong place".into()),
                ("inner", inner),
            ],
            expect![[r#"
                id: Value for a read-only attribute: `id` is given by CertCentral and cannot be configured.
                short: Invalid argument value: `short` must have at most 3 characters; the value is "long".
                emails: Invalid argument value: `emails` must not have null elements; the value is null.
                emails: Invalid argument value: `emails` must be an e-mail address; the value is "nobody".
                hidden: Invalid argument value: `hidden` must be one of "x"; the value is sensitive.
                number: Invalid argument value: `number` must be a whole number from 1 to 6; the value is 6.5.
                beside: Invalid argument value: `beside` must have at most 3 characters.
                inner.name: Invalid argument value: `inner.name` must not be empty; the value is "".
            "#]],
        );
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_unknown_is_not_judged() {
        check(
            &[
                ("emails", Value::set([])),
                ("inner", Value::Object([("name", Value::Unknown)].into())),
            ],
            expect![[r#"
                short: Missing required argument: `short` is required, but the configuration leaves it out.
                emails: Invalid argument value: `emails` must have at least one element: nobody would be told; the value is [].
            "#]],
        );
        check(&[("short", Value::Unknown), ("inner", Value::Unknown)], expect![""]);
    }
}
