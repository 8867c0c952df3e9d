//! JSON parsing with limits, because parsed JSON can take a hundred times the memory of its text.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// Maximum number of JSON values in one object. A user who is limited to 1,000 containers has 10,000.
/// 50,000 values take up to 20 MiB.
const MAX_VALUES: usize = 50_000;

/// Maximum number of JSON values in one page: 1,000 rows with 250 values each. The rows of a page are
/// parsed one at a time.
const MAX_VALUES_OF_A_PAGE: usize = 250_000;

/// Parses a body or a row. The error describes the problem and does not quote the text.
pub(super) fn parse(text: &[u8]) -> Result<Value, String> {
    within(text, MAX_VALUES)?;
    serde_json::from_slice(text).map_err(broken)
}

/// The members of the object of a page, each as text.
pub(super) fn members(text: &[u8]) -> Result<BTreeMap<String, &RawValue>, String> {
    within(text, MAX_VALUES_OF_A_PAGE)?;
    serde_json::from_slice(text).map_err(|error| match error.is_data() {
        // The error of serde_json would quote the value, which may be an API key.
        true => "the body is not a JSON object".to_owned(),
        false => broken(error),
    })
}

/// The elements of an array, each as text. `None` if the value is not an array.
pub(super) fn elements(array: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(array.get()).ok()
}

/// Fails if the text may have more than `max` values. Each value but the first follows one of the three
/// characters. They also occur in strings, so the count is an upper bound.
fn within(text: &[u8], max: usize) -> Result<(), String> {
    let follows = |byte: &&u8| matches!(byte, b',' | b'{' | b'[');
    match text.iter().filter(follows).count() < max {
        true => Ok(()),
        false => Err(format!("the body has more than {max} JSON values")),
    }
}

fn broken(error: serde_json::Error) -> String {
    format!("invalid JSON ({error})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_parsed_up_to_a_number_of_values() {
        let array = |values: usize| format!("[{}]", vec!["0"; values].join(","));
        assert!(parse(array(MAX_VALUES - 1).as_bytes()).is_ok());
        for text in [array(MAX_VALUES), format!("[{}", "{},".repeat(MAX_VALUES))] {
            let error = parse(text.as_bytes()).expect_err("too many");
            assert_eq!(error, "the body has more than 50000 JSON values");
        }
        assert!(parse("[".repeat(10_000).as_bytes()).is_err_and(|it| it.contains("recursion")));
    }

    #[test]
    fn a_page_is_split_without_parsing_its_rows() {
        let members = members(br#"{"users":[{"id":1}, 2],"page":{"total":2}}"#).expect("an object");
        let texts = |rows: Vec<&RawValue>| rows.iter().map(|it| it.get().to_owned()).collect();
        let rows: Vec<String> = elements(members["users"]).map(texts).expect("an array");
        assert_eq!(rows, [r#"{"id":1}"#, "2"]);
        assert!(elements(members["page"]).is_none());
    }

    #[test]
    fn an_error_quotes_nothing() {
        for text in [r#""a-secret""#, r#"["a-secret"]"#, r#"{"a-secret":"#, "a-secret"] {
            for error in [members(text.as_bytes()).err(), parse(text.as_bytes()).err()] {
                assert!(error.is_none_or(|it| !it.contains("secret")), "{text}");
            }
        }
    }
}
