//! The attributes of data sources, derived from the declaration of the object.

use super::attr::{Attr, Unreadable};
use super::attribute::{Attribute, Block, Configurability, Kind};
use super::diagnostics::Diagnostic;
use super::path::Path;
use super::types::Type;
use super::value::Value;

/// A list of objects in a data source. The attributes of an object are those of the mark
/// [`rows`](Attribute::rows). The struct does not hold them, because a data source is only read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Rows;

impl Attr for Rows {
    const OPTIONAL: bool = true;

    fn kind() -> Kind {
        Kind::Value(Type::List(Box::new(Type::Object(Vec::new()))))
    }

    fn from_value(_value: &Value) -> Result<Self, Unreadable> {
        Ok(Self)
    }

    fn into_value(self) -> Value {
        Value::Null
    }
}

impl Block {
    /// What a data source returns of an object that is declared here: every attribute, computed. Secrets,
    /// write-only arguments and what only the provider knows are left out, and so are the attributes named in
    /// `without`. A nested block is an object.
    pub fn looked_up(&self, without: &[&str]) -> Vec<Attribute> {
        let is_hidden = |it: &Attribute| it.sensitive || it.write_only || it.provider_only;
        let is_returned = |it: &&Attribute| !is_hidden(it) && !without.contains(&it.name);
        self.attributes.iter().filter(is_returned).map(Attribute::looked_up).collect()
    }

    /// Why a configuration does not say which object to look up. Unknown values are not judged.
    pub(super) fn missing_look_up(&self, config: &Value) -> Option<Diagnostic> {
        let keys: Vec<_> = self.attributes.iter().filter(|it| it.looks_up).collect();
        let given = |key: &&&Attribute| !config.attribute(key.name).is_null();
        let is_known = |key: &&&Attribute| !config.attribute(key.name).is_unknown();
        let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
        let (names, mut given) = (names.join(", "), keys.iter().filter(given));
        let Some(first) = given.next() else {
            let detail = format!("Set one of {names}.");
            return (!keys.is_empty()).then(|| Diagnostic::error("Missing argument", detail));
        };
        let second = given.find(is_known).filter(|_| is_known(&first))?;
        let detail = format!(
            "Set only one of {names}: both `{}` and `{}` are set.",
            first.name, second.name
        );
        Some(Diagnostic::error("Conflicting arguments", detail).at(Path::of(second.name)))
    }
}

impl Attribute {
    fn looked_up(&self) -> Self {
        let (kind, members) = match &self.kind {
            Kind::Block(block) => {
                let object = Block::new(String::new(), block.looked_up(&[]));
                (Kind::Value(object.object_type().clone()), Some(object))
            }
            kind @ Kind::Value(_) => (kind.clone(), self.members.clone()),
        };
        Self {
            description: first_sentence(&self.description).to_owned(),
            kind,
            members,
            configurability: Configurability::Computed,
            immutable: false,
            force_new: false,
            not_returned: false,
            read_if_configured: false,
            create_default: None,
            default: None,
            recomputed_with: &[],
            env: None,
            checks: Vec::new(),
            ..self.clone()
        }
    }
}

/// What the attribute is. The sentences after it are about its use as an argument.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").into_iter().chain(text.find(".\n")).min();
    end.map_or(text, |end| &text[..=end])
}
