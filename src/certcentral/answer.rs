//! Decoded responses.

use serde_json::Value;

use super::api_error::{reported, words};
use super::error::{Call, Error};
use super::id::Id;

/// The JSON of a successful response, or one row of a list. Null if the response had no body.
///
/// It does not implement `Debug`, because it may contain an API key.
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

    /// Converts the answer into its JSON.
    pub fn into_json(self) -> Value {
        self.json
    }

    /// The ID in this field, as a number or as a string of digits.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] with the name of the field, if it is missing or not an ID.
    pub fn id(&self, field: &str) -> Result<Id, Error> {
        match self.json.get(field) {
            Some(value) => id(value).ok_or_else(|| self.wrong(&format!("{field} is not an ID"))),
            None => Err(self.wrong(&format!("{field} is missing"))),
        }
    }

    /// The errors that the response to a POST reports in addition to the created object.
    pub fn reported(&self) -> Option<String> {
        Some(words(&reported(self.json.get("errors")?)?))
    }

    /// The error that this response cannot be used, for this reason.
    pub fn wrong(&self, problem: &str) -> Error {
        Error::Decode { call: self.call.clone(), problem: problem.to_owned() }
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }
}

/// The ID in a JSON value: a number, or a string of digits.
pub fn id(value: &Value) -> Option<Id> {
    match value {
        Value::Number(number) => number.as_u64().map(Id::from),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The `id` of an object in a response.
pub fn id_of(object: &Value) -> Option<Id> {
    object.get("id").and_then(id)
}

/// The text in a field of an object; empty if it has none.
pub fn text_of<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
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
        assert_eq!(text("id"), "GET account: unexpected response: id is not an ID");
        assert_eq!(text("account_id"), "GET account: unexpected response: account_id is missing");
    }
}
