//! Validation of a configuration, by the schema alone.

use super::attribute::{Attribute, Block, Configurability, Kind};
use super::check::Check;
use super::diagnostics::{Diagnostic, Diagnostics, Severity};
use super::path::{Path, Step};
use super::types::Type;
use super::value::Value;

/// All problems of a configuration, each with its path. Unknown values are accepted.
pub fn validate(block: &Block, config: &Value) -> Diagnostics {
    validate_config(block, config, false)
}

/// All problems of a configuration. If `offline`, before the provider is configured, an ID that is not
/// numeric is only a warning: `terraform test` generates random letters as the IDs of mocked resources.
pub fn validate_config(block: &Block, config: &Value, offline: bool) -> Diagnostics {
    Validator { offline, diagnostics: Diagnostics::default() }.validate(block, config)
}

/// The first argument in a planned state that is not wholly known. In an apply, only computed values may be
/// unknown.
pub fn unknown_argument(block: &Block, planned: &Value) -> Option<Path> {
    block.attributes.iter().filter(|it| it.is_configurable()).find_map(|attribute| {
        match (&attribute.kind, planned.attribute(attribute.name)) {
            (Kind::Block(inner), value @ Value::Object(_)) => unknown_argument(inner, value)
                .map(|path| path.within(Step::Attribute(attribute.name))),
            (_, Value::Unknown) if attribute.is_computed() => None,
            (_, value) => (!value.is_wholly_known()).then(|| Path::of(attribute.name)),
        }
    })
}

struct Validator {
    offline: bool,
    diagnostics: Diagnostics,
}

impl Validator {
    fn validate(mut self, block: &Block, config: &Value) -> Diagnostics {
        self.block(block, config, &Path::default());
        self.diagnostics.extend(block.missing_look_up(config));
        self.diagnostics
    }

    fn block(&mut self, block: &Block, config: &Value, path: &Path) {
        for attribute in &block.attributes {
            let value = config.attribute(attribute.name);
            let path = path.attribute(attribute.name);
            match (&attribute.kind, value) {
                (_, Value::Null) => self.diagnostics.extend(missing(attribute, &path)),
                (_, _) if !attribute.is_configurable() => self.diagnostics.push(read_only(&path)),
                (Kind::Block(_), Value::Unknown) => {}
                (Kind::Block(block), _) => self.block(block, value, &path),
                (Kind::Value(_), _) => self.value(attribute, value, &path),
            }
        }
    }

    fn value(&mut self, attribute: &Attribute, value: &Value, path: &Path) {
        match value {
            Value::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.element(attribute, element, &path.join(Step::Index(index)));
                }
            }
            Value::Set(elements) => {
                for element in elements {
                    self.element(attribute, element, path);
                }
            }
            Value::Map(elements) => {
                for (key, element) in elements {
                    self.element(attribute, element, &path.join(Step::Key(key.clone())));
                }
            }
            _ => return self.checks(attribute, value, Subject::Value, path),
        }
        self.checks(attribute, value, Subject::Collection, path);
    }

    /// A null element is an error: no argument of this provider has a use for one.
    fn element(&mut self, attribute: &Attribute, element: &Value, path: &Path) {
        if element.is_null() {
            let problem = invalid(attribute, element, Subject::Element, "must not be null", path);
            self.diagnostics.push(problem);
        } else {
            self.checks(attribute, element, Subject::Element, path);
        }
    }

    fn checks(&mut self, attribute: &Attribute, value: &Value, subject: Subject, path: &Path) {
        let on_collection = subject == Subject::Collection;
        for check in attribute.checks.iter().filter(|it| it.is_on_collection() == on_collection) {
            let Some(rule) = check.broken_rule(value) else { continue };
            let mut problem = invalid(attribute, value, subject, &rule, path);
            if self.offline && matches!(check, Check::NumericId) {
                problem.severity = Severity::Warning;
                problem.detail += ONLY_MOCKED;
            }
            self.diagnostics.push(problem);
        }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// A value that has no elements.
    Value,
    /// All elements together.
    Collection,
    /// One element. The path of one of a set ends at the set.
    Element,
}

/// Terraform reports this error and the next one itself. Other hosts may not.
fn missing(attribute: &Attribute, path: &Path) -> Option<Diagnostic> {
    (attribute.configurability == Configurability::Required).then(|| {
        let detail = format!("`{path}` is required. Set it to a value that is not null.");
        Diagnostic::error("Missing required argument", detail).at(path.clone())
    })
}

fn read_only(path: &Path) -> Diagnostic {
    let detail = format!("`{path}` is read-only: CertCentral sets it.");
    Diagnostic::error("Value for a read-only attribute", detail).at(path.clone())
}

/// Why the problem is only a warning.
const ONLY_MOCKED: &str =
    " It is an error in every plan, except in `terraform test` with a mocked provider.";

fn invalid(
    attribute: &Attribute,
    value: &Value,
    subject: Subject,
    rule: &str,
    path: &Path,
) -> Diagnostic {
    let shown = match attribute {
        Attribute { confidential: true, .. } => String::new(),
        Attribute { sensitive: true, .. } => " (sensitive value)".into(),
        _ => format!("; got {}", value.show()),
    };
    let of_set = matches!(&attribute.kind, Kind::Value(Type::Set(_)));
    let each = if subject == Subject::Element && of_set { "Each element of " } else { "" };
    let detail = format!("{each}`{path}` {rule}{shown}.");
    Diagnostic::error("Invalid argument value", detail).at(path.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model;
    use crate::schema::tests::Id;
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
            /// Set by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// Limited.
            #[attr(max_len(3))]
            pub short: String,
            /// Addresses.
            #[attr(email, not_empty("nobody would be notified"))]
            pub emails: Option<BTreeSet<String>>,
            /// Secret.
            #[attr(sensitive, one_of(&["x"]))]
            pub hidden: Option<String>,
            /// Between limits.
            #[attr(range(1, 6))]
            pub number: Option<i64>,
            /// Often confused with a key.
            #[attr(confidential, max_len(3))]
            pub confused: Option<String>,
            /// Nested.
            pub inner: Inner,
        }
    }

    fn check(config: &[(&'static str, Value)], expected: Expect) {
        let config = Value::Object(config.iter().cloned().collect());
        let lines = validate(Outer::block(), &config).into_iter().map(|diagnostic| {
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
                ("confused", "key in the wrong place".into()),
                ("inner", inner),
            ],
            expect![[r#"
                id: Value for a read-only attribute: `id` is read-only: CertCentral sets it.
                short: Invalid argument value: `short` must have at most 3 characters; got "long".
                emails: Invalid argument value: Each element of `emails` must not be null; got null.
                emails: Invalid argument value: Each element of `emails` must be an e-mail address; got "nobody".
                hidden: Invalid argument value: `hidden` must be one of "x" (sensitive value).
                number: Invalid argument value: `number` must be a whole number from 1 to 6; got 6.5.
                confused: Invalid argument value: `confused` must have at most 3 characters.
                inner.name: Invalid argument value: `inner.name` must not be empty; got "".
            "#]],
        );
    }

    #[test]
    fn missing_arguments_are_errors_and_unknown_values_are_accepted() {
        check(
            &[
                ("emails", Value::set([])),
                ("inner", Value::Object([("name", Value::Unknown)].into())),
            ],
            expect![[r#"
                short: Missing required argument: `short` is required. Set it to a value that is not null.
                emails: Invalid argument value: `emails` must not be empty: nobody would be notified; got [].
            "#]],
        );
        check(&[("short", Value::Unknown), ("inner", Value::Unknown)], expect![""]);
    }

    model! {
        /// A resource that refers to others.
        struct Reference {
            /// ID of another object.
            pub other_id: Id,
            /// IDs of other objects.
            pub others: Option<BTreeSet<Id>>,
        }
    }

    #[test]
    fn before_configure_an_id_of_letters_is_a_warning() {
        let others = Value::set(["mzkqvrtw".into(), Value::Unknown]);
        let config = Value::Object([("other_id", "hgtrbpqa".into()), ("others", others)].into());
        let severities = |diagnostics: Diagnostics| {
            diagnostics.into_iter().map(|it| it.severity).collect::<Vec<_>>()
        };
        let block = Reference::block();
        assert_eq!(severities(validate_config(block, &config, true)), [Severity::Warning; 2]);
        assert_eq!(severities(validate(block, &config)), [Severity::Error; 2]);
    }

    #[test]
    fn in_an_apply_only_computed_values_may_be_unknown() {
        let path = |attributes: &[(&'static str, Value)]| {
            let planned = Value::Object(attributes.iter().cloned().collect());
            unknown_argument(Outer::block(), &planned).map(|path| path.to_string())
        };
        assert_eq!(path(&[("id", Value::Unknown), ("short", "x".into())]), None);
        assert_eq!(path(&[("short", Value::Unknown)]).as_deref(), Some("short"));
        assert_eq!(path(&[("emails", Value::set([Value::Unknown]))]).as_deref(), Some("emails"));
        let inner = Value::Object([("name", Value::Unknown)].into());
        assert_eq!(path(&[("inner", inner)]).as_deref(), Some("inner.name"));
        assert_eq!(path(&[("inner", Value::Unknown)]).as_deref(), Some("inner"));
    }

    #[test]
    fn an_unknown_block_is_accepted() {
        model! {
            /// A block with a computed attribute.
            struct Numbered {
                /// Set by the API.
                #[attr(computed)]
                pub id: Option<String>,
                /// Required.
                pub name: String,
            }
        }
        model! {
            /// A resource.
            struct Holder {
                /// Nested.
                pub numbered: Option<Numbered>,
            }
        }
        let config = Value::Object([("numbered", Value::Unknown)].into());
        assert_eq!(validate(Holder::block(), &config), Diagnostics::default());
    }
}
