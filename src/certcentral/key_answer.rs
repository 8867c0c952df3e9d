//! The answer that carries a key once, read so that no damage to the rest of it can lose the key.

use serde_json::Value;

use super::answer::Answer;
use super::error::Call;
use super::id::Id;
use crate::secret::Secret;

/// What there is of an answer with a one-time key.
///
/// Example: `POST /account`,
/// <https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/create-subaccount.html>.
#[derive(Clone)]
pub struct KeyAnswer {
    /// Id of the new object.
    pub id: Option<Id>,
    /// The key that is shown this once.
    pub api_key: Option<Secret>,
    /// The whole answer, if it arrived whole.
    pub answer: Option<Answer>,
}

impl KeyAnswer {
    /// Reads the body of an answer to `POST path`, from the wire or from a record of it.
    ///
    /// Nothing that is cut short counts: half a key is no key, and digits at the very end are no id.
    pub fn from_bytes(path: &str, body: &[u8]) -> Self {
        let (id, api_key) = scan(body);
        let api_key = api_key.map(Secret::new);
        let call = Call { method: "POST", path: path.to_owned() };
        let answer = serde_json::from_slice(body).ok().map(|json| Answer::new(json, call));
        Self { id, api_key, answer }
    }

    /// Whether it tells of an object at all.
    pub fn is_usable(&self) -> bool {
        self.id.is_some() || self.api_key.is_some()
    }
}

/// Finds `id` and `api_key` of the outermost object, the first of each.
fn scan(body: &[u8]) -> (Option<Id>, Option<String>) {
    let (mut id, mut api_key) = (None, None);
    let mut rest = Scanner { bytes: body, at: 0 };
    if rest.skip_space() != Some(b'{') {
        return (None, None);
    }
    rest.at += 1;
    while let Some((name, value)) = rest.member() {
        match (name.as_str(), value) {
            ("id", Some(Value::Number(number))) if id.is_none() => {
                id = number.as_u64().map(Id::from);
            }
            ("id", Some(Value::String(text))) if id.is_none() => id = text.parse().ok(),
            ("api_key", Some(Value::String(text))) if api_key.is_none() && !text.is_empty() => {
                api_key = Some(text);
            }
            _ => {}
        }
    }
    (id, api_key)
}

/// A place in bytes that are JSON as far as they go.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The next name of the outermost object with its value, if that is a whole string or number.
    /// `None` at the object's end, and where the bytes end or stop being JSON.
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

    /// The byte behind white space, which is not consumed.
    fn skip_space(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        let skipped = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.at += skipped;
        rest.get(skipped).copied()
    }

    /// A string with its quotes, up to its own end and not to that of the bytes.
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
        // One for the opening quote that was skipped, one for the closing one.
        self.at += end + 2;
        rest.get(..end + 2)
    }

    /// A number, `true`, `false` or `null`, up to what ends it. The end of the bytes does not:
    /// digits may be missing there.
    fn word(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace())?;
        self.at += end;
        rest.get(..end)
    }

    /// Passes an object or an array. Counts brackets instead of recursing, for any depth may come.
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
        let (id, key) = scan(body.as_bytes());
        (id.map(u64::from), key)
    }

    #[test]
    fn takes_what_there_is_and_nothing_else() {
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
            (r#""id""#, (None, None)),
            ("<html>", (None, None)),
            ("", (None, None)),
        ] {
            assert_eq!(found(body), expected, "{body}");
        }
    }

    #[test]
    fn foreign_bytes_in_the_rest_do_no_harm() {
        let body = b"{\"id\":7,\"name\":\"\xff\xfe\",\"api_key\":\"k-1\",\"x\":\x00\x01";
        assert_eq!(scan(body), (Some(Id::from(7)), Some("k-1".into())));
        let deep = format!(r#"{{"x":{},"id":7}}"#, "[".repeat(100_000));
        assert_eq!(found(&deep), (None, None));
    }

    /// JSON of every shape, with the two names turning up at every depth.
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
        fn a_prefix_never_yields_anything_wrong(
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

            let (some_id, some_key) = scan(&body.as_bytes()[..cut.index(body.len())]);
            prop_assert!(some_id.is_none_or(|it| it == Id::from(id)));
            prop_assert!(some_key.is_none_or(|it| it == key));
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
