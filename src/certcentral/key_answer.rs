//! Decoding of a response with a one-time key. The key is found even if other parts are damaged.

use std::ops::Range;

use serde_json::Value;

use super::answer::Answer;
use super::error::Call;
use super::id::Id;
use super::json;
use crate::secret::Secret;

/// The response to a POST that returns a one-time key, as far as it was received.
///
/// Example: `POST /account`,
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html>.
#[derive(Clone)]
pub struct KeyAnswer {
    /// ID of the new object.
    pub id: Option<Id>,
    /// The API key, which no other response contains.
    pub api_key: Option<Secret>,
    /// The complete response, if all of it was received.
    pub answer: Option<Answer>,
}

impl KeyAnswer {
    /// Decodes the body of a response to `POST path`, received or recorded earlier.
    ///
    /// A value that may be truncated is ignored: a string without its closing quote, and digits at the end
    /// of the body.
    pub fn from_bytes(path: &str, body: &[u8]) -> Self {
        let Scan { id, api_key, object } = scan(body);
        let api_key = api_key.map(Secret::new);
        let call = Call { method: "POST", path: path.to_owned() };
        let whole = object.and_then(|it| json::parse(body.get(it)?).ok());
        Self { id, api_key, answer: whole.map(|json| Answer::new(json, call)) }
    }

    /// Whether the response has an ID or a key.
    pub fn is_usable(&self) -> bool {
        self.id.is_some() || self.api_key.is_some()
    }
}

/// The fields that were found in a body.
#[derive(Default)]
struct Scan {
    id: Option<Id>,
    api_key: Option<String>,
    /// The position of the object. `None` if its end is missing.
    object: Option<Range<usize>>,
}

/// Finds the first `id` and the first `api_key` of the outermost object.
///
/// Other text may precede the object, such as a byte order mark or a warning of the server. An HTML page
/// with a script may contain an object, too. So an object after other text counts only if it has a key, or
/// if nothing follows it.
fn scan(body: &[u8]) -> Scan {
    let mut first = None;
    let mut from = 0;
    while let Some(start) = object_after(body, from) {
        let found = scan_object(body, start);
        let text = body.get(..start).unwrap_or_default();
        let begins = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii().is_empty();
        let end = found.object.as_ref().map(|object| object.end);
        let rest = end.and_then(|end| body.get(end..));
        let ends = rest.is_some_and(|rest| rest.trim_ascii().is_empty());
        let is_usable = found.id.is_some() || found.api_key.is_some();
        if is_usable && (begins || ends || found.api_key.is_some()) {
            return found;
        }
        first.get_or_insert_with(|| Scan { object: found.object, ..Scan::default() });
        // If the end of an object is missing, everything after its beginning may belong to it.
        let Some(end) = end else { break };
        from = end;
    }
    first.unwrap_or_default()
}

/// The position of the next object: a brace followed by a name or by the closing brace.
fn object_after(body: &[u8], from: usize) -> Option<usize> {
    (from..body.len()).find(|at| {
        let follows = || body.get(at + 1..)?.iter().find(|byte| !byte.is_ascii_whitespace());
        body.get(*at) == Some(&b'{') && matches!(follows(), Some(b'"' | b'}'))
    })
}

fn scan_object(body: &[u8], start: usize) -> Scan {
    let mut found = Scan::default();
    let mut rest = Scanner { bytes: body, at: start + 1 };
    while let Some((name, value)) = rest.member() {
        match (name.as_str(), value) {
            ("id", Some(Value::Number(number))) if found.id.is_none() => {
                found.id = number.as_u64().map(Id::from);
            }
            ("id", Some(Value::String(text))) if found.id.is_none() => found.id = text.parse().ok(),
            ("api_key", Some(Value::String(text)))
                if found.api_key.is_none() && (1..=MAX_KEY_LENGTH).contains(&text.len()) =>
            {
                found.api_key = Some(text);
            }
            _ => {}
        }
    }
    if rest.skip_space() == Some(b'}') {
        found.object = Some(start..rest.at + 1);
    }
    found
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A longer text is not a key. It would stay in memory until the process exits.
const MAX_KEY_LENGTH: usize = 64 << 10;

/// A position in a body that begins as JSON and may be truncated or damaged.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The next member of the outermost object: its name, and its value if that is a complete string or
    /// number. `None` at the end of the object, and where the body ends or is not JSON.
    fn member(&mut self) -> Option<(String, Option<Value>)> {
        if self.skip_space()? == b',' {
            self.at += 1;
            self.skip_space()?;
        }
        let name = self.string()?;
        let Value::String(name) = serde_json::from_slice(name).ok()? else { return None };
        if self.skip_space()? != b':' {
            return None;
        }
        self.at += 1;
        let value = match self.skip_space()? {
            b'"' => serde_json::from_slice(self.string()?).ok(),
            b'{' | b'[' => {
                self.skip_nested()?;
                None
            }
            _ => serde_json::from_slice(self.word()?).ok(),
        };
        Some((name, value))
    }

    /// The byte after white space. It is not consumed.
    fn skip_space(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        let skipped = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.at += skipped;
        rest.get(skipped).copied()
    }

    /// A string with its quotes. `None` if the closing quote is missing.
    fn string(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.at..)?;
        if rest.first() != Some(&b'"') {
            return None;
        }
        let mut escaped = false;
        let end = rest.iter().skip(1).position(|byte| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            closes
        })?;
        // The opening quote and the closing quote.
        self.at += end + 2;
        rest.get(..end + 2)
    }

    /// A number, `true`, `false` or `null`. `None` if the body ends within it, because digits may be
    /// missing.
    fn word(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace())?;
        self.at += end;
        rest.get(..end)
    }

    /// Skips an object or an array. It counts brackets instead of recursing, because the depth is not limited.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn found(body: &str) -> (Option<u64>, Option<String>) {
        let Scan { id, api_key, .. } = scan(body.as_bytes());
        (id.map(u64::from), api_key)
    }

    #[test]
    fn complete_values_are_found_and_truncated_ones_are_not() {
        let key = || Some("EXAMPLE-ONLY-ONCE".to_owned());
        for (body, expected) in [
            (r#"{"id":200002,"api_key":"EXAMPLE-ONLY-ONCE"}"#, (Some(200_002), key())),
            (
                "\r\n { \"api_key\" :\t\"EXAMPLE-ONLY-ONCE\" , \"id\" : \"2\" } rest",
                (Some(2), key()),
            ),
            (
                r#"{"user":{"id":1,"api_key":"no"},"organization":{"id":3,"c":[{"id":4}]},"id":5}"#,
                (Some(5), None),
            ),
            (r#"{"user":{"id":1,"name":"}\"{"},"id":5"#, (None, None)),
            (r#"{"user":{"id":1,"name":"}\"{"},"id":5,"#, (Some(5), None)),
            (r#"{"id":5,"user":{"id":1,"na"#, (Some(5), None)),
            (r#"{"id":5,"api_key":"EXAMPLE-ONLY-ON"#, (Some(5), None)),
            (r#"{"id":5,"api_key":"EXAMPLE-ONLY-ONCE"#, (Some(5), None)),
            (r#"{"id":5,"api_key":"EXAMPLE-ONLY-ONCE""#, (Some(5), key())),
            (r#"{"id":20000"#, (None, None)),
            (r#"{"api_k\u0065y":"EXAMPLE\u002dONLY-ONCE","x":"#, (None, key())),
            (r#"{"api_key":"a\"b\\","id":1}"#, (Some(1), Some("a\"b\\".into()))),
            (r#"{"id":1.5,"api_key":null}"#, (None, None)),
            (r#"{"id":-1,"api_key":""}"#, (None, None)),
            (r#"{"id":7,"bill_parent":tru<html>,"api_key":"k"}"#, (Some(7), Some("k".into()))),
            (r#"{"id":7 "api_key":"k"}"#, (Some(7), Some("k".into()))),
            (r#"[{"id":7}]"#, (None, None)),
            (r#"[{"id":7,"api_key":"k"}]"#, (Some(7), Some("k".into()))),
            (r#"{"id":7,"api_key":{}}"#, (Some(7), None)),
            (r#""id""#, (None, None)),
            ("<html>", (None, None)),
            ("", (None, None)),
        ] {
            assert_eq!(found(body), expected, "{body}");
        }
    }

    #[test]
    fn text_before_the_object_loses_no_key() {
        let (key, answer) = ("EXAMPLE-ONLY-ONCE", r#"{"api_key":"EXAMPLE-ONLY-ONCE","id":7}"#);
        for before in [
            "\u{feff}",
            "\u{feff} \r\n\t",
            "\n<br />\n<b>Warning</b>: Undefined index in {closure} on line <b>5</b><br />\n",
            "Notice: {\n",
            "[",
            r#"{"level":"warning","errors":[{"id":5}]}"#,
        ] {
            for after in ["", " \n", "<!-- 0.2 s -->"] {
                let body = format!("{before}{answer}{after}");
                assert_eq!(found(&body), (Some(7), Some(key.to_owned())), "{body}");
            }
            // Another type of account: the response has no key.
            let body = format!("{before}{{\"id\":7,\"user\":{{\"id\":1}}}}\n");
            assert_eq!(found(&body), (Some(7), None), "{body}");
        }
    }

    #[test]
    fn an_object_within_a_page_is_ignored() {
        for page in [
            r#"<html><script>var it = {"id":5,"user":{"id":1}};</script></html>"#,
            r#"<html><script>var it = {"id":5,"user""#,
            r#"<html>{"a":1} {"id":5} </html>"#,
        ] {
            assert_eq!(found(page), (None, None), "{page}");
        }
    }

    #[test]
    fn invalid_bytes_elsewhere_are_ignored() {
        let body = b"{\"id\":7,\"name\":\"\xff\xfe\",\"api_key\":\"k-1\",\"x\":\x00\x01";
        let Scan { id, api_key, .. } = scan(body);
        assert_eq!((id, api_key.as_deref()), (Some(Id::from(7)), Some("k-1")));
        let deep = format!(r#"{{"x":{},"id":7}}"#, "[".repeat(100_000));
        assert_eq!(found(&deep), (None, None));
    }

    /// JSON of any shape, with the two names at any depth.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let name = prop_oneof![Just("id".to_owned()), Just("api_key".to_owned()), ".{0,6}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..4).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_prefix_never_gives_a_wrong_value(
            id in any::<u64>(),
            as_text in any::<bool>(),
            key in ".{1,20}",
            others in prop::collection::vec(("[a-z\"\\\\é]{3,8}", value()), 0..5),
            place in any::<prop::sample::Index>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let id_json = if as_text { json!(id.to_string()) } else { json!(id) };
            let mut members = others;
            members.insert(place.index(members.len() + 1), ("id".into(), id_json));
            members.insert(place.index(members.len() + 1), ("api_key".into(), json!(key)));
            let members: Vec<_> = members.iter().map(|(n, v)| format!("{}:{v}", json!(n))).collect();
            let body = format!("{{{}}}", members.join(","));
            prop_assert_eq!(found(&body), (Some(id), Some(key.clone())));

            let cut = cut.index(body.len());
            for before in ["", "\u{feff}", " \r\n", "Warning: {closure} on line 3\n", "{\"warned\":{\"id\":1}} "] {
                let found = scan(&[before.as_bytes(), &body.as_bytes()[..cut]].concat());
                prop_assert!(found.id.is_none_or(|it| it == Id::from(id)));
                prop_assert!(found.api_key.is_none_or(|it| it == key));
                let found = scan(format!("{before}{body}\n").as_bytes());
                prop_assert_eq!(found.id, Some(Id::from(id)), "{}", before);
                prop_assert_eq!(found.api_key, Some(key.clone()), "{}", before);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = scan(&bytes);
            let mut object = b"{\"id\":".to_vec();
            object.extend(bytes);
            let _ = scan(&object);
        }
    }
}
