//! Limits on single values, and the words they are refused with.

use super::value::Value;

/// A limit on an argument.
///
/// Limits of texts and numbers hold for each element where the argument is a set, list or map.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At least that many characters.
    MinLength(usize),
    /// At most that many characters.
    MaxLength(usize),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// An e-mail address.
    Email,
    /// The decimal digits of an id.
    Digits,
    /// A whole number.
    Whole,
    /// A whole number between these, both included.
    Range(i64, i64),
    /// ASCII letters, digits and these.
    AlphanumericOr(&'static str),
    /// What a function accepts; its error says the rule, as in "must be …".
    Parses(fn(&str) -> Result<(), String>),
    /// A collection with an element at least, for this reason.
    NotEmpty(&'static str),
    /// A collection without elements that differ by letter case alone.
    DistinctWithoutCase,
}

impl Check {
    /// Whether the limit is on a collection as a whole.
    pub(super) fn is_on_collection(self) -> bool {
        matches!(self, Self::NotEmpty(_) | Self::DistinctWithoutCase)
    }

    /// The broken rule, to follow "it must"; `None` where the value keeps it, is null or unknown.
    pub(super) fn broken_rule(self, value: &Value) -> Option<String> {
        let kept = match (self, value) {
            (_, Value::Null | Value::Unknown) => true,
            (Self::MinLength(least), Value::String(text)) => text.chars().count() >= least,
            (Self::MaxLength(most), Value::String(text)) => text.chars().count() <= most,
            (Self::OneOf(texts), Value::String(text)) => texts.contains(&text.as_str()),
            // Empty means left out wherever empty is allowed at all.
            (Self::Email, Value::String(text)) => text.is_empty() || is_email(text),
            (Self::Digits, Value::String(text)) => id(text).is_some(),
            (Self::Whole, Value::Number(number)) => number.as_int().is_some(),
            (Self::Range(least, most), Value::Number(number)) => {
                number.as_int().is_some_and(|int| (least..=most).contains(&int))
            }
            (Self::AlphanumericOr(others), Value::String(text)) => {
                text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
            }
            (Self::Parses(parse), Value::String(text)) => {
                let rule = |error: String| error.trim_start_matches("must ").to_owned();
                return parse(text).err().map(rule);
            }
            (Self::NotEmpty(_), Value::Set(elements) | Value::List(elements)) => {
                !elements.is_empty()
            }
            (Self::NotEmpty(_), Value::Map(elements)) => !elements.is_empty(),
            (Self::DistinctWithoutCase, Value::Set(elements)) => twins(elements).is_none(),
            _ => true,
        };
        (!kept).then(|| self.rule())
    }

    /// The rule in words, to follow "must"; empty where only the value itself can tell.
    pub fn rule(self) -> String {
        match self {
            Self::MinLength(1) => "not be empty".into(),
            Self::MinLength(least) => format!("have at least {least} characters"),
            Self::MaxLength(most) => format!("have at most {most} characters"),
            Self::OneOf(texts) => format!("be one of \"{}\"", texts.join("\", \"")),
            Self::Email => "be an e-mail address".into(),
            Self::Digits => "be an id, which is written in decimal digits".into(),
            Self::Whole => "be a whole number".into(),
            Self::Range(least, most) => format!("be a whole number from {least} to {most}"),
            Self::AlphanumericOr(others) => {
                let others: Vec<_> = others.chars().map(String::from).collect();
                format!("have no characters but letters, digits and {}", others.join(" "))
            }
            Self::Parses(_) => String::new(),
            Self::NotEmpty(reason) => format!("have at least one element: {reason}"),
            Self::DistinctWithoutCase => {
                "not have two elements that differ only by letter case".into()
            }
        }
    }
}

/// An address with a domain, as the API accepts it; a display name is not part of one.
fn is_email(text: &str) -> bool {
    let options = email_address::Options::default().without_display_text().without_domain_literal();
    email_address::EmailAddress::parse_with_options(text, options).is_ok()
}

/// Digits that fit an ID and are spelled the one way, so that state and API agree.
pub(super) fn id(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|id| id.to_string() == text)
}

/// The first two texts that are one but for letter case.
fn twins(elements: &[Value]) -> Option<(&str, &str)> {
    let texts: Vec<_> = elements.iter().filter_map(Value::as_str).collect();
    let mut by_folded = std::collections::HashMap::new();
    texts
        .into_iter()
        .find_map(|text| by_folded.insert(text.to_lowercase(), text).map(|earlier| (earlier, text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Number;

    #[test]
    fn limits_hold_at_their_edges() {
        let text = |text: &str| Value::from(text);
        let number = |text| Number::parse(text).map_or(Value::Null, Value::Number);
        let cases = [
            (Check::MaxLength(3), text("äöü"), true),
            (Check::MaxLength(3), text("äöüß"), false),
            (Check::MinLength(1), text(""), false),
            (Check::OneOf(&["a", "b"]), text("A"), false),
            (Check::Email, text("ana.example+tag@mail.example.com"), true),
            (Check::Email, text("Ana <ana@example.com>"), false),
            (Check::Email, text("ana@"), false),
            (Check::Email, text("ana example@example.com"), false),
            (Check::Digits, text("18446744073709551615"), true),
            (Check::Digits, text("18446744073709551616"), false),
            (Check::Digits, text("007"), false),
            (Check::Digits, text("+7"), false),
            (Check::Range(1, 6), number("6"), true),
            (Check::Range(1, 6), number("6.5"), false),
            (Check::Whole, number("1e400"), false),
            (Check::AlphanumericOr("@.-_+"), text("a.b@c"), true),
            (Check::AlphanumericOr("@.-_+"), text("a b"), false),
            (Check::NotEmpty("why"), Value::set([]), false),
            (Check::DistinctWithoutCase, Value::set([text("a"), text("A")]), false),
            (Check::DistinctWithoutCase, Value::set([text("a"), Value::Unknown]), true),
            (Check::Email, Value::Unknown, true),
            (Check::Email, Value::Null, true),
        ];
        for (check, value, kept) in cases {
            assert_eq!(check.broken_rule(&value).is_none(), kept, "{check:?} {value:?}");
        }
    }
}
