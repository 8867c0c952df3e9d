//! Tests of the two codecs with captured bytes, generated values and random bytes.

use proptest::prelude::*;

use super::{json, msgpack};
use crate::schema::{Number, Type, Value};

fn everything() -> Type {
    Type::Object(vec![
        ("bool", Type::Bool),
        ("number", Type::Number),
        ("string", Type::String),
        ("list", Type::List(Box::new(Type::String))),
        ("set", Type::Set(Box::new(Type::Number))),
        ("map", Type::Map(Box::new(Type::Bool))),
        ("object", Type::Object(vec![("inner", Type::String)])),
    ])
}

#[test]
fn all_forms_of_unknown_are_decoded() {
    // As Terraform 1.11.4 sends them: plain, "not null", with a prefix, with a lower bound.
    for bytes in [
        &b"\xd4\x00\x00"[..],
        b"\xc7\x03\x0c\x81\x01\xc2",
        b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4abc-",
        b"\xc7\x07\x0c\x82\x01\xc2\x03\x92\x00\xc3",
    ] {
        for of in [Type::String, Type::List(Box::new(Type::Bool)), everything()] {
            assert_eq!(msgpack::decode(&of, bytes), Ok(Value::Unknown));
        }
    }
    assert_eq!(msgpack::encode(&Value::Unknown), b"\xd4\x00\x00");
}

#[test]
fn numbers_are_exact() {
    for (bytes, shown) in [
        (&b"\x05"[..], "5"),
        (b"\xff", "-1"),
        (b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
        (b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", "1.5"),
        (b"\xa30.1", "0.1"),
        (b"\xbe123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        let Ok(Value::Number(number)) = msgpack::decode(&Type::Number, bytes) else {
            panic!("{shown} is a number");
        };
        assert_eq!(number.to_string(), shown);
        let again =
            msgpack::decode(&Type::Number, &msgpack::encode(&Value::Number(number.clone())));
        assert_eq!(again, Ok(Value::Number(number)));
    }
    let huge = format!("1{}", "0".repeat(400));
    let read = json::decode(&Type::Number, huge.as_bytes());
    assert_eq!(read, Ok(Value::Number(Number::Decimal(huge))));
}

#[test]
fn errors_state_the_problem_and_its_path() {
    let nested = Type::Object(vec![("a", Type::Object(vec![("b", Type::Bool)]))]);
    for (bytes, message) in [
        (&b""[..], "truncated"),
        (b"\xc1", "expected an object, found Reserved"),
        (b"\x81\xa1a\x81\xa1b\xa1x", "`a.b`: expected a boolean, found FixStr(1)"),
        (b"\x81\xa1a\x81\xa1c\xc0", "`a`: there is no attribute \"c\""),
        (b"\x81\xa1a\x82\xa1b\xc0\xa1b\xc0", "`a.b`: present twice"),
        (b"\x80", "`a`: missing"),
        (b"\x81\xa1a\xc0\xc0", "1 bytes too many"),
        (b"\xdf\xff\xff\xff\xff", "truncated"),
        (b"\x81\xa1\xff\xc0", "a string that is not UTF-8"),
        (b"\x81\x01\xc0", "a key that is not a string"),
        (b"\xc9\xff\xff\xff\xff\x00", "truncated"),
    ] {
        let error = msgpack::decode(&nested, bytes).expect_err(message);
        assert_eq!(error.to_string(), message);
    }
    let error = json::decode(&nested, br#"{"a": {"b": "s3cret"}}"#).expect_err("not a boolean");
    assert_eq!(error.to_string(), "`a.b`: expected a boolean");
    let error = json::decode(&nested, br#"{"a": "#).expect_err("truncated");
    assert_eq!(error.to_string(), "truncated (line 1, column 6)");
}

#[test]
fn a_state_of_another_version_is_read_by_attribute() {
    let of = Type::Object(vec![("kept", Type::String), ("new", Type::Bool)]);
    let read = json::decode(&of, br#"{"removed": [1, {"deep": null}], "kept": "x"}"#);
    assert_eq!(read, Ok(Value::Object([("kept", "x".into()), ("new", Value::Null)].into())));
    let quoted = json::decode(&of, br#"{"kept": null, "new": "true"}"#);
    assert_eq!(
        quoted,
        Ok(Value::Object([("kept", Value::Null), ("new", Value::Bool(true))].into()))
    );
}

/// Values of the type [`everything`], each with its JSON.
fn values() -> impl Strategy<Value = (Value, serde_json::Value)> {
    let string = || proptest::option::of(".{0,12}");
    let parts = (
        proptest::option::of(any::<bool>()),
        proptest::option::of(any::<i64>()),
        string(),
        proptest::collection::vec(".{0,6}", 0..5),
        proptest::collection::btree_set(any::<i64>(), 0..5),
        proptest::collection::btree_map(".{0,4}", any::<bool>(), 0..4),
        string(),
    );
    parts.prop_map(|(bool, number, string, list, set, map, inner)| {
        let int = |n: i64| Value::Number(Number::Int(n));
        let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
        let json = serde_json::json!({
            "bool": bool, "number": number, "string": string, "list": list, "set": set,
            "map": map, "object": {"inner": inner},
        });
        let value = Value::Object(
            [
                ("bool", bool.map_or(Value::Null, Value::Bool)),
                ("number", number.map_or(Value::Null, int)),
                ("string", text(string)),
                ("list", Value::List(list.into_iter().map(Value::String).collect())),
                ("set", Value::set(set.into_iter().map(int))),
                ("map", Value::Map(map.into_iter().map(|(k, v)| (k, Value::Bool(v))).collect())),
                ("object", Value::Object([("inner", text(inner))].into())),
            ]
            .into(),
        );
        (value, json)
    })
}

proptest! {
    #[test]
    fn both_codecs_decode_what_was_encoded((value, json) in values()) {
        let of = everything();
        prop_assert_eq!(&msgpack::decode(&of, &msgpack::encode(&value)), &Ok(value.clone()));
        prop_assert_eq!(&json::decode(&of, json.to_string().as_bytes()), &Ok(value));
    }

    #[test]
    fn unknown_elements_of_a_set_are_not_merged(
        (value, _) in values(), known in proptest::collection::btree_set(any::<i64>(), 0..3), unknown in 0_usize..4,
    ) {
        let Value::Object(mut attributes) = value else { return Ok(()) };
        let int = |n: i64| Value::Number(Number::Int(n));
        let elements = known.iter().copied().map(int).chain(vec![Value::Unknown; unknown]);
        attributes.insert("set", Value::set(elements));
        attributes.insert("object", Value::Unknown);
        attributes.insert("list", Value::List(vec![Value::Unknown; unknown]));
        let value = Value::Object(attributes);
        let decoded = msgpack::decode(&everything(), &msgpack::encode(&value));
        prop_assert_eq!(&decoded, &Ok(value));
        let Ok(Value::Object(decoded)) = decoded else { return Ok(()) };
        let Some(Value::Set(set)) = decoded.get("set") else { return Ok(()) };
        prop_assert_eq!(set.len(), known.len() + unknown);
    }

    #[test]
    fn truncated_values_are_refused((value, _) in values(), cut in 0.0..1.0) {
        let bytes = msgpack::encode(&value);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small index")]
        let cut = (bytes.len() as f64 * cut) as usize;
        prop_assert!(msgpack::decode(&everything(), &bytes[..cut]).is_err());
    }

    #[test]
    fn random_bytes_never_cause_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = msgpack::decode(&everything(), &bytes);
        let _ = json::decode(&everything(), &bytes);
    }
}
