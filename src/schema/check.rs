//! Limits on values, and the rules that the documentation and errors state for them.

use super::value::Value;

/// A limit on an argument.
///
/// A limit on texts or numbers applies to each element if the argument is a set, a list or a map.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At least this many characters.
    MinLength(usize),
    /// At most this many characters.
    MaxLength(usize),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// An e-mail address.
    Email,
    /// Two ASCII letters.
    CountryCode,
    /// An ID.
    NumericId,
    /// A whole number.
    Whole,
    /// A whole number in this range, limits included.
    Range(i64, i64),
    /// Only ASCII letters, digits and these characters.
    AlphanumericOr(&'static str),
    /// A text that a function accepts. Its error states the rule, as in "must be …".
    Parses(fn(&str) -> Result<(), String>),
    /// A collection with at least one element, for this reason.
    NotEmpty(&'static str),
    /// A set without elements that differ only in letter case.
    UniqueIgnoringCase,
    /// Elements that have at most this many characters together, with a comma and a space between them.
    JoinedLength(usize),
}

impl Check {
    /// Whether the limit applies to a collection as a whole.
    pub(super) fn is_on_collection(self) -> bool {
        matches!(self, Self::NotEmpty(_) | Self::UniqueIgnoringCase | Self::JoinedLength(_))
    }

    /// The rule that the value breaks, as it follows the name of the argument: "must be …". `None` if it
    /// breaks none, or is null or unknown.
    pub(super) fn broken_rule(self, value: &Value) -> Option<String> {
        let is_kept = match (self, value) {
            (_, Value::Null | Value::Unknown) => true,
            (Self::MinLength(least), Value::String(text)) => text.chars().count() >= least,
            (Self::MaxLength(most), Value::String(text)) => text.chars().count() <= most,
            (Self::OneOf(texts), Value::String(text)) => texts.contains(&text.as_str()),
            // An optional argument may be empty, which means that it is not set.
            (Self::Email, Value::String(text)) => text.is_empty() || is_email(text),
            (Self::CountryCode, Value::String(text)) => {
                text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
            }
            (Self::NumericId, Value::String(text)) => id(text).is_some(),
            (Self::Whole, Value::Number(number)) => number.as_int().is_some(),
            (Self::Range(least, most), Value::Number(number)) => {
                number.as_int().is_some_and(|int| (least..=most).contains(&int))
            }
            (Self::AlphanumericOr(others), Value::String(text)) => {
                text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
            }
            (Self::Parses(parse), Value::String(text)) => return parse(text).err(),
            (Self::NotEmpty(_), Value::Set(elements) | Value::List(elements)) => {
                !elements.is_empty()
            }
            (Self::NotEmpty(_), Value::Map(elements)) => !elements.is_empty(),
            (Self::UniqueIgnoringCase, Value::Set(elements)) => are_distinct(elements),
            (Self::JoinedLength(most), Value::Set(elements)) => joined_length(elements) <= most,
            _ => true,
        };
        (!is_kept).then(|| self.rule()).flatten()
    }

    /// The rule, as it follows the name of the argument: "must be …". `None` if a function decides.
    pub fn rule(self) -> Option<String> {
        Some(match self {
            Self::MinLength(1) => "must not be empty".into(),
            Self::MinLength(least) => format!("must have at least {least} characters"),
            Self::MaxLength(most) => format!("must have at most {most} characters"),
            Self::OneOf(texts) => format!("must be one of \"{}\"", texts.join("\", \"")),
            Self::Email => "must be an e-mail address".into(),
            Self::CountryCode => {
                "must be a two-letter country code (ISO 3166-1 alpha-2), such as US".into()
            }
            Self::NumericId => "must be a numeric ID".into(),
            Self::Whole => "must be a whole number".into(),
            Self::Range(least, most) => format!("must be a whole number from {least} to {most}"),
            Self::AlphanumericOr(others) => {
                let others: Vec<_> = others.chars().map(String::from).collect();
                let others = others.join(" ");
                format!("may contain only letters, digits and the characters `{others}`")
            }
            Self::Parses(_) => return None,
            Self::NotEmpty(reason) => format!("must not be empty: {reason}"),
            Self::UniqueIgnoringCase => {
                "must not contain elements that differ only in letter case".into()
            }
            Self::JoinedLength(most) => {
                format!("must have at most {most} characters, joined by commas and spaces")
            }
        })
    }
}

/// Whether it is an address with a domain name and without a display name, as the API requires.
fn is_email(text: &str) -> bool {
    let options = email_address::Options::default().without_display_text().without_domain_literal();
    email_address::EmailAddress::parse_with_options(text, options).is_ok()
}

/// The ID in a text. Leading zeros are refused, so that each ID has one spelling.
pub(super) fn id(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|id| id.to_string() == text)
}

/// Whether the texts differ, ignoring case.
fn are_distinct(elements: &[Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    let mut texts = elements.iter().filter_map(Value::as_str);
    texts.all(|text| seen.insert(text.to_lowercase()))
}

/// Characters of the known elements, joined by a comma and a space.
fn joined_length(elements: &[Value]) -> usize {
    let lengths: Vec<_> =
        elements.iter().filter_map(Value::as_str).map(|text| text.chars().count()).collect();
    lengths.iter().sum::<usize>() + 2 * lengths.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Number;

    #[test]
    fn checks_accept_and_refuse_values_at_their_limits() {
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
            (Check::NumericId, text("18446744073709551615"), true),
            (Check::NumericId, text("18446744073709551616"), false),
            (Check::NumericId, text("007"), false),
            (Check::CountryCode, text("de"), true),
            (Check::CountryCode, text("USA"), false),
            (Check::CountryCode, text("Ü"), false),
            (Check::NumericId, text("+7"), false),
            (Check::Range(1, 6), number("6"), true),
            (Check::Range(1, 6), number("6.5"), false),
            (Check::Whole, number("1e400"), false),
            (Check::AlphanumericOr("@.-_+"), text("a.b@c"), true),
            (Check::AlphanumericOr("@.-_+"), text("a b"), false),
            (Check::NotEmpty("why"), Value::set([]), false),
            (Check::UniqueIgnoringCase, Value::set([text("a"), text("A")]), false),
            (Check::UniqueIgnoringCase, Value::set([text("a"), Value::Unknown]), true),
            (Check::JoinedLength(6), Value::set([text("ä"), text("bcd")]), true),
            (Check::JoinedLength(5), Value::set([text("ä"), text("bcd")]), false),
            (Check::JoinedLength(5), Value::set([Value::Unknown, text("bcd")]), true),
            (Check::Email, Value::Unknown, true),
            (Check::Email, Value::Null, true),
        ];
        for (check, value, is_kept) in cases {
            assert_eq!(check.broken_rule(&value).is_none(), is_kept, "{check:?} {value:?}");
        }
    }
}
