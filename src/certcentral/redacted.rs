//! What of a body may be written down: nothing that is secret by its name or by its text.

use serde_json::Value;

use crate::redact::redact;
use crate::secret::Secret;

/// Names whose values are never shown, in lower case.
const SECRET_NAMES: [&str; 7] =
    ["api_key", "auth_key", "key", "password", "secret", "token", "x-dc-devkey"];

/// A body for the log. What is not JSON is only measured: it may hold half a key, which no filter
/// would know.
pub(super) fn body(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut json) => {
            learn(&json);
            mask(&mut json);
            redact(&json.to_string()).into_owned()
        }
        Err(_) if bytes.is_empty() => "no body".to_owned(),
        Err(_) => format!("{} bytes that are not JSON", bytes.len()),
    }
}

/// A line for an error out of a foreign body: the title of an HTML page, or the first line.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..65_536).unwrap_or(bytes));
    let title = text.split_once("<title>").map(|(_, rest)| rest.split('<').next().unwrap_or(rest));
    let line = title.or_else(|| text.lines().find(|line| !line.trim().is_empty()));
    shortened(line.unwrap_or_default(), 120)
}

/// A text of the other side for an error: without secrets and control characters, and cut.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let text = redact(text);
    let printable = |it: char| if it.is_control() { ' ' } else { it };
    let mut shown: String = text.trim().chars().map(printable).collect();
    if let Some((end, _)) = shown.char_indices().nth(longest) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Teaches the filter every API key in a body, at any depth.
pub(super) fn learn(json: &Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "api_key" => drop(Secret::new(text.as_str())),
                    value => learn(value),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(learn),
        _ => {}
    }
}

fn mask(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                if SECRET_NAMES.contains(&name.to_ascii_lowercase().as_str()) {
                    *value = Value::from("(redacted)");
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_by_name_and_by_text() {
        let _known = Secret::new("known-elsewhere");
        let json = r#"{"a":[{"API_KEY":"k-1","name":"is known-elsewhere"}],"key":{"id":1}}"#;
        assert_eq!(
            body(json.as_bytes()),
            r#"{"a":[{"API_KEY":"(redacted)","name":"is (redacted)"}],"key":"(redacted)"}"#
        );
        assert_eq!(body(b""), "no body");
        assert_eq!(body(br#"{"api_key":"half-a-ke"#), "21 bytes that are not JSON");
    }

    #[test]
    fn keys_are_learnt_at_any_depth() {
        learn(&serde_json::json!({"users": [{"api_key": "learnt-from-a-body"}]}));
        assert_eq!(redact("learnt-from-a-body"), "(redacted)");
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        let _known = Secret::new("known-elsewhere");
        assert_eq!(excerpt(b"\n <html>\n<title>Bad\x1b gateway</title>"), "Bad  gateway");
        assert_eq!(excerpt(b"\n known-elsewhere\r\nsecond"), "(redacted)");
        assert_eq!(excerpt("é".repeat(300).as_bytes()).chars().count(), 121);
        assert_eq!(excerpt(b"\xff\xfe"), "\u{fffd}\u{fffd}");
        assert_eq!(excerpt(b""), "");
    }
}
