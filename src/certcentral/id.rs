//! IDs of CertCentral objects.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// The ID of an object: decimal digits as text, an integer in JSON.
///
/// Some responses have an ID as a number and some as a string. Both are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u64);

/// The text is not an ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a numeric ID without leading zeros")]
pub struct NotAnId;

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<Id> for u64 {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // `u64::from_str` accepts a plus sign, and leading zeros would be lost when the ID is printed.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || (text.len() > 1 && text.starts_with('0')) {
            return Err(NotAnId);
        }
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an ID, as a number or as a string of decimal digits")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id(number))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Id, E> {
        u64::try_from(number)
            .map(Id)
            .map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
        // The text is not part of the message, because it may be a secret.
        text.parse().map_err(|_| E::invalid_value(Unexpected::Other("another text"), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_digits_only() {
        for good in ["0", "1", "200002", "18446744073709551615"] {
            assert_eq!(good.parse::<Id>().map(|id| id.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "-1", "+1", "007", "1.0", "1e3", " 1", "18446744073709551616", "١"] {
            assert_eq!(bad.parse::<Id>(), Err(NotAnId), "{bad:?}");
        }
    }

    #[test]
    fn json_is_a_number_or_digits_and_is_written_as_a_number() {
        let ids: Vec<Id> = serde_json::from_str(r#"[7, "125038"]"#).unwrap();
        assert_eq!(ids, [Id(7), Id(125_038)]);
        assert_eq!(serde_json::to_string(&ids).unwrap(), "[7,125038]");
        for bad in ["-1", "1.5", "true", "null", r#""one""#, "[1]"] {
            assert!(serde_json::from_str::<Id>(bad).is_err(), "{bad}");
        }
    }
}
