//! State from responses.

use std::collections::BTreeSet;

use serde_json::json;

use super::Id;
use crate::model;
use crate::schema::{Attr, Json, Mismatch, Model, Value, apply_result, refresh};

model! {
    /// A place that cannot be changed.
    struct Place {
        /// Set by the API.
        #[attr(computed)]
        pub id: Option<String>,
        /// A country.
        #[attr(case_insensitive)]
        pub country: String,
        /// Optional.
        pub note: Option<String>,
    }
}

model! {
    /// A resource.
    struct Thing {
        /// Set by the API.
        #[attr(computed, not_returned)]
        pub id: Option<String>,
        /// In all responses.
        pub title: Option<String>,
        /// Not in all responses.
        #[attr(not_returned)]
        pub hidden: Option<String>,
        /// Switch.
        pub active: Option<bool>,
        /// Read if configured.
        #[attr(read_if_configured)]
        pub sso: Option<bool>,
        /// Addresses.
        #[attr(case_insensitive)]
        pub emails: Option<BTreeSet<String>>,
        /// Nested, and cannot be changed.
        #[attr(immutable)]
        pub place: Option<Place>,
    }
}

fn read(prior: Thing, response: Json) -> (Thing, Vec<Mismatch>) {
    let (state, mismatches) = refresh(Thing::block(), &prior.into_value(), &response);
    (Thing::from_value(&state).unwrap(), mismatches)
}

fn texts(texts: &[&str]) -> Option<BTreeSet<String>> {
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn drift_is_detected_and_letter_case_is_ignored() {
    let prior = Thing {
        id: Some("1".into()),
        title: Some("Boss".into()),
        hidden: Some("kept".into()),
        active: Some(true),
        emails: texts(&["Ana@example.com", "bo@example.com"]),
        ..Thing::default()
    };
    let response =
        json!({"active": "0", "sso": true, "emails": ["BO@example.com", "ana@example.com"]});
    let (state, mismatches) = read(prior, response);
    assert!(mismatches.is_empty());
    assert_eq!(state.id.as_deref(), Some("1"));
    assert_eq!(state.title, None, "missing from the response");
    assert_eq!(state.hidden.as_deref(), Some("kept"), "not in all responses");
    assert_eq!(state.active, Some(false), "a boolean as a string");
    assert_eq!(state.sso, None, "not configured");
    assert_eq!(
        state.emails,
        texts(&["Ana@example.com", "bo@example.com"]),
        "equal except for letter case"
    );
}

#[test]
fn an_object_matches_if_its_plan_would_be_empty() {
    let configured = Thing {
        title: Some(String::new()),
        hidden: Some("sent".into()),
        sso: Some(true),
        emails: texts(&["Ana@example.com"]),
        ..Thing::default()
    };
    for (response, expected) in [
        (json!({"id": 7, "sso": 1, "emails": ["ana@example.com"]}), true),
        (json!({"sso": true, "emails": ["ana@example.com"], "title": "Boss"}), false),
        (json!({"sso": true, "emails": ["ana@example.com"], "active": false}), false),
        (json!({"sso": false, "emails": ["ana@example.com"]}), false),
        (json!({"sso": true, "emails": ["bo@example.com"]}), false),
        (json!({"sso": true, "emails": {}}), false),
    ] {
        assert_eq!(configured.matches(&response), expected, "{response}");
    }
}

#[test]
fn an_empty_text_is_the_same_as_a_missing_field() {
    let prior = Thing { title: Some(String::new()), ..Thing::default() };
    assert_eq!(read(prior.clone(), json!({})).0.title.as_deref(), Some(""));
    assert_eq!(read(prior, json!({"title": ""})).0.title.as_deref(), Some(""));
    assert_eq!(read(Thing::default(), json!({"title": ""})).0.title, None);
}

#[test]
fn an_immutable_argument_is_read_only_once() {
    let response = json!({"place": {"id": 8, "country": "us", "note": "from the API"}});
    let filled = read(Thing::default(), response.clone()).0.place.unwrap();
    assert_eq!((filled.country.as_str(), filled.note.as_deref()), ("us", Some("from the API")));

    let mine = Place { country: "DE".into(), ..Place::default() };
    let kept = read(Thing { place: Some(mine), ..Thing::default() }, response).0.place.unwrap();
    assert_eq!(
        (kept.country.as_str(), kept.note),
        ("DE", None),
        "a change outside Terraform is no error"
    );
    assert_eq!(kept.id.as_deref(), Some("8"), "computed values are read");
}

#[test]
fn a_field_of_another_type_is_a_mismatch() {
    let (_, mismatches) = read(Thing::default(), json!({"title": {}, "place": [1], "active": 2}));
    let texts: Vec<_> = mismatches.iter().map(|it| it.text.as_str()).collect();
    assert!(mismatches.iter().all(|it| it.in_argument));
    assert_eq!(
        texts,
        [
            "`title`: expected a string, found an object",
            "`active`: expected a boolean, found a number",
            "`place`: expected an object, found an array",
        ]
    );
}

#[test]
fn a_computed_value_of_another_type_keeps_its_prior_value() {
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
    for (response, text) in [
        (json!({"status": {}}), "`status`: expected a string, found an object"),
        (json!({"id": "u-101"}), "`id`: expected a numeric ID, found a string"),
        (json!({"owner_ids": ["07"]}), "`owner_ids`: expected a numeric ID, found a string"),
    ] {
        let full = json!({"id": 7, "status": "active", "owner_ids": ["8"]});
        let mut full = full.as_object().unwrap().clone();
        full.extend(response.as_object().unwrap().clone());
        let (state, mismatches) =
            refresh(Computed::block(), &prior.clone().into_value(), &Json::Object(full));
        assert_eq!(mismatches, [Mismatch { text: text.into(), in_argument: false }]);
        assert!(Computed::from_value(&state).unwrap() == prior);
    }
}

#[test]
fn only_unknown_values_are_filled_in() {
    let planned = Value::Object(
        [("id", Value::Unknown), ("title", "mine".into()), ("active", Value::Unknown)].into(),
    );
    let (state, _) = apply_result(Thing::block(), &planned, &json!({"id": 7, "title": "theirs"}));
    let state = Thing::from_value(&state).unwrap();
    assert_eq!(state.id.as_deref(), Some("7"));
    assert_eq!(state.title.as_deref(), Some("mine"));
    assert_eq!(state.active, None, "missing from the response");
}

#[test]
fn only_unknown_parts_are_filled_in() {
    model! {
        /// A row.
        struct Row {
            /// Set by the API.
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
    for (rows_found, expected, mismatches) in [
        (json!([{"id": 9, "name": "x"}, {"id": 2, "name": "y"}, {"id": 3}]), ["2", "3"], 0),
        (json!([{"id": 1}, {"id": 2}]), ["2", ""], 0),
        (json!([{}, {}, {"id": 3}, {"id": 4}]), ["", "3"], 0),
        (json!(null), ["", ""], 0),
        (json!([{}, {"id": "x"}, {"id": 3}]), ["", ""], 1),
    ] {
        let id = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
        let [two, three] = expected.map(id);
        let (state, found) = apply_result(Rows::block(), &planned, &json!({"rows": rows_found}));
        assert_eq!(state, rows(["1".into(), two, three]), "{rows_found}");
        assert_eq!(found.len(), mismatches, "{rows_found}");
    }
}
