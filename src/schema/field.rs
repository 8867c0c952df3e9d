//! The attributes of Rust's own types and of [`Secret`].

use std::collections::{BTreeMap, BTreeSet};

use super::attr::{Attr, Unreadable};
use super::attribute::{Block, JsonType, Kind};
use super::check::Check;
use super::path::Step;
use super::types::Type;
use super::value::{Number, Value};
use crate::secret::Secret;

impl<T: Attr> Attr for Option<T> {
    const OPTIONAL: bool = true;
    const SENSITIVE: bool = T::SENSITIVE;
    const JSON: JsonType = T::JSON;

    fn kind() -> Kind {
        T::kind()
    }

    fn checks() -> Vec<Check> {
        T::checks()
    }

    fn members() -> Option<&'static Block> {
        T::members()
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        (!matches!(value, Value::Null | Value::Unknown)).then(|| T::from_value(value)).transpose()
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl Attr for String {
    fn kind() -> Kind {
        Kind::Value(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    fn into_value(self) -> Value {
        Value::String(self)
    }
}

impl Attr for Secret {
    const SENSITIVE: bool = true;

    fn kind() -> Kind {
        Kind::Value(Type::String)
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        Ok(Self::new(value.as_str().unwrap_or_default()))
    }

    fn into_value(self) -> Value {
        Value::from(self.expose())
    }
}

impl Attr for bool {
    fn kind() -> Kind {
        Kind::Value(Type::Bool)
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        Ok(matches!(value, Value::Bool(true)))
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl Attr for i64 {
    fn kind() -> Kind {
        Kind::Value(Type::Number)
    }

    fn checks() -> Vec<Check> {
        vec![Check::Whole]
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Number(number) => number.as_int().ok_or_else(|| {
                Unreadable::new(format!("must be a whole number of 64 bits, but is {number}"))
            }),
            _ => Ok(0),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(Number::Int(self))
    }
}

/// The type of the elements. A block becomes an object.
fn element<T: Attr>() -> Box<Type> {
    Box::new(T::kind().value_type().clone())
}

impl<T: Attr> Attr for Vec<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    const JSON: JsonType = T::JSON;

    fn kind() -> Kind {
        Kind::Value(Type::List(element::<T>()))
    }

    fn checks() -> Vec<Check> {
        T::checks()
    }

    fn members() -> Option<&'static Block> {
        T::members()
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        let Value::List(elements) = value else { return Ok(Self::new()) };
        let read = |(index, element)| {
            T::from_value(element).map_err(|error| error.within(Step::Index(index)))
        };
        elements.iter().enumerate().map(read).collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: Attr + Ord> Attr for BTreeSet<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    const JSON: JsonType = T::JSON;

    fn kind() -> Kind {
        Kind::Value(Type::Set(element::<T>()))
    }

    fn checks() -> Vec<Check> {
        T::checks()
    }

    fn members() -> Option<&'static Block> {
        T::members()
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Set(elements) => elements.iter().map(T::from_value).collect(),
            _ => Ok(Self::new()),
        }
    }

    fn into_value(self) -> Value {
        Value::set(self.into_iter().map(T::into_value))
    }
}

impl<T: Attr> Attr for BTreeMap<String, T> {
    const SENSITIVE: bool = T::SENSITIVE;

    fn kind() -> Kind {
        Kind::Value(Type::Map(element::<T>()))
    }

    fn members() -> Option<&'static Block> {
        T::members()
    }

    fn from_value(value: &Value) -> Result<Self, Unreadable> {
        let Value::Map(elements) = value else { return Ok(Self::new()) };
        let read = |(key, value): (&String, &Value)| match T::from_value(value) {
            Ok(value) => Ok((key.clone(), value)),
            Err(error) => Err(error.within(Step::Key(key.clone()))),
        };
        elements.iter().map(read).collect()
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, value)| (key, value.into_value())).collect())
    }
}
