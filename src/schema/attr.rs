//! Which Rust types a field of a model can have, and which attribute each of them declares.

use super::attribute::{Attribute, Block, Configurability, JsonType, Kind};
use super::check::Check;
use super::path::{Path, Step};
use super::types::Type;
use super::value::Value;

/// A Rust type that can be a field of a model.
///
/// A null or unknown value becomes the default. A required argument can be null, in a state for which the
/// API did not return it. Any other value that the type cannot represent is an error, never the default.
pub trait Attr: Default + Clone {
    /// Whether the attribute is optional.
    const OPTIONAL: bool = false;
    /// Whether its values are sensitive.
    const SENSITIVE: bool = false;
    /// The JSON type of its values in the API.
    const JSON: JsonType = JsonType::Same;

    /// Value or block, and its type.
    fn kind() -> Kind;

    /// Limits of the type itself.
    fn checks() -> Vec<Check> {
        Vec::new()
    }

    /// The attributes of the objects in its values.
    fn members() -> Option<&'static Block> {
        match Self::kind() {
            Kind::Block(block) => Some(block),
            Kind::Value(_) => None,
        }
    }

    /// Reads a value of the type in [`Attr::kind`].
    ///
    /// # Errors
    ///
    /// When the value is neither null nor unknown, and the type cannot represent it.
    fn from_value(value: &Value) -> Result<Self, Unreadable>;

    /// The value. `None` is null.
    fn into_value(self) -> Value;
}

/// Why a value cannot be read as a field of a model. Its text names the attribute and the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {rule}")]
pub struct Unreadable {
    path: Path,
    rule: String,
}

impl Unreadable {
    /// A value that breaks this rule. The rule follows the name of the attribute, as in "must be …".
    pub fn new(rule: impl Into<String>) -> Self {
        Self { path: Path::default(), rule: rule.into() }
    }

    /// The same error, in the value that contains the step.
    #[must_use]
    pub fn within(self, step: Step) -> Self {
        Self { path: self.path.within(step), ..self }
    }
}

impl Attribute {
    /// The attribute that a field of type `T` declares, without marks.
    pub fn new<T: Attr>(name: &'static str, documentation: &str) -> Self {
        let mut checks = T::checks();
        if !T::OPTIONAL && matches!(T::kind(), Kind::Value(Type::String)) {
            checks.push(Check::MinLength(1));
        }
        let configurability =
            if T::OPTIONAL { Configurability::Optional } else { Configurability::Required };
        Self {
            name,
            description: paragraphs(documentation),
            kind: T::kind(),
            members: T::members().cloned(),
            configurability,
            json_type: T::JSON,
            sensitive: T::SENSITIVE,
            confidential: false,
            immutable: false,
            force_new: false,
            not_returned: false,
            read_if_configured: false,
            case_insensitive: false,
            create_default: None,
            write_only: false,
            provider_only: false,
            default: None,
            recomputed_with: &[],
            looks_up: false,
            refers_to: &[],
            names_object: false,
            env: None,
            checks,
        }
    }
}

/// A doc comment as Markdown: without the space at the start of each line.
pub fn paragraphs(documentation: &str) -> String {
    let mut text = String::with_capacity(documentation.len());
    for line in documentation.trim().lines() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
    }
    text
}
