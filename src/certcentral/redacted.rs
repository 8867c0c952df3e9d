//! Bodies and texts of the API without secrets, for logs and errors.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::Value;

use super::json;
use crate::redact::redact;
use crate::secret::Secret;

/// Names in lower case whose values are never printed.
const SECRET_NAMES: [&str; 7] =
    ["api_key", "auth_key", "key", "password", "secret", "token", "x-dc-devkey"];

/// A body for the log. Only the size is logged of a body that is not JSON, because it may contain a part of
/// a key, which no filter would recognize. The same applies to a long body, because Terraform truncates log
/// lines at 64 KiB.
pub(super) fn body(bytes: &[u8]) -> String {
    if bytes.len() > MAX_LOGGED {
        return format!("{} bytes", bytes.len());
    }
    match json::parse(bytes) {
        Ok(mut json) => {
            learn(&json);
            mask(&mut json);
            redact(&json.to_string()).into_owned()
        }
        Err(_) if bytes.is_empty() => "no body".to_owned(),
        Err(_) => format!("{} bytes that are not JSON", bytes.len()),
    }
}

/// One line of a body that is not JSON: the title of an HTML page, or the first line.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..65_536).unwrap_or(bytes));
    let title = text.split_once("<title>").map(|(_, rest)| rest.split('<').next().unwrap_or(rest));
    let line = title.or_else(|| text.lines().find(|line| !line.trim().is_empty()));
    shortened(line.unwrap_or_default(), 120)
}

const MAX_LOGGED: usize = 60_000;

/// A text of a response for a diagnostic: without control characters and secrets, and truncated. Every text
/// of a response must pass through this function before it becomes part of a diagnostic.
pub fn printable(text: &str) -> String {
    shortened(text, 300)
}

/// [`printable`] with another maximum length.
pub(super) fn shortened(text: &str, max: usize) -> String {
    let text = redact(text);
    let text = text.trim_matches(|it: char| it.is_whitespace() || is_control(it));
    let shown = text.chars().map(|it| if is_control(it) { ' ' } else { it });
    let mut shown: String = shown.take(max + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(max) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Whether a terminal interprets this character instead of printing it: control characters, and characters
/// that change the direction of the text around them.
fn is_control(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Adds all values named `api_key` in a response, at any depth, to the redaction filter. Secrets stay in the
/// filter until the process exits, so their number is limited.
pub(super) fn learn(json: &Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "api_key" => learn_key(text),
                    value => learn(value),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(learn),
        _ => {}
    }
}

fn learn_key(text: &str) {
    if text.len() <= MAX_KEY_LENGTH && LEARNED.fetch_add(1, Relaxed) < MAX_LEARNED {
        drop(Secret::new(text));
    }
}

static LEARNED: AtomicUsize = AtomicUsize::new(0);

const MAX_LEARNED: usize = 10_000;

const MAX_KEY_LENGTH: usize = 500;

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
    fn secrets_are_found_by_name_and_by_text() {
        let _known = Secret::new("known-elsewhere");
        let json = r#"{"a":[{"API_KEY":"k-1","name":"is known-elsewhere"}],"key":{"id":1}}"#;
        assert_eq!(
            body(json.as_bytes()),
            r#"{"a":[{"API_KEY":"(redacted)","name":"is (redacted)"}],"key":"(redacted)"}"#
        );
        assert_eq!(body(b""), "no body");
        assert_eq!(body(br#"{"api_key":"half-a-ke"#), "21 bytes that are not JSON");
        assert_eq!(body(format!("[{}0]", "0,".repeat(30_000)).as_bytes()), "60003 bytes");
    }

    #[test]
    fn keys_are_learned_at_any_depth() {
        learn(&serde_json::json!({"users": [{"api_key": "learned-from-a-body"}]}));
        assert_eq!(redact("learned-from-a-body"), "(redacted)");
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

    #[test]
    fn control_characters_are_not_printable() {
        let _known = Secret::new("known-elsewhere");
        let text = "\u{1b}]0;a\u{7}b\r\nc\u{9b}31m \u{202e}known-elsewhere\u{2066}é";
        assert_eq!(printable(text), "]0;a b  c 31m  (redacted) é");
        assert_eq!(printable(&"é".repeat(1 << 20)).chars().count(), 301);
    }
}
