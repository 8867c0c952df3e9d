//! What an apply would change.

use super::attribute::{Attribute, Block, Kind};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::path::Path;
use super::value::{Object, Value};

/// The answer to "what would become of this object?".
pub struct Plan {
    /// The state to come; unknown where only the apply can tell. Null for a destroy.
    pub planned: Value,
    /// The arguments whose change makes a new object.
    pub replace: Vec<Path>,
    /// Refusals and warnings.
    pub diagnostics: Diagnostics,
}

/// Plans from what is and what is wanted.
///
/// `prior` is null for an object to be made, `config` for one to be destroyed. On an `imported`
/// object a null in `prior` may only mean that it could not be read: an immutable argument adopts
/// the configured value there. `advice` ends the first refusal of an edit that cannot be made.
pub fn plan(block: &Block, prior: &Value, config: &Value, imported: bool, advice: &str) -> Plan {
    let mut planner = Planner {
        creating: prior.is_null(),
        imported,
        advice,
        advised: false,
        replace: Vec::new(),
        diagnostics: Diagnostics::default(),
    };
    let planned = match config.as_object() {
        Some(config) => planner.block(block, prior, config, &Path::default(), false),
        None => Value::Null,
    };
    Plan { planned, replace: planner.replace, diagnostics: planner.diagnostics }
}

struct Planner<'a> {
    creating: bool,
    imported: bool,
    advice: &'a str,
    advised: bool,
    replace: Vec<Path>,
    diagnostics: Diagnostics,
}

impl Planner<'_> {
    fn block(
        &mut self,
        block: &Block,
        prior: &Value,
        config: &Object,
        path: &Path,
        immutable: bool,
    ) -> Value {
        let mut planned = Object::new();
        for attribute in &block.attributes {
            let old = prior.attribute(attribute.name);
            let new = configured(attribute, config);
            let immutable = !self.creating && (immutable || attribute.immutable);
            let path = path.attribute(attribute.name);
            let value = match (&attribute.kind, new) {
                (Kind::Block(inner), Value::Object(new)) if !old.is_null() || !immutable => {
                    self.block(inner, old, new, &path, immutable)
                }
                (Kind::Block(inner), Value::Object(new)) => self.adopt_block(inner, new, &path),
                _ if immutable => self.immutable(attribute, old, new, &path),
                _ => self.value(attribute, prior, old, new, &path),
            };
            planned.insert(attribute.name, value);
        }
        recompute(block, prior, &mut planned);
        Value::Object(planned)
    }

    fn value(
        &mut self,
        attribute: &Attribute,
        object: &Value,
        old: &Value,
        new: &Value,
        path: &Path,
    ) -> Value {
        if new.is_null() && attribute.is_computed() {
            let value =
                if object.is_null() { attribute.create_default.as_ref() } else { Some(old) };
            return value.unwrap_or(&Value::Unknown).clone();
        }
        if same(attribute, old, new) {
            return old.clone();
        }
        // An empty text is as good as none, so a step from one to the other needs no new object.
        let differs = !(is_empty(old) && is_empty(new));
        if attribute.force_new && !object.is_null() && differs {
            self.replace.push(path.clone());
        }
        new.clone()
    }

    fn immutable(&mut self, attribute: &Attribute, old: &Value, new: &Value, path: &Path) -> Value {
        let left_alone = new.is_null() && attribute.is_computed();
        if left_alone || same(attribute, old, new) {
            return old.clone();
        }
        let adopted = old.is_null() && self.imported;
        // An empty text is as good as none, and what is not known yet is judged when core plans again,
        // just before the apply.
        if adopted || (is_empty(old) && is_empty(new)) || !new.is_wholly_known() {
            return new.clone();
        }
        self.refuse(attribute, old, new, path);
        old.clone()
    }

    /// A block that an import could not read: its arguments are adopted, and nothing is computed
    /// since nothing is called.
    fn adopt_block(&mut self, block: &Block, new: &Object, path: &Path) -> Value {
        let adopted = block.attributes.iter().map(|attribute| {
            let new = configured(attribute, new);
            (
                attribute.name,
                self.immutable(attribute, &Value::Null, new, &path.attribute(attribute.name)),
            )
        });
        Value::Object(adopted.collect())
    }

    fn refuse(&mut self, attribute: &Attribute, old: &Value, new: &Value, path: &Path) {
        let edit = match (attribute.sensitive, new) {
            (true, _) => "its value cannot be edited".to_owned(),
            (_, Value::Null) => format!("it is {} and cannot be removed", old.show()),
            _ => format!("it is {} and cannot become {}", old.show(), new.show()),
        };
        let mut detail = format!("`{path}` cannot be changed after creation: {edit}.");
        // Once is enough, however many arguments were edited.
        if !std::mem::replace(&mut self.advised, true) && !self.advice.is_empty() {
            detail += "\n\n";
            detail += self.advice;
        }
        self.diagnostics
            .push(Diagnostic::error("Argument cannot be changed", detail).at(path.clone()));
    }
}

/// Computed values that follow from siblings are not known once one of those changes.
fn recompute(block: &Block, prior: &Value, planned: &mut Object) {
    if prior.is_null() {
        return;
    }
    for attribute in &block.attributes {
        let changes = |name: &&str| planned.get(name) != Some(prior.attribute(name));
        if attribute.changes_with.iter().any(changes) {
            planned.insert(attribute.name, Value::Unknown);
        }
    }
}

/// What the configuration says of an attribute, or else its default.
fn configured<'a>(attribute: &'a Attribute, config: &'a Object) -> &'a Value {
    let value = config.get(attribute.name).unwrap_or(&Value::Null);
    match &attribute.default {
        Some(default) if value.is_null() => default,
        _ => value,
    }
}

/// Whether a configured value says the same as the one in state, up to the API's own normalisation.
///
/// A set is planned exactly as it is configured: one that has unknown elements allows nothing else, and
/// the plan of the apply must agree with it.
fn same(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) if attribute.caseless => {
            old == new || old.to_lowercase() == new.to_lowercase()
        }
        _ => old == new,
    }
}

/// Whether the API would be sent nothing for the value.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// The value with all its texts in lower case.
pub(super) fn fold(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.to_lowercase()),
        Value::Set(elements) => Value::set(elements.iter().map(fold)),
        Value::List(elements) => Value::List(elements.iter().map(fold).collect()),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model;
    use crate::schema::Model;

    model! {
        /// A block whose new name makes a new thing.
        struct Contact {
            /// Given by the API.
            #[attr(computed, changes_with(&["name"]))]
            pub id: Option<String>,
            /// A name.
            #[attr(caseless)]
            pub name: String,
        }
    }

    model! {
        /// A block that never changes.
        struct Fixed {
            /// Given by the API.
            #[attr(computed)]
            pub id: Option<String>,
            /// A city.
            #[attr(caseless)]
            pub city: String,
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
            /// Left alone where left out.
            #[attr(optional_computed)]
            pub label: Option<String>,
            /// Addresses.
            #[attr(caseless)]
            pub emails: Option<BTreeSet<String>>,
            /// Guard.
            #[attr(default(true))]
            pub guard: Option<bool>,
            /// Needs a new object.
            #[attr(force_new)]
            pub home: Option<String>,
            /// Never changes.
            #[attr(create_default("plain"), immutable)]
            pub kind: Option<String>,
            /// Nested.
            pub contact: Option<Contact>,
            /// Nested and fixed.
            #[attr(immutable)]
            pub fixed: Option<Fixed>,
        }
    }

    fn object(attributes: &[(&'static str, Value)]) -> Value {
        Value::Object(attributes.iter().cloned().collect())
    }

    fn check(prior: &Value, config: &[(&'static str, Value)], imported: bool, expected: Expect) {
        let plan = plan(Thing::block(), prior, &object(config), imported, "Advice.");
        let mut text = String::new();
        for (name, value) in plan.planned.as_object().unwrap() {
            let mark = if value == prior.attribute(name) { '=' } else { '~' };
            text += &format!("{mark} {name} = {value:?}\n");
        }
        for path in plan.replace {
            text += &format!("replace: {path}\n");
        }
        for diagnostic in plan.diagnostics {
            text += &format!("{}: {}\n", diagnostic.path.unwrap(), diagnostic.detail);
        }
        expected.assert_eq(&text);
    }

    fn existing() -> Value {
        object(&[
            ("id", "1".into()),
            ("label", "one".into()),
            ("guard", true.into()),
            ("home", "h".into()),
            ("kind", "k".into()),
            ("contact", object(&[("id", "7".into()), ("name", "Ana".into())])),
            (
                "fixed",
                object(&[("id", "8".into()), ("city", "Lehi".into()), ("note", Value::Null)]),
            ),
        ])
    }

    #[test]
    fn a_new_object_waits_for_what_is_computed() {
        check(
            &Value::Null,
            &[("home", "h".into()), ("fixed", object(&[("city", "Lehi".into())]))],
            false,
            expect![[r#"
                = contact = null
                = emails = null
                ~ fixed = {city = "Lehi", id = (known after apply), note = null}
                ~ guard = true
                ~ home = "h"
                ~ id = (known after apply)
                ~ kind = "plain"
                ~ label = (known after apply)
            "#]],
        );
    }

    #[test]
    fn letter_case_and_what_is_left_alone_plan_nothing() {
        check(
            &existing(),
            &[
                ("home", "h".into()),
                ("contact", object(&[("name", "ANA".into())])),
                ("fixed", object(&[("city", "LEHI".into())])),
            ],
            false,
            expect![[r#"
                = contact = {id = "7", name = "Ana"}
                = emails = null
                = fixed = {city = "Lehi", id = "8", note = null}
                = guard = true
                = home = "h"
                = id = "1"
                = kind = "k"
                = label = "one"
            "#]],
        );
    }

    #[test]
    fn a_set_is_planned_exactly_as_configured() {
        let set = |texts: &[&str]| Value::set(texts.iter().map(|text| Value::from(*text)));
        let prior = object(&[("emails", set(&["a@x", "b@x"]))]);
        let partly = Value::set(["A@X".into(), Value::Unknown]);
        for config in [set(&["b@x", "a@x"]), set(&["A@X", "b@x"]), partly] {
            let plan =
                plan(Thing::block(), &prior, &object(&[("emails", config.clone())]), false, "");
            assert_eq!(plan.planned.attribute("emails"), &config);
        }
    }

    #[test]
    fn a_default_fills_creates_and_updates_that_omit_it() {
        for prior in [Value::Null, object(&[("guard", false.into())]), object(&[])] {
            let planned = |guard: Value| {
                let plan = plan(Thing::block(), &prior, &object(&[("guard", guard)]), false, "");
                plan.planned.attribute("guard").clone()
            };
            assert_eq!(planned(Value::Null), true.into());
            assert_eq!(planned(false.into()), false.into());
        }
    }

    #[test]
    fn edits_update_replace_or_are_refused() {
        check(
            &existing(),
            &[
                ("label", "two".into()),
                ("home", Value::Unknown),
                ("kind", "other".into()),
                ("contact", object(&[("name", "Bo".into())])),
                ("fixed", object(&[("city", "Provo".into()), ("note", "n".into())])),
            ],
            false,
            expect![[r#"
                ~ contact = {id = (known after apply), name = "Bo"}
                = emails = null
                = fixed = {city = "Lehi", id = "8", note = null}
                = guard = true
                ~ home = (known after apply)
                = id = "1"
                = kind = "k"
                ~ label = "two"
                replace: home
                kind: `kind` cannot be changed after creation: it is "k" and cannot become "other".

                Advice.
                fixed.city: `fixed.city` cannot be changed after creation: it is "Lehi" and cannot become "Provo".
                fixed.note: `fixed.note` cannot be changed after creation: it is null and cannot become "n".
            "#]],
        );
    }

    #[test]
    fn an_empty_text_for_none_replaces_nothing() {
        let unset = object(&[("id", "1".into())]);
        let empty = object(&[("id", "1".into()), ("home", "".into())]);
        for (prior, home) in [(unset, Value::from("")), (empty, Value::Null)] {
            let plan = plan(Thing::block(), &prior, &object(&[("home", home.clone())]), false, "");
            assert!(plan.replace.is_empty());
            assert!(plan.planned.attribute("home") == &home, "core takes nothing else");
        }
    }

    #[test]
    fn an_import_adopts_what_could_not_be_read() {
        let prior = object(&[("id", "1".into()), ("home", "h".into())]);
        check(
            &prior,
            &[
                ("home", "h".into()),
                ("kind", "k".into()),
                ("fixed", object(&[("city", "Lehi".into())])),
            ],
            true,
            expect![[r#"
                = contact = null
                = emails = null
                ~ fixed = {city = "Lehi", id = null, note = null}
                ~ guard = true
                = home = "h"
                = id = "1"
                ~ kind = "k"
                = label = null
            "#]],
        );
    }

    #[test]
    fn an_empty_text_is_no_edit() {
        let fixed = object(&[("city", "Lehi".into()), ("note", "".into())]);
        let config = [("home", "h".into()), ("fixed", fixed)];
        let plan = plan(Thing::block(), &existing(), &object(&config), false, "");
        assert!(!plan.diagnostics.has_error());
        assert_eq!(plan.planned.attribute("fixed").attribute("note"), &Value::from(""));
    }

    #[test]
    fn what_is_not_known_is_judged_later() {
        check(
            &existing(),
            &[
                ("home", "h".into()),
                ("kind", Value::Unknown),
                ("fixed", object(&[("city", Value::Unknown)])),
            ],
            false,
            expect![[r#"
                ~ contact = null
                = emails = null
                ~ fixed = {city = (known after apply), id = "8", note = null}
                = guard = true
                = home = "h"
                = id = "1"
                ~ kind = (known after apply)
                = label = "one"
            "#]],
        );
    }
}
