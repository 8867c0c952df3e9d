//! Rules of single values.

use serde_json::{Value, json};

use super::{Kind, UNLIMITED};

/// What is wrong with a value. Objects, and arrays of more than ids and words, are walked by the caller.
pub(super) fn complaint(kind: &Kind, value: &Value) -> Option<String> {
    let unless = |holds: bool, rule: &str| (!holds).then(|| rule.to_owned());
    match kind {
        Kind::Text(limit) => text_complaint(value, *limit),
        Kind::TextOrEmpty => unless(value.is_string(), "must be a string"),
        Kind::TextFrom { may_be_empty: true, .. } if value == "" => None,
        Kind::TextFrom { least, .. } => {
            let holds = value.as_str().is_some_and(|it| it.chars().count() >= *least);
            unless(holds, &format!("must have at least {least} characters"))
        }
        Kind::Country => {
            let is_code = |it: &str| it.len() == 2 && it.chars().all(|it| it.is_ascii_alphabetic());
            unless(value.as_str().is_some_and(is_code), "must be a two-letter code")
        }
        Kind::Email => email_complaint(value),
        Kind::EmailList { may_be_empty: true, .. } if value == "" => None,
        Kind::EmailList { limit, .. } => email_list_complaint(value, *limit),
        Kind::Username => username_complaint(value),
        Kind::Id => unless(value.is_u64(), "must be an integer"),
        Kind::Flag => unless(value.is_boolean(), "must be true or false"),
        Kind::FlagOrText => unless(flag(value).is_some(), "must be true or false"),
        Kind::Number(from, to) => {
            let holds = value.as_u64().is_some_and(|it| (*from..=*to).contains(&it));
            unless(holds, &format!("must be an integer from {from} to {to}"))
        }
        Kind::OneOf(words) => {
            let holds = value.as_str().is_some_and(|it| words.contains(&it));
            unless(holds, &format!("must be one of {}", words.join(", ")))
        }
        Kind::SomeOf(words) => {
            let rule = format!("must be an array of {}, each once", words.join(", "));
            unless(are_some_of(words, value), &rule)
        }
        Kind::SomeOfNumbers(numbers) => {
            let holds = all(value, |it| it.as_i64().is_some_and(|it| numbers.contains(&it)));
            let rule = format!("must be an array of {numbers:?}, each once");
            unless(holds && is_set(value) && value != &json!([]), &rule)
        }
        Kind::Ids => unless(all(value, |it| id(it).is_some()), "must be an array of ids"),
        Kind::IntegerIds => unless(all(value, Value::is_u64), "must be an array of integers"),
        Kind::Domains => {
            let holds = all(value, |it| it.as_str().is_some_and(is_domain)) && is_set(value);
            unless(holds, "must be an array of domain names, each once")
        }
        Kind::Object(_) | Kind::Objects(_) | Kind::Emails | Kind::Any => None,
    }
}

fn text_complaint(value: &Value, limit: usize) -> Option<String> {
    match value.as_str() {
        None => Some("must be a string".to_owned()),
        Some("") => Some("must not be empty".to_owned()),
        Some(text) if text.chars().count() > limit => {
            Some(format!("must have at most {limit} characters"))
        }
        Some(_) => None,
    }
}

fn email_complaint(value: &Value) -> Option<String> {
    text_complaint(value, 255).or_else(|| {
        (!value.as_str().is_some_and(is_address)).then(|| "must be an e-mail address".to_owned())
    })
}

fn email_list_complaint(value: &Value, limit: usize) -> Option<String> {
    text_complaint(value, limit).or_else(|| {
        let are_addresses = |text: &str| text.split(',').all(|it| is_address(it.trim()));
        (!value.as_str().is_some_and(are_addresses))
            .then(|| "must be e-mail addresses separated by commas".to_owned())
    })
}

fn is_address(text: &str) -> bool {
    let domain = text.split_once('@').filter(|(name, _)| !name.is_empty());
    domain.is_some_and(|(_, domain)| !domain.is_empty() && !domain.contains('@'))
        && !text.chars().any(|it| it.is_whitespace() || it == ',')
}

fn username_complaint(value: &Value) -> Option<String> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "@-_+.".contains(it);
    text_complaint(value, UNLIMITED).or_else(|| {
        (!value.as_str().is_some_and(|it| it.chars().all(allowed)))
            .then(|| "may hold only a-z A-Z 0-9 @ - _ + .".to_owned())
    })
}

fn is_domain(text: &str) -> bool {
    let allowed = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let labels: Vec<&str> = text.split('.').collect();
    labels.len() > 1 && labels.iter().all(|it| !it.is_empty() && it.chars().all(allowed))
}

/// Whether a value is an array of these words, each at most once.
pub(crate) fn are_some_of(words: &[&str], value: &Value) -> bool {
    all(value, |it| it.as_str().is_some_and(|it| words.contains(&it))) && is_set(value)
}

fn all(value: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|it| it.iter().all(holds))
}

/// Whether no element of an array is in it twice.
fn is_set(value: &Value) -> bool {
    let elements = value.as_array().map_or(&[][..], Vec::as_slice);
    elements.iter().enumerate().all(|(index, it)| !elements[..index].contains(it))
}

pub(super) fn id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
