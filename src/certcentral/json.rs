//! JSON of answers, parsed within bounds: a tree can take a hundred times the memory of its text.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// Values that one object may consist of. A user who is limited to 1,000 containers has 10,000; 50,000
/// take up to 20 MiB.
const MOST_VALUES: usize = 50_000;

/// Values that one page may consist of: 1,000 rows of 250. Pages are not parsed as trees.
const MOST_VALUES_OF_A_PAGE: usize = 250_000;

/// The tree of a body or of a row; the error says what is wrong with it and quotes nothing of it.
pub(super) fn parse(text: &[u8]) -> Result<Value, String> {
    within(text, MOST_VALUES)?;
    serde_json::from_slice(text).map_err(broken)
}

/// The members of the object that a page is, each as text.
pub(super) fn members(text: &[u8]) -> Result<BTreeMap<String, &RawValue>, String> {
    within(text, MOST_VALUES_OF_A_PAGE)?;
    serde_json::from_slice(text).map_err(|error| match error.is_data() {
        // Such an error quotes what it found, which may be a key.
        true => "it is not a JSON object".to_owned(),
        false => broken(error),
    })
}

/// The elements of an array, each as text; `None` if it is none.
pub(super) fn elements(array: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(array.get()).ok()
}

/// Fails if the text may have more values than so many: each but the first follows one of these
/// characters, wherever else they stand.
fn within(text: &[u8], most: usize) -> Result<(), String> {
    let follows = |byte: &&u8| matches!(byte, b',' | b'{' | b'[');
    match text.iter().filter(follows).count() < most {
        true => Ok(()),
        false => Err(format!("it has more than {most} JSON values")),
    }
}

fn broken(error: serde_json::Error) -> String {
    format!("its JSON is broken ({error})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_parsed_up_to_a_number_of_values() {
        let array = |values: usize| format!("[{}]", vec!["0"; values].join(","));
        assert!(parse(array(MOST_VALUES - 1).as_bytes()).is_ok());
        for text in [array(MOST_VALUES), format!("[{}", "{},".repeat(MOST_VALUES))] {
            let error = parse(text.as_bytes()).expect_err("too many");
            assert_eq!(error, "it has more than 50000 JSON values");
        }
        assert!(parse("[".repeat(10_000).as_bytes()).is_err_and(|it| it.contains("recursion")));
    }

    #[test]
    fn a_page_is_taken_apart_without_its_rows() {
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
