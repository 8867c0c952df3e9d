//! The provider block, completed from environment variables.

use std::collections::BTreeMap;

use crate::schema::{self, Attribute, Block, Diagnostic, Diagnostics, Object, Path, Value};
use crate::secret::Secret;

/// The values of the provider block and of the environment, and where each one came from.
pub(super) struct Given {
    config: Value,
    /// The environment variable of each value that is not from the block.
    variables: BTreeMap<&'static str, &'static str>,
}

impl Given {
    /// Merges the block and the environment, and validates both.
    pub(super) fn new(
        block: &Block,
        config: &Value,
        environment: impl Fn(&str) -> Option<String>,
    ) -> (Self, Diagnostics) {
        learn_secrets(block, config, &environment);
        let mut diagnostics = schema::validate(block, config);
        let (mut merged, mut variables) = (Object::new(), BTreeMap::new());
        for attribute in &block.attributes {
            let mut value = config.attribute(attribute.name).clone();
            if value.is_null()
                && let Some((variable, text)) = from_environment(attribute, &environment)
            {
                value = Value::String(text);
                diagnostics.extend(environment_problems(attribute, variable, &value));
                variables.insert(attribute.name, variable);
            }
            merged.insert(attribute.name, value);
        }
        (Self { config: Value::Object(merged), variables }, diagnostics)
    }

    /// All values.
    pub(super) fn config(&self) -> &Value {
        &self.config
    }

    /// Whether an argument has a value, known or not.
    pub(super) fn has(&self, argument: &'static str) -> bool {
        !self.config.attribute(argument).is_null()
    }

    /// Names of the arguments with unknown values.
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let values = self.config.as_object().into_iter().flatten();
        values.filter(|(_, value)| !value.is_wholly_known()).map(|(name, _)| *name).collect()
    }

    /// An error at an argument. If its value came from an environment variable, the error names the variable.
    pub(super) fn error(
        &self,
        argument: &'static str,
        summary: &str,
        detail: impl Into<String>,
    ) -> Diagnostic {
        let error = Diagnostic::error(summary, detail).at(Path::of(argument));
        match self.variables.get(argument) {
            Some(variable) => of_variable(error, argument, variable),
            None => error,
        }
    }
}

/// Registers every sensitive value of the block and of the environment for redaction, so that no message
/// contains one.
pub(super) fn learn_secrets(
    block: &Block,
    config: &Value,
    environment: impl Fn(&str) -> Option<String>,
) {
    for attribute in block.attributes.iter().filter(|attribute| attribute.sensitive) {
        let configured = config.attribute(attribute.name).as_str().map(str::to_owned);
        let by_variable = from_environment(attribute, &environment).map(|(_, text)| text);
        for text in [configured, by_variable].into_iter().flatten() {
            drop(Secret::new(text.trim()));
        }
    }
}

/// The value of the attribute's environment variable. An empty variable counts as not set.
fn from_environment(
    attribute: &Attribute,
    environment: impl Fn(&str) -> Option<String>,
) -> Option<(&'static str, String)> {
    let variable = attribute.env?;
    Some((variable, environment(variable).filter(|text| !text.is_empty())?))
}

fn environment_problems(
    attribute: &Attribute,
    variable: &str,
    value: &Value,
) -> impl Iterator<Item = Diagnostic> {
    let block = Block::new(String::new(), vec![attribute.clone()]);
    let config = Value::Object([(attribute.name, value.clone())].into());
    let problems = schema::validate(&block, &config);
    problems.into_iter().map(|problem| of_variable(problem, attribute.name, variable))
}

fn of_variable(mut problem: Diagnostic, argument: &str, variable: &str) -> Diagnostic {
    problem.detail +=
        &format!(" The value of `{argument}` comes from the environment variable {variable}.");
    problem
}
