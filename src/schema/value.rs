//! Values of Terraform's language: null, unknown or known.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::attributes::Attributes;

/// The attributes of an object, a block or a resource, by name.
pub type Object = Attributes<Value>;

/// A value of some [`Type`](super::Type).
///
/// It has no `Debug`, since any string may be a key. Only tests have one.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Not known until apply.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// Text.
    String(String),
    /// Elements in order.
    List(Vec<Self>),
    /// Sorted elements without duplicates. Create it with [`Value::set`].
    Set(Vec<Self>),
    /// Elements by keys that the user chooses.
    Map(BTreeMap<String, Self>),
    /// Attributes by name.
    Object(Object),
}

impl Value {
    /// A set: without order and without duplicates.
    ///
    /// Elements that are not wholly known are never duplicates, as in Terraform: they may turn out to
    /// differ.
    pub fn set(elements: impl IntoIterator<Item = Self>) -> Self {
        let mut elements: Vec<_> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Self::Set(elements)
    }

    /// Whether the value is null. An unknown value is not.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value as a whole is unknown. If not, parts of it may be.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether nothing in the value is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(elements) | Self::Set(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Map(elements) => elements.values().all(Self::is_wholly_known),
            Self::Object(attributes) => attributes.values().all(Self::is_wholly_known),
            _ => true,
        }
    }

    /// The attributes, if the value is a known object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The text, if the value is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The attribute with this name. In an unknown object it is unknown; if there is none, it is null.
    pub fn attribute(&self, name: &str) -> &Self {
        static NULL: Value = Value::Null;
        match self {
            Self::Unknown => self,
            Self::Object(attributes) => attributes.get(name).unwrap_or(&NULL),
            _ => &NULL,
        }
    }

    /// The value with all strings in lower case, for a comparison that ignores case.
    pub fn to_lowercase(&self) -> Self {
        match self {
            Self::String(text) => Self::String(text.to_lowercase()),
            Self::Set(elements) => Self::set(elements.iter().map(Self::to_lowercase)),
            Self::List(elements) => Self::List(elements.iter().map(Self::to_lowercase).collect()),
            _ => self.clone(),
        }
    }

    /// The value for a message: strings in quotes, lists in brackets, at most 80 characters.
    ///
    /// Do not use it for a sensitive attribute.
    pub fn show(&self) -> String {
        let mut text = self.show_whole();
        if let Some((cut, _)) = text.char_indices().nth(80) {
            text.truncate(cut);
            text.push('…');
        }
        text
    }

    pub(super) fn show_whole(&self) -> String {
        let join = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Null => "null".into(),
            Self::Unknown => "(known after apply)".into(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
            Self::String(text) => format!("{text:?}"),
            Self::List(elements) | Self::Set(elements) => {
                format!("[{}]", join(elements.iter().map(Self::show_whole).collect()))
            }
            Self::Map(elements) => {
                let show =
                    |(key, value): (&String, &Self)| format!("{key:?} = {}", value.show_whole());
                format!("{{{}}}", join(elements.iter().map(show).collect()))
            }
            Self::Object(attributes) => {
                let show = |(key, value): &(&str, Self)| format!("{key} = {}", value.show_whole());
                format!("{{{}}}", join(attributes.iter().map(show).collect()))
            }
        }
    }
}

#[cfg(test)]
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.show_whole())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<const N: usize> From<[&str; N]> for Value {
    fn from(texts: [&str; N]) -> Self {
        Self::set(texts.map(Self::from))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// A number, exactly as Terraform sent it.
#[derive(Clone)]
pub enum Number {
    /// A whole number of 64 bits.
    Int(i64),
    /// A fraction that a float represents exactly, or an infinity.
    Float(f64),
    /// Any other number, in decimal digits.
    Decimal(String),
}

impl Number {
    /// The number in a decimal text. `None` if the text is not a number.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse() {
            return Some(Self::Int(int));
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b))
            && text.parse::<f64>().is_ok();
        is_number.then(|| Self::Decimal(text.to_owned()))
    }

    /// A floating point number. A whole one becomes [`Number::Int`].
    pub fn from_float(float: f64) -> Self {
        // 2^53. A float beyond it may stand for several whole numbers.
        if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
            return Self::Int(float as i64);
        }
        Self::Float(float)
    }

    /// The number, if it is a whole one of 64 bits.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(int) => int.fmt(f),
            Self::Float(float) => float.fmt(f),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Decimal(a), Self::Decimal(b)) => a.cmp(b),
            (Self::Int(_), _) | (Self::Float(_), Self::Decimal(_)) => Ordering::Less,
            _ => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_no_order_and_no_duplicates() {
        assert_eq!(
            Value::set(["b".into(), "a".into(), "b".into()]),
            Value::set(["a".into(), "b".into()])
        );
    }

    #[test]
    fn unknown_elements_of_a_set_are_not_merged() {
        let partly = || Value::List(vec![Value::Unknown]);
        let set = Value::set([
            "a".into(),
            Value::Unknown,
            partly(),
            "a".into(),
            Value::Unknown,
            partly(),
        ]);
        let Value::Set(elements) = set else { panic!("a set") };
        assert_eq!(elements.len(), 5);
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(Number::parse("5").and_then(|n| n.as_int()), Some(5));
        assert_eq!(Number::from_float(5.0).as_int(), Some(5));
        assert_eq!(Number::parse("0.1").map(|n| n.to_string()), Some("0.1".into()));
        let long = "123456789012345678901234567890";
        assert_eq!(Number::parse(long).map(|n| n.to_string()), Some(long.into()));
        for no in ["", "x", "inf", "nan", "0x10", "1_000", "--1", "e5"] {
            assert!(Number::parse(no).is_none(), "{no}");
        }
    }

    #[test]
    fn values_in_messages_are_truncated() {
        assert_eq!(Value::set(["b".into(), "a".into()]).show(), r#"["a", "b"]"#);
        assert_eq!(Value::from("é".repeat(200).as_str()).show().chars().count(), 81);
    }
}
