//! From a struct of Rust to a block of Terraform and back.

use super::answer::Json;
use super::attribute::{Block, JsonType, Kind};
use super::check::Check;
use super::path::{Path, Step};
use super::value::Value;

/// Why a value cannot be read as a field of a model. Its text names the attribute and the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {rule}")]
pub struct Unreadable {
    path: Path,
    rule: String,
}

impl Unreadable {
    /// A value that breaks this rule, which fits behind the name of the attribute.
    pub fn new(rule: impl Into<String>) -> Self {
        Self { path: Path::default(), rule: rule.into() }
    }

    /// The same value, with its place seen from one step further out.
    #[must_use]
    pub fn within(self, step: Step) -> Self {
        Self { path: self.path.within(step), ..self }
    }
}

/// A Rust type that can be a field of a model.
///
/// Null and unknown values give the default, since a required argument may be null in a state that the
/// API left it out of. Any other value that the type cannot hold is an error, never a default.
pub trait Attr: Default + Clone {
    /// Whether a field of this type may be left out.
    const OPTIONAL: bool = false;
    /// Whether its values must not be shown.
    const SENSITIVE: bool = false;
    /// How its values stand in a request body.
    const JSON: JsonType = JsonType::Same;

    /// Value or block, and of what type.
    fn kind() -> Kind;

    /// Limits that come with the type itself.
    fn checks() -> Vec<Check> {
        Vec::new()
    }

    /// What is in its objects, whose types alone would tell no description.
    fn members() -> Option<&'static Block> {
        match Self::kind() {
            Kind::Block(block) => Some(block),
            Kind::Value(_) => None,
        }
    }

    /// Reads a value of [`Attr::kind`]'s type.
    ///
    /// # Errors
    ///
    /// When the value is neither null nor unknown and the type cannot hold it.
    fn from_value(value: &Value) -> Result<Self, Unreadable>;

    /// The value; `None` and an empty field are null.
    fn into_value(self) -> Value;
}

/// A struct declared by [`model!`](crate::model).
pub trait Model: Attr + Send + Sync + 'static {
    /// The block it declares, which is built once.
    fn block() -> &'static Block;

    /// The body of a request that makes the object.
    fn body(&self) -> serde_json::Map<String, Json> {
        super::body(Self::block(), &self.clone().into_value())
    }

    /// The body of a request that changes what differs from `prior` and can be changed.
    fn changes(&self, prior: &Self) -> serde_json::Map<String, Json> {
        let [prior, planned] = [prior, self].map(|model| model.clone().into_value());
        super::changes(Self::block(), &prior, &planned)
    }

    /// Whether an answer shows an object as this one is wanted: a plan for it would be empty.
    ///
    /// What was left out and is computed agrees with anything; what the answer is not expected to
    /// carry, and what could not change any more, is not compared.
    fn agrees_with(&self, answer: &Json) -> bool {
        let (block, wanted) = (Self::block(), self.clone().into_value());
        let (shown, mismatches) = super::refresh(block, &wanted, answer);
        mismatches.is_empty() && super::plan(block, &shown, &wanted, false, "").planned == shown
    }

    /// Whether a read that finds this answer leaves the object in state as it is.
    fn is_shown_by(&self, answer: &Json) -> bool {
        let state = self.clone().into_value();
        let (shown, mismatches) = super::refresh(Self::block(), &state, answer);
        mismatches.is_empty() && shown == state
    }

    /// What an answer of the API says. What it lacks, or has in another shape, is left at its default.
    ///
    /// # Errors
    ///
    /// When a value has the right shape and breaks a rule of its type.
    fn from_answer(answer: &Json) -> Result<Self, Unreadable> {
        Self::from_value(&super::refresh(Self::block(), &Value::Null, answer).0)
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

            fn from_value(
                value: &$crate::schema::Value,
            ) -> std::result::Result<Self, $crate::schema::Unreadable> {
                Ok(Self {
                    $($field: {
                        let name = $crate::schema::field_name(stringify!($field));
                        <$of as $crate::schema::Attr>::from_value(value.attribute(name))
                            .map_err(|error| error.within($crate::schema::Step::Attribute(name)))?
                    },)*
                })
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
            fn block() -> &'static $crate::schema::Block {
                static BLOCK: std::sync::LazyLock<$crate::schema::Block> =
                    std::sync::LazyLock::new(|| {
                        let description = $crate::schema::paragraphs(concat!($($doc, "\n"),+));
                        let attributes = vec![
                            $($crate::schema::Attribute::new::<$of>(
                                $crate::schema::field_name(stringify!($field)),
                                concat!($($field_doc, "\n"),+),
                            )
                            $($(.$mark($($($argument),*)?))+)?,)*
                        ];
                        $crate::schema::Block::new(description, attributes)
                    });
                &BLOCK
            }
        }
    };
}

/// The attribute a field declares: `r#type` is `type`.
pub fn field_name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}
