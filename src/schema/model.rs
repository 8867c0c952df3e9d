//! Models: structs that are blocks of Terraform, and what can be done with any of them.

use super::attr::{Attr, Unreadable};
use super::attribute::{Attribute, Block};
use super::body::{as_response, body, changes};
use super::json::Json;
use super::plan::plan;
use super::response::refresh;
use super::value::Value;

/// A struct declared by [`model!`](crate::model).
pub trait Model: Attr + Send + Sync + 'static {
    /// The block that it declares. It is built once.
    fn block() -> &'static Block;

    /// The part of the block that a configuration can set: of a data source, its filters.
    fn arguments() -> &'static Block;

    /// The body of a request that creates the object.
    fn body(&self) -> serde_json::Map<String, Json> {
        body(Self::block(), &self.clone().into_value())
    }

    /// The body of a request that changes the arguments that differ from `prior` and can be changed.
    fn changes(&self, prior: &Self) -> serde_json::Map<String, Json> {
        let [prior, planned] = [prior, self].map(|model| model.clone().into_value());
        changes(Self::block(), &prior, &planned)
    }

    /// Whether the object in a response is as configured here, so that a plan for it would be empty.
    ///
    /// Arguments that are omitted and computed match any value. Attributes that not all responses have, and
    /// immutable ones, are not compared.
    fn matches(&self, response: &Json) -> bool {
        let (block, configured) = (Self::block(), self.clone().into_value());
        let (state, mismatches) = refresh(block, &configured, response);
        mismatches.is_empty() && plan(block, &state, &configured, false, "").planned == state
    }

    /// Whether a read with this response would not change the state.
    fn is_unchanged_by(&self, response: &Json) -> bool {
        let prior = self.clone().into_value();
        let (state, mismatches) = refresh(Self::block(), &prior, response);
        mismatches.is_empty() && state == prior
    }

    /// The object in a response. A field that is missing or does not match its type has its default.
    ///
    /// # Errors
    ///
    /// When a value matches the type and breaks one of its rules.
    fn from_response(response: &Json) -> Result<Self, Unreadable> {
        Self::from_value(&refresh(Self::block(), &Value::Null, response).0)
    }

    /// The response that would be read as this object. A read uses it to keep a part of the state that the
    /// API does not return.
    fn into_response(self) -> Json {
        as_response(&self.into_value())
    }
}

/// Declares a struct and its block: each field is an attribute, and its doc comment is the description.
///
/// A field of type `T` is a required argument, `Option<T>` is an optional one, and a field whose type is
/// a model is a nested block. Marks in `#[attr(…)]` are methods of
/// [`Attribute`](crate::schema::Attribute).
///
/// A data source ends with `..` and the attributes of the object that it looks up
/// ([`Block::looked_up`](crate::schema::Block::looked_up)). They are part of the block, not of the struct.
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
            $(..$others:expr)?
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
                $crate::schema::Value::Object($crate::schema::Attributes::from([
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
                        $(let attributes = $crate::schema::with_others(attributes, $others);)?
                        $crate::schema::Block::new(description, attributes)
                    });
                &BLOCK
            }

            fn arguments() -> &'static $crate::schema::Block {
                static ARGUMENTS: std::sync::LazyLock<$crate::schema::Block> =
                    std::sync::LazyLock::new(|| <$name as $crate::schema::Model>::block().arguments());
                &ARGUMENTS
            }
        }
    };
}

/// The declared attributes, and those of `others` with other names.
pub fn with_others(mut declared: Vec<Attribute>, others: Vec<Attribute>) -> Vec<Attribute> {
    let is_new = |other: &Attribute| declared.iter().all(|it| it.name != other.name);
    let new: Vec<_> = others.into_iter().filter(is_new).collect();
    declared.extend(new);
    declared
}

/// The name of the attribute that a field declares. For `r#type` it is `type`.
pub fn field_name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}
