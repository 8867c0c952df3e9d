//! Values as Terraform sees them: possibly null, possibly not known yet.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The attributes of an object, block or resource, under their names.
pub type Object = BTreeMap<&'static str, Value>;

/// A value of some [`Type`](super::Type).
///
/// It has no `Debug`, since any of its strings may be a key; tests have one of their own.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Left out, or absent.
    #[default]
    Null,
    /// Not known before something else has been applied.
    Unknown,
    /// `true` or `false`.
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// Text.
    String(String),
    /// Elements in order.
    List(Vec<Self>),
    /// Elements sorted, no known one twice: create it with [`Value::set`].
    Set(Vec<Self>),
    /// Elements under the user's keys.
    Map(BTreeMap<String, Self>),
    /// Attributes under their names.
    Object(Object),
}

impl Value {
    /// A set, which has no order and no known element twice.
    ///
    /// Two elements that are not wholly known may turn out to differ, so both stay, as in Terraform.
    pub fn set(elements: impl IntoIterator<Item = Self>) -> Self {
        let mut elements: Vec<_> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Self::Set(elements)
    }

    /// Whether the value is null; an unknown one is not.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value itself is unknown; parts of it may be all the same.
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

    /// The attributes, where the value is a known object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The text, where the value is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The attribute of that name; null where there is none, unknown in an unknown object.
    pub fn attribute(&self, name: &str) -> &Self {
        static NULL: Value = Value::Null;
        match self {
            Self::Unknown => self,
            Self::Object(attributes) => attributes.get(name).unwrap_or(&NULL),
            _ => &NULL,
        }
    }

    /// The value as a message shows it: strings quoted, lists in brackets, at most 80 characters.
    ///
    /// Never call it for a sensitive attribute.
    pub fn show(&self) -> String {
        let mut text = self.show_whole();
        if let Some((cut, _)) = text.char_indices().nth(80) {
            text.truncate(cut);
            text.push('…');
        }
        text
    }

    fn show_whole(&self) -> String {
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
                let show = |(key, value): (&&str, &Self)| format!("{key} = {}", value.show_whole());
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

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// A number that comes back to Terraform exactly as it was sent.
#[derive(Clone)]
pub enum Number {
    /// A whole number of 64 bits.
    Int(i64),
    /// A fraction that is exact in binary, or an infinity.
    Float(f64),
    /// Everything else, in decimal digits.
    Decimal(String),
}

impl Number {
    /// The number written in decimal; `None` for text that is not a number.
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

    /// A floating point number of the wire; whole ones become [`Number::Int`].
    pub fn from_float(float: f64) -> Self {
        // 2^53: beyond it not every whole number is a float, so equality would be a guess.
        if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
            return Self::Int(float as i64);
        }
        Self::Float(float)
    }

    /// The number, where it is a whole one of 64 bits.
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
    fn sets_have_no_order() {
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
    fn numbers_keep_what_they_are() {
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
    fn messages_show_values_cut_to_length() {
        assert_eq!(Value::set(["b".into(), "a".into()]).show(), r#"["a", "b"]"#);
        assert_eq!(Value::from("é".repeat(200).as_str()).show().chars().count(), 81);
    }
}
