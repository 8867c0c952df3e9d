//! What of a body may be written down: nothing that is secret by its name or by its text.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::Value;

use super::json;
use crate::redact::redact;
use crate::secret::Secret;

/// Names whose values are never shown, in lower case.
const SECRET_NAMES: [&str; 7] =
    ["api_key", "auth_key", "key", "password", "secret", "token", "x-dc-devkey"];

/// A body for the log. What is not JSON is only measured: it may hold half a key, which no filter
/// would know. So is what is too long for a line: Terraform cuts lines at 64 KiB.
pub(super) fn body(bytes: &[u8]) -> String {
    if bytes.len() > LONGEST_LOGGED {
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

/// A line for an error out of a foreign body: the title of an HTML page, or the first line.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..65_536).unwrap_or(bytes));
    let title = text.split_once("<title>").map(|(_, rest)| rest.split('<').next().unwrap_or(rest));
    let line = title.or_else(|| text.lines().find(|line| !line.trim().is_empty()));
    shortened(line.unwrap_or_default(), 120)
}

const LONGEST_LOGGED: usize = 60_000;

/// A text of an answer for a message: without what a terminal obeys, without secrets, and of a length
/// that can be read. Every text that CertCentral sends goes through here on its way into a diagnostic.
pub fn printable(text: &str) -> String {
    shortened(text, 300)
}

/// The same, cut at another length.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let text = redact(text);
    let text = text.trim_matches(|it: char| it.is_whitespace() || obeyed(it));
    let shown = text.chars().map(|it| if obeyed(it) { ' ' } else { it });
    let mut shown: String = shown.take(longest + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(longest) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Whether a terminal does something at this character instead of showing it: control characters,
/// and those that change the direction of the text around them.
fn obeyed(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Teaches the filter API keys in an answer that need not hold any, at any depth. What is learnt stays,
/// so there is an end to it: a server could send keys for as long as it is asked.
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
    if text.len() <= LONGEST_KEY && LEARNT.fetch_add(1, Relaxed) < MOST_LEARNT {
        drop(Secret::new(text));
    }
}

static LEARNT: AtomicUsize = AtomicUsize::new(0);

const MOST_LEARNT: usize = 10_000;

const LONGEST_KEY: usize = 500;

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
        assert_eq!(body(format!("[{}0]", "0,".repeat(30_000)).as_bytes()), "60003 bytes");
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

    #[test]
    fn nothing_that_a_terminal_obeys_is_printable() {
        let _known = Secret::new("known-elsewhere");
        let text = "\u{1b}]0;a\u{7}b\r\nc\u{9b}31m \u{202e}known-elsewhere\u{2066}é";
        assert_eq!(printable(text), "]0;a b  c 31m  (redacted) é");
        assert_eq!(printable(&"é".repeat(1 << 20)).chars().count(), 301);
    }
}
