//! Planning: the state that an apply would lead to.

use super::attribute::{Attribute, Block, Kind};
use super::diagnostics::{Diagnostic, Diagnostics};
use super::path::Path;
use super::value::{Object, Value};

/// The result of planning.
pub struct Plan {
    /// The planned state. Values that are not known until apply are unknown. Null for a destroy.
    pub planned: Value,
    /// The arguments whose change forces a new object.
    pub replace: Vec<Path>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// Plans from the prior state and the configuration.
///
/// `prior` is null for a create, `config` for a destroy. In the state of an `imported` object, null may
/// mean that the value could not be read, so that an immutable argument takes the configured value.
/// `advice` is added to the first error about an immutable argument.
pub fn plan(block: &Block, prior: &Value, config: &Value, imported: bool, advice: &str) -> Plan {
    let mut planner = Planner {
        is_create: prior.is_null(),
        imported,
        advice: Some(advice).filter(|advice| !advice.is_empty()),
        replace: Vec::new(),
        diagnostics: Diagnostics::default(),
    };
    let planned = match config.as_object() {
        Some(config) => planner.block(block, prior, config, &Path::default(), false),
        None => Value::Null,
    };
    Plan { planned, replace: planner.replace, diagnostics: planner.diagnostics }
}

struct Planner<'a> {
    is_create: bool,
    imported: bool,
    /// Taken by the first error, so that it is not repeated.
    advice: Option<&'a str>,
    replace: Vec<Path>,
    diagnostics: Diagnostics,
}

impl Planner<'_> {
    fn block(
        &mut self,
        block: &Block,
        prior: &Value,
        config: &Object,
        path: &Path,
        immutable: bool,
    ) -> Value {
        let mut planned = Object::with_capacity(block.attributes.len());
        for attribute in &block.attributes {
            let old = prior.attribute(attribute.name);
            let new = configured(attribute, config);
            let immutable = !self.is_create && (immutable || attribute.immutable);
            let path = path.attribute(attribute.name);
            let value = match (&attribute.kind, new) {
                _ if attribute.write_only => Value::Null,
                (Kind::Block(inner), Value::Object(new)) if !old.is_null() || !immutable => {
                    self.block(inner, old, new, &path, immutable)
                }
                (Kind::Block(inner), Value::Object(new)) => self.imported_block(inner, new, &path),
                _ if immutable => self.immutable(attribute, old, new, &path),
                _ => self.value(attribute, prior, old, new, &path),
            };
            planned.insert(attribute.name, value);
        }
        recompute(block, prior, &mut planned);
        Value::Object(planned)
    }

    fn value(
        &mut self,
        attribute: &Attribute,
        object: &Value,
        old: &Value,
        new: &Value,
        path: &Path,
    ) -> Value {
        if new.is_null() && attribute.is_computed() {
            let value =
                if object.is_null() { attribute.create_default.as_ref() } else { Some(old) };
            return value.unwrap_or(&Value::Unknown).clone();
        }
        if is_same(attribute, old, new) {
            return old.clone();
        }
        let differs = !(is_empty(old) && is_empty(new));
        if attribute.force_new && !object.is_null() && differs {
            self.replace.push(path.clone());
        }
        new.clone()
    }

    fn immutable(&mut self, attribute: &Attribute, old: &Value, new: &Value, path: &Path) -> Value {
        let is_omitted = new.is_null() && attribute.is_computed();
        if is_omitted || is_same(attribute, old, new) {
            return old.clone();
        }
        let could_not_be_read = old.is_null() && self.imported;
        // Terraform plans again before the apply. Unknown values are known by then.
        if could_not_be_read || (is_empty(old) && is_empty(new)) || !new.is_wholly_known() {
            return new.clone();
        }
        self.refuse(attribute, old, new, path);
        old.clone()
    }

    /// An immutable block that an import could not read. It takes the configured arguments. Its computed
    /// values stay null, since the apply makes no API call.
    fn imported_block(&mut self, block: &Block, config: &Object, path: &Path) -> Value {
        let planned = block.attributes.iter().map(|attribute| {
            let (new, path) = (configured(attribute, config), path.attribute(attribute.name));
            (attribute.name, self.immutable(attribute, &Value::Null, new, &path))
        });
        Value::Object(planned.collect())
    }

    fn refuse(&mut self, attribute: &Attribute, old: &Value, new: &Value, path: &Path) {
        let values = match (attribute.sensitive, new) {
            (true, _) => "values are sensitive".to_owned(),
            (_, Value::Null) => format!("current value: {}, configured: no value", old.show()),
            _ => format!("current value: {}, configured: {}", old.show(), new.show()),
        };
        let mut detail = format!("`{path}` cannot be changed after creation ({values}).");
        if let Some(advice) = self.advice.take() {
            detail += "\n\n";
            detail += advice;
        }
        self.diagnostics
            .push(Diagnostic::error("Argument cannot be changed", detail).at(path.clone()));
    }
}

/// Marks computed attributes unknown if an attribute that they depend on changes.
fn recompute(block: &Block, prior: &Value, planned: &mut Object) {
    if prior.is_null() {
        return;
    }
    for attribute in &block.attributes {
        let changes = |name: &&str| planned.get(name) != Some(prior.attribute(name));
        if attribute.recomputed_with.iter().any(changes) {
            planned.insert(attribute.name, Value::Unknown);
        }
    }
}

/// The configured value of an attribute, or else its default.
fn configured<'a>(attribute: &'a Attribute, config: &'a Object) -> &'a Value {
    let value = config.get(attribute.name).unwrap_or(&Value::Null);
    match &attribute.default {
        Some(default) if value.is_null() => default,
        _ => value,
    }
}

/// Whether a configured value is the same as the one in the state, except for letter case that has no
/// meaning.
///
/// A set is planned exactly as configured. Terraform allows nothing else if it has unknown elements, and
/// the plan before the apply must lead to the same value.
fn is_same(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) if attribute.case_insensitive => {
            old == new || old.to_lowercase() == new.to_lowercase()
        }
        _ => old == new,
    }
}

/// Whether a request would omit the value: null or an empty string.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}
