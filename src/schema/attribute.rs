//! Attributes and blocks. `marks` and `attr` create them for a declaration.

use super::check::Check;
use super::types::Type;
use super::value::Value;

/// The attributes of a resource, or of a block nested in it.
#[derive(Clone)]
pub struct Block {
    /// Markdown: the doc comment of the struct.
    pub description: String,
    /// In the order of the declaration.
    pub attributes: Vec<Attribute>,
    /// The type of the block's value: an object of all attributes.
    object_type: Type,
}

impl Block {
    /// A block of these attributes.
    pub fn new(description: String, attributes: Vec<Attribute>) -> Self {
        let members = attributes.iter().map(|a| (a.name, a.kind.value_type().clone()));
        let mut members: Vec<_> = members.collect();
        // Terraform sends attributes in this order.
        members.sort_unstable_by_key(|(name, _)| *name);
        let object_type = Type::Object(members);
        Self { description, attributes, object_type }
    }

    /// A block of the attributes that a configuration can set.
    pub fn arguments(&self) -> Self {
        let arguments = self.attributes.iter().filter(|it| it.is_configurable());
        Self::new(self.description.clone(), arguments.cloned().collect())
    }

    /// The type of the block's value: an object of all attributes.
    pub fn object_type(&self) -> &Type {
        &self.object_type
    }

    /// The attribute with this name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// Whether an attribute is a value or a block in a configuration.
#[derive(Clone)]
pub enum Kind {
    /// A value: `name = …`.
    Value(Type),
    /// A single nested block: `name { … }`.
    Block(&'static Block),
}

impl Kind {
    /// The type of the value.
    pub fn value_type(&self) -> &Type {
        match self {
            Self::Value(of) => of,
            Self::Block(block) => block.object_type(),
        }
    }
}

/// Whether a configuration sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configurability {
    /// A configuration must set it.
    Required,
    /// A configuration can set it. If omitted, it is null.
    Optional,
    /// CertCentral sets it.
    Computed,
    /// A configuration can set it. If omitted, CertCentral sets it, and its current value is not changed.
    OptionalComputed,
}

/// The JSON type of a value in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// The same as in Terraform.
    Same,
    /// An integer, which is a string of digits in Terraform: an ID.
    Integer,
}

/// An attribute or a nested block.
#[derive(Clone)]
pub struct Attribute {
    /// The name, the same in configurations and in the API.
    pub name: &'static str,
    /// Markdown: the doc comment of the field.
    pub description: String,
    /// Value or block.
    pub kind: Kind,
    /// The attributes of the objects in a value, for the documentation.
    pub members: Option<Block>,
    /// Whether a configuration sets it.
    pub configurability: Configurability,
    /// The JSON type of its values in the API.
    pub json_type: JsonType,
    /// Hidden in plans, messages and logs.
    pub sensitive: bool,
    /// Hidden in messages, since users may enter a credential here by mistake.
    pub confidential: bool,
    /// Cannot be changed after creation. For a block, this includes all attributes in it.
    pub immutable: bool,
    /// A change forces a new object.
    pub force_new: bool,
    /// Not returned by all responses: if it is missing from one, the state is kept.
    pub not_returned: bool,
    /// Read only if the state has a value.
    pub read_if_configured: bool,
    /// Values that differ only in letter case are equal.
    pub case_insensitive: bool,
    /// The value of a new object whose configuration omits it.
    pub create_default: Option<Value>,
    /// Passed to the provider and never stored in a plan or state.
    pub write_only: bool,
    /// Known only to the provider: it is neither sent to the API nor read from it.
    pub provider_only: bool,
    /// The value if the configuration omits it.
    pub default: Option<Value>,
    /// A change of one of these attributes of the same block changes the computed value.
    pub recomputed_with: &'static [&'static str],
    /// A data source looks its object up by this argument, or by another one with this mark.
    pub looks_up: bool,
    /// Types of the resources whose IDs the value contains, so that `export` writes references to them.
    pub refers_to: &'static [&'static str],
    /// A person would name the object after this value.
    pub names_object: bool,
    /// The environment variable that is used if the configuration omits the attribute.
    pub env: Option<&'static str>,
    /// Limits, in the order in which they are checked.
    pub checks: Vec<Check>,
}

impl Attribute {
    /// Whether a configuration can set it.
    pub fn is_configurable(&self) -> bool {
        self.configurability != Configurability::Computed
    }

    /// Whether CertCentral can set it.
    pub fn is_computed(&self) -> bool {
        matches!(
            self.configurability,
            Configurability::Computed | Configurability::OptionalComputed
        )
    }
}
