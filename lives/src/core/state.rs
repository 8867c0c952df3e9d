//! What is configured, and what is stored between runs.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;
use terraform_provider_digicert::schema::Value;

/// Address of a resource: its type and a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address {
    pub(crate) of: &'static str,
    pub(crate) label: char,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.of, self.label)
    }
}

/// A block of the configuration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    /// Which of the objects of this kind it is, for the model. The configuration does not depend on the label.
    pub(crate) number: usize,
    pub(crate) config: Json,
    pub(crate) create_before_destroy: bool,
}

impl Resource {
    /// Addresses in its configuration.
    pub(crate) fn references(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.config, &mut found);
        found
    }
}

fn collect(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::String(text) => found.extend(text.strip_prefix("ref:").map(str::to_owned)),
        Json::Array(elements) => elements.iter().for_each(|it| collect(it, found)),
        Json::Object(fields) => fields.values().for_each(|it| collect(it, found)),
        _ => {}
    }
}

/// The configuration.
pub(crate) type Config = BTreeMap<Address, Resource>;

/// An object in the state.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) value: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Value,
    pub(crate) is_tainted: bool,
    /// Addresses that it depended on when it was applied last.
    pub(crate) depends_on: Vec<String>,
}

/// The objects at an address.
#[derive(Clone, Default)]
pub(crate) struct Instance {
    pub(crate) current: Option<Object>,
    /// Objects whose replacement was created before them, and that are still to be destroyed.
    pub(crate) deposed: Vec<Object>,
}

/// The stored state.
#[derive(Clone, Default)]
pub(crate) struct State(pub(crate) BTreeMap<Address, Instance>);

impl State {
    /// The current object at an address.
    pub(crate) fn object(&self, address: Address) -> Option<&Object> {
        self.0.get(&address)?.current.as_ref()
    }

    /// An attribute of the current object at the address with this text.
    pub(crate) fn id_at(&self, text: &str) -> Value {
        let found = self.0.iter().find(|(address, _)| address.to_string() == text);
        let object = found.and_then(|(_, it)| it.current.as_ref());
        object.map_or(Value::Null, |it| it.value.attribute("id").clone())
    }

    /// All objects, with their addresses.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (Address, &Object)> {
        self.0.iter().flat_map(|(address, instance)| {
            instance.current.iter().chain(&instance.deposed).map(|it| (*address, it))
        })
    }

    /// Replaces the current object. An address without objects disappears.
    pub(crate) fn set(&mut self, address: Address, object: Option<Object>) {
        let instance = self.0.entry(address).or_default();
        instance.current = object;
        if instance.current.is_none() && instance.deposed.is_empty() {
            self.0.remove(&address);
        }
    }
}
