//! What a call brought back, read leniently.

use serde_json::Value;

use super::error::{Call, Error};
use super::id::Id;
use super::problem::{reported, words};

/// The JSON of a successful call, or one row of a list. Null where the answer had no body.
///
/// It has no `Debug`: it may hold a key.
#[derive(Clone)]
pub struct Answer {
    json: Value,
    call: Call,
}

impl Answer {
    pub(super) fn new(json: Value, call: Call) -> Self {
        Self { json, call }
    }

    /// The JSON.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The JSON, without the answer around it.
    pub fn into_json(self) -> Value {
        self.json
    }

    /// The id in this field, as a number or as digits.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] that names the field, if it is missing or something else.
    pub fn id(&self, field: &str) -> Result<Id, Error> {
        match self.json.get(field) {
            Some(value) => id(value).ok_or_else(|| self.wrong(&format!("{field} is not an id"))),
            None => Err(self.wrong(&format!("{field} is missing"))),
        }
    }

    /// The errors that the answer to a POST reports beside the object it has created.
    pub fn reported(&self) -> Option<String> {
        Some(words(&reported(self.json.get("errors")?)?))
    }

    /// An answer to this call that makes no sense for this reason.
    pub fn wrong(&self, problem: &str) -> Error {
        Error::Decode { call: self.call.clone(), problem: problem.to_owned() }
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }
}

/// The id a value stands for: a number, or its digits as a string.
pub fn id(value: &Value) -> Option<Id> {
    match value {
        Value::Number(number) => number.as_u64().map(Id::from),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_a_number_or_a_string_of_digits() {
        for (value, expected) in [
            (json!(7), Some(Id::from(7))),
            (json!("125038"), Some(Id::from(125_038))),
            (json!(""), None),
            (json!(-7), None),
            (json!(1.5), None),
            (json!(null), None),
        ] {
            assert_eq!(id(&value), expected, "{value}");
        }
    }

    #[test]
    fn a_missing_id_is_named() {
        let call = Call { method: "GET", path: "account".into() };
        let answer = Answer::new(json!({"id": "x"}), call);
        let text = |field| answer.id(field).expect_err("no id").to_string();
        assert_eq!(text("id"), "GET account: cannot read the answer: id is not an id");
        assert_eq!(
            text("account_id"),
            "GET account: cannot read the answer: account_id is missing"
        );
    }
}
