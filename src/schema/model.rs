//! From a struct of Rust to a block of Terraform and back.

use super::answer::Json;
use super::attribute::{Block, Kind, Wire};
use super::check::Check;
use super::value::Value;

/// A Rust type that can be a field of a model.
///
/// Reading one is lenient: null and unknown values give the default, since a required argument may
/// be null in a state that the API left it out of. Configurations are validated before.
pub trait Attr: Default + Clone {
    /// Whether a field of this type may be left out.
    const OPTIONAL: bool = false;
    /// Whether its values must not be shown.
    const SENSITIVE: bool = false;
    /// How its values stand in a request body.
    const WIRE: Wire = Wire::Same;

    /// Value or block, and of what type.
    fn kind() -> Kind;

    /// Limits that come with the type itself.
    fn checks() -> Vec<Check> {
        Vec::new()
    }

    /// What is in its objects, whose types alone would tell no description.
    fn members() -> Option<Block> {
        match Self::kind() {
            Kind::Block(block) => Some(block),
            Kind::Value(_) => None,
        }
    }

    /// Reads a value of [`Attr::kind`]'s type.
    fn from_value(value: &Value) -> Self;

    /// The value; `None` and an empty field are null.
    fn into_value(self) -> Value;
}

/// A struct declared by [`model!`](crate::model).
pub trait Model: Attr + Send + Sync + 'static {
    /// The block it declares.
    fn block() -> Block;

    /// The body of a request that makes the object.
    fn body(&self) -> serde_json::Map<String, Json> {
        super::body(&Self::block(), &self.clone().into_value())
    }

    /// The body of a request that changes what differs from `prior` and can be changed.
    fn changes(&self, prior: &Self) -> serde_json::Map<String, Json> {
        let [prior, planned] = [prior, self].map(|model| model.clone().into_value());
        super::changes(&Self::block(), &prior, &planned)
    }

    /// Whether an answer shows an object as this one is wanted: a plan for it would be empty.
    ///
    /// What was left out and is computed agrees with anything; what the answer is not expected to
    /// carry, and what could not change any more, is not compared.
    fn agrees_with(&self, answer: &Json) -> bool {
        let (block, wanted) = (Self::block(), self.clone().into_value());
        let (shown, mismatches) = super::refresh(&block, &wanted, answer);
        mismatches.is_empty() && super::plan(&block, &shown, &wanted, false, "").planned == shown
    }

    /// Whether a read that finds this answer leaves the object in state as it is.
    fn is_shown_by(&self, answer: &Json) -> bool {
        let state = self.clone().into_value();
        let (shown, mismatches) = super::refresh(&Self::block(), &state, answer);
        mismatches.is_empty() && shown == state
    }

    /// What an answer of the API says, read as far as it can be.
    fn from_answer(answer: &Json) -> Self {
        Self::from_value(&super::refresh(&Self::block(), &Value::Null, answer).0)
    }

    /// What an answer would have to say to be read as this: for a part of the state that a read
    /// keeps because nothing shows it.
    fn into_answer(self) -> Json {
        super::as_answer(&self.into_value())
    }
}

/// Declares a struct and its block in one: fields are attributes, doc comments their descriptions,
/// and every mark in `#[attr(…)]` a method of [`Attribute`](crate::schema::Attribute).
///
/// `T` is a required argument, `Option<T>` an optional one; a field whose type is a model is a
/// nested block.
#[macro_export]
macro_rules! model {
    (
        $(#[doc = $doc:literal])+
        $visibility:vis struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])+
                $(#[attr($($mark:ident $(($($argument:expr),*))?),+)])?
                pub $field:ident: $of:ty,
            )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Default, PartialEq)]
        $visibility struct $name {
            $($(#[doc = $field_doc])+ pub $field: $of,)*
        }

        impl $crate::schema::Attr for $name {
            fn kind() -> $crate::schema::Kind {
                $crate::schema::Kind::Block(<Self as $crate::schema::Model>::block())
            }

            fn from_value(value: &$crate::schema::Value) -> Self {
                Self {
                    $($field: <$of as $crate::schema::Attr>::from_value(
                        value.attribute($crate::schema::field_name(stringify!($field))),
                    ),)*
                }
            }

            fn into_value(self) -> $crate::schema::Value {
                $crate::schema::Value::Object(std::collections::BTreeMap::from([
                    $((
                        $crate::schema::field_name(stringify!($field)),
                        $crate::schema::Attr::into_value(self.$field),
                    ),)*
                ]))
            }
        }

        impl $crate::schema::Model for $name {
            fn block() -> $crate::schema::Block {
                $crate::schema::Block {
                    description: $crate::schema::paragraphs(concat!($($doc, "\n"),+)),
                    attributes: vec![
                        $($crate::schema::Attribute::new::<$of>(
                            $crate::schema::field_name(stringify!($field)),
                            concat!($($field_doc, "\n"),+),
                        )
                        $($(.$mark($($($argument),*)?))+)?,)*
                    ],
                }
            }
        }
    };
}

/// The attribute a field declares: `r#type` is `type`.
pub fn field_name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}
