//! Plans, each shown as a list of attributes: `=` as in the prior state, `~` changed.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};

use crate::model;
use crate::schema::{Model, Value, plan};

model! {
    /// A block whose ID depends on its name.
    struct Contact {
        /// Set by the API.
        #[attr(computed, recomputed_with(&["name"]))]
        pub id: Option<String>,
        /// A name.
        #[attr(case_insensitive)]
        pub name: String,
    }
}

model! {
    /// A block that cannot be changed.
    struct Fixed {
        /// Set by the API.
        #[attr(computed)]
        pub id: Option<String>,
        /// A city.
        #[attr(case_insensitive)]
        pub city: String,
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
        /// Kept if omitted.
        #[attr(optional_computed)]
        pub label: Option<String>,
        /// Addresses.
        #[attr(case_insensitive)]
        pub emails: Option<BTreeSet<String>>,
        /// Guard.
        #[attr(default(true))]
        pub guard: Option<bool>,
        /// Forces a new object.
        #[attr(force_new)]
        pub home: Option<String>,
        /// Cannot be changed.
        #[attr(create_default("plain"), immutable)]
        pub kind: Option<String>,
        /// Nested.
        pub contact: Option<Contact>,
        /// Nested, and cannot be changed.
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
        ("fixed", object(&[("id", "8".into()), ("city", "Lehi".into()), ("note", Value::Null)])),
    ])
}

#[test]
fn computed_values_of_a_new_object_are_unknown() {
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
fn letter_case_and_omitted_computed_values_are_no_change() {
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
        let plan = plan(Thing::block(), &prior, &object(&[("emails", config.clone())]), false, "");
        assert_eq!(plan.planned.attribute("emails"), &config);
    }
}

#[test]
fn a_default_applies_to_creates_and_updates() {
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
fn a_change_updates_replaces_or_is_an_error() {
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
            kind: `kind` cannot be changed after creation (current value: "k", configured: "other").

            Advice.
            fixed.city: `fixed.city` cannot be changed after creation (current value: "Lehi", configured: "Provo").
            fixed.note: `fixed.note` cannot be changed after creation (current value: null, configured: "n").
        "#]],
    );
}

#[test]
fn an_empty_text_is_the_same_as_none_for_a_replacement() {
    let unset = object(&[("id", "1".into())]);
    let empty = object(&[("id", "1".into()), ("home", "".into())]);
    for (prior, home) in [(unset, Value::from("")), (empty, Value::Null)] {
        let plan = plan(Thing::block(), &prior, &object(&[("home", home.clone())]), false, "");
        assert!(plan.replace.is_empty());
        assert!(plan.planned.attribute("home") == &home, "Terraform requires the configured value");
    }
}

#[test]
fn after_an_import_immutable_arguments_take_the_configured_value() {
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
fn an_empty_text_is_the_same_as_none_for_an_immutable_argument() {
    let fixed = object(&[("city", "Lehi".into()), ("note", "".into())]);
    let config = [("home", "h".into()), ("fixed", fixed)];
    let plan = plan(Thing::block(), &existing(), &object(&config), false, "");
    assert!(!plan.diagnostics.has_error());
    assert_eq!(plan.planned.attribute("fixed").attribute("note"), &Value::from(""));
}

#[test]
fn an_unknown_value_of_an_immutable_argument_is_accepted() {
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
