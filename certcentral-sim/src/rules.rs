//! Strictness: one table of field rules per endpoint, and the walk that finds every problem.

use serde_json::{Map, Value};

use crate::reply::{Problem, Refusal};

/// A field a request may carry.
pub(crate) struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
}

/// What a field may hold.
pub(crate) enum Kind {
    /// Text of at most so many characters, not empty.
    Text(usize),
    /// An e-mail address of at most 255 characters.
    Email,
    /// Letters, digits and `@ - _ + .`.
    Username,
    /// A number that names an object.
    Id,
    /// `true` or `false`.
    Flag,
    /// The same, or as text: one page calls such a field a string.
    FlagOrText,
    /// A whole number within bounds.
    Number(u64, u64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Some of these words, each once; perhaps none.
    SomeOf(&'static [&'static str]),
    /// At least one e-mail address.
    Emails,
    /// E-mail addresses as a text, separated by commas.
    EmailList {
        /// Characters in all.
        limit: usize,
        /// Whether there may be none.
        may_be_empty: bool,
    },
    /// Ids as numbers or as strings of digits; perhaps none.
    Ids,
    /// An object with these fields.
    Object(&'static [Field]),
    /// At least one object with these fields.
    Objects(&'static [Field]),
    /// Anything; the endpoint judges it.
    Any,
}

/// No limit is documented.
pub(crate) const UNLIMITED: usize = usize::MAX;

pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

pub(crate) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// A body that follows its table.
#[derive(Clone, Copy)]
pub(crate) struct Checked<'a>(&'a Map<String, Value>);

/// Holds a body against its table and names everything that is wrong.
pub(crate) fn check<'a>(fields: &[Field], body: &'a Value) -> Result<Checked<'a>, Refusal> {
    let mut problems = Vec::new();
    check_object(fields, body, "", &mut problems);
    match body {
        Value::Object(object) if problems.is_empty() => Ok(Checked(object)),
        _ => Err(Refusal::invalid(problems)),
    }
}

impl<'a> Checked<'a> {
    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn text(self, name: &str) -> Option<String> {
        self.value(name)?.as_str().map(str::to_owned)
    }

    /// Text that the table requires.
    pub(crate) fn required_text(self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    pub(crate) fn number(self, name: &str) -> Option<u64> {
        id(self.value(name)?)
    }

    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        flag(self.value(name)?)
    }

    pub(crate) fn object(self, name: &str) -> Option<Self> {
        self.value(name)?.as_object().map(Self)
    }

    pub(crate) fn objects(self, name: &str) -> impl Iterator<Item = Self> {
        self.elements(name).iter().filter_map(Value::as_object).map(Self)
    }

    pub(crate) fn texts(self, name: &str) -> Vec<String> {
        self.elements(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(crate) fn ids(self, name: &str) -> Option<Vec<u64>> {
        self.value(name)?.as_array().map(|ids| ids.iter().filter_map(id).collect())
    }

    fn elements(self, name: &str) -> &'a [Value] {
        self.value(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn check_object(fields: &[Field], value: &Value, path: &str, problems: &mut Vec<Problem>) {
    let Value::Object(object) = value else {
        problems.push(invalid(path, "must be an object"));
        return;
    };
    for name in object.keys().filter(|name| fields.iter().all(|it| it.name != *name)) {
        let path = join(path, name);
        let message = format!("`{path}` is not a field of this request.");
        problems.push(Problem::new(format!("unknown_field|{path}"), message));
    }
    for field in fields {
        let path = join(path, field.name);
        match object.get(field.name) {
            Some(value) => check_value(&field.kind, value, &path, problems),
            None if field.required => {
                problems.push(Problem::missing_field(&path));
            }
            None => {}
        }
    }
}

fn check_value(kind: &Kind, value: &Value, path: &str, problems: &mut Vec<Problem>) {
    let complaint = match kind {
        Kind::Object(fields) => return check_object(fields, value, path, problems),
        Kind::Objects(fields) => return check_objects(fields, value, path, problems),
        Kind::Emails => return check_elements(&Kind::Email, value, path, problems),
        Kind::Text(limit) => text_complaint(value, *limit),
        Kind::Email => email_complaint(value),
        Kind::EmailList { may_be_empty: true, .. } if value == "" => None,
        Kind::EmailList { limit, .. } => email_list_complaint(value, *limit),
        Kind::Username => username_complaint(value),
        Kind::Id => (!value.is_u64()).then(|| "must be an integer".to_owned()),
        Kind::Flag => (!value.is_boolean()).then(|| "must be true or false".to_owned()),
        Kind::FlagOrText => flag(value).is_none().then(|| "must be true or false".to_owned()),
        Kind::Number(from, to) => (!value.as_u64().is_some_and(|it| (*from..=*to).contains(&it)))
            .then(|| format!("must be an integer from {from} to {to}")),
        Kind::OneOf(words) => (!value.as_str().is_some_and(|it| words.contains(&it)))
            .then(|| format!("must be one of {}", words.join(", "))),
        Kind::SomeOf(words) => (!are_some_of(words, value))
            .then(|| format!("must be an array of {}, each once", words.join(", "))),
        Kind::Ids => (!value.as_array().is_some_and(|it| it.iter().all(|it| id(it).is_some())))
            .then(|| "must be an array of ids".to_owned()),
        Kind::Any => None,
    };
    problems.extend(complaint.map(|complaint| invalid(path, &complaint)));
}

fn check_objects(fields: &[Field], value: &Value, path: &str, problems: &mut Vec<Problem>) {
    for (index, element) in at_least_one(value, path, problems).iter().enumerate() {
        check_object(fields, element, &format!("{path}[{index}]"), problems);
    }
}

fn check_elements(kind: &Kind, value: &Value, path: &str, problems: &mut Vec<Problem>) {
    for (index, element) in at_least_one(value, path, problems).iter().enumerate() {
        check_value(kind, element, &format!("{path}[{index}]"), problems);
    }
}

fn at_least_one<'a>(value: &'a Value, path: &str, problems: &mut Vec<Problem>) -> &'a [Value] {
    match value {
        Value::Array(elements) if !elements.is_empty() => elements,
        _ => {
            problems.push(invalid(path, "must be an array with at least one element"));
            &[]
        }
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

/// Whether a value is an array of these words, each at most once.
pub(crate) fn are_some_of(words: &[&str], value: &Value) -> bool {
    value.as_array().is_some_and(|elements| {
        elements.iter().enumerate().all(|(index, element)| {
            element.as_str().is_some_and(|it| words.contains(&it))
                && !elements[..index].contains(element)
        })
    })
}

fn id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn flag(value: &Value) -> Option<bool> {
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

fn invalid(path: &str, complaint: &str) -> Problem {
    Problem::invalid_field(if path.is_empty() { "body" } else { path }, complaint)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
