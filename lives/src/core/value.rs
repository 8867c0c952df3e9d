//! What Terraform core computes with values: the proposed state, and whether plan and result are allowed.
//!
//! After `internal/plans/objchange` of Terraform.

use terraform_provider_digicert::schema::{Block, Kind, Type, Value};

/// The state that core proposes: the configuration, with the prior values of computed attributes that it omits.
pub(crate) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    let attributes = block.attributes.iter().map(|attribute| {
        let (prior, config) = (prior.attribute(attribute.name), config.attribute(attribute.name));
        let value = match &attribute.kind {
            _ if attribute.write_only => Value::Null,
            Kind::Block(inner) => proposed(inner, prior, config),
            Kind::Value(_) if config.is_null() && attribute.is_computed() => prior.clone(),
            Kind::Value(_) => config.clone(),
        };
        (attribute.name, value)
    });
    Value::Object(attributes.collect())
}

/// Why core does not accept a plan, if so.
pub(crate) fn invalid_plan(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Option<String> {
    if planned.is_null() != config.is_null() {
        return Some("planned existence differs from the configuration".to_owned());
    }
    if planned.is_null() {
        return None;
    }
    block.attributes.iter().find_map(|attribute| {
        let name = attribute.name;
        let of = |value: &Value| value.attribute(name).clone();
        let (prior, config, planned) = (of(prior), of(config), of(planned));
        let wrong = |what: &str| Some(format!("{name}: {what}"));
        match &attribute.kind {
            _ if planned == config => None,
            Kind::Block(_) if config.is_unknown() || planned.is_unknown() => wrong("unknown block"),
            Kind::Block(inner) => {
                invalid_plan(inner, &prior, &config, &planned).map(|it| format!("{name}.{it}"))
            }
            _ if planned == prior && !prior.is_null() && !config.is_null() => None,
            _ if attribute.write_only => {
                if planned.is_null() {
                    None
                } else {
                    wrong("write-only and planned")
                }
            }
            _ if attribute.is_computed() && config.is_null() => None,
            _ if attribute.is_computed() => wrong("configured, and planned otherwise"),
            _ => wrong("not computed, and planned otherwise than configured"),
        }
    })
}

/// Where a result is not what was planned, if anywhere: only unknown values may be filled in.
pub(crate) fn incompatible(planned: &Value, actual: &Value) -> Option<String> {
    let differs = || Some("differs from the plan".to_owned());
    match (planned, actual) {
        (Value::Unknown, _) => None,
        (_, Value::Unknown) => Some("became unknown".to_owned()),
        (Value::Object(planned), Value::Object(actual)) => {
            planned.iter().find_map(|(name, planned)| {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                incompatible(planned, actual).map(|it| format!("{name}: {it}"))
            })
        }
        (Value::List(planned), Value::List(actual)) if planned.len() == actual.len() => {
            planned.iter().zip(actual).find_map(|(planned, actual)| incompatible(planned, actual))
        }
        (Value::Map(planned), Value::Map(actual)) if planned.keys().eq(actual.keys()) => {
            planned.iter().find_map(|(key, planned)| incompatible(planned, &actual[key]))
        }
        (Value::Set(planned), Value::Set(actual)) => {
            // Each planned element stands for one of the result, and an unknown one for any.
            let fits = |one: &Value, other: &Value| incompatible(one, other).is_none();
            let found = planned.iter().all(|it| actual.iter().any(|other| fits(it, other)));
            let expected = actual.iter().all(|it| planned.iter().any(|other| fits(other, it)));
            if found && expected { None } else { differs() }
        }
        _ if planned == actual => None,
        _ => differs(),
    }
}

/// A value as core stores it, in JSON. Unknown values have no such form and become null.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(it) => Json::from(*it),
        Value::Number(number) => number.as_int().map_or(Json::Null, Json::from),
        Value::String(text) => Json::from(text.as_str()),
        Value::List(elements) | Value::Set(elements) => elements.iter().map(to_json).collect(),
        Value::Map(elements) => {
            elements.iter().map(|(key, value)| (key.clone(), to_json(value))).collect()
        }
        Value::Object(attributes) => attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), to_json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

/// The texts in a value that core hides: those of sensitive attributes.
pub(crate) fn without_sensitive(block: &Block, value: &Value) -> Value {
    let Value::Object(attributes) = value else { return value.clone() };
    let shown = attributes.iter().map(|(name, value)| {
        let attribute = block.get(name);
        let shown = match attribute {
            Some(it) if it.sensitive => Value::Null,
            Some(it) => match &it.kind {
                Kind::Block(inner) => without_sensitive(inner, value),
                Kind::Value(_) => value.clone(),
            },
            None => value.clone(),
        };
        (*name, shown)
    });
    Value::Object(shown.collect())
}

/// The value with its references replaced: the text `ref:ADDRESS` becomes what `resolve` returns for the address.
pub(crate) fn resolved(value: Value, resolve: &dyn Fn(&str) -> Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("ref:") {
            Some(address) => resolve(address),
            None => Value::String(text),
        },
        Value::List(elements) => {
            Value::List(elements.into_iter().map(|it| resolved(it, resolve)).collect())
        }
        Value::Set(elements) => Value::set(elements.into_iter().map(|it| resolved(it, resolve))),
        Value::Map(elements) => {
            let resolve = |(key, value)| (key, resolved(value, resolve));
            Value::Map(elements.into_iter().map(resolve).collect())
        }
        Value::Object(attributes) => {
            let resolve = |(name, value)| (name, resolved(value, resolve));
            Value::Object(attributes.into_iter().map(resolve).collect())
        }
        other => other,
    }
}

/// A null of any type has no attributes; a state of this type has all of them.
pub(crate) fn conforms(of: &Type, value: &Value) -> bool {
    match (of, value) {
        (Type::Object(expected), Value::Object(attributes)) => {
            expected.len() == attributes.len()
                && expected
                    .iter()
                    .all(|(name, of)| attributes.get(name).is_some_and(|it| conforms(of, it)))
        }
        (Type::List(of), Value::List(elements)) | (Type::Set(of), Value::Set(elements)) => {
            elements.iter().all(|it| conforms(of, it))
        }
        (Type::Map(of), Value::Map(elements)) => elements.values().all(|it| conforms(of, it)),
        (_, Value::Null | Value::Unknown)
        | (Type::String, Value::String(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::Number, Value::Number(_)) => true,
        _ => false,
    }
}
