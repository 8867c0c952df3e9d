//! Strictness: one table of field rules per endpoint, and the walk that finds every problem.

mod values;

pub(crate) use values::are_some_of;

use serde_json::{Map, Value};

use self::values::{flag, id};
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
    /// Text, perhaps empty.
    TextOrEmpty,
    /// Text of at least so many characters.
    TextFrom {
        /// Characters.
        least: usize,
        /// Whether it may also be empty.
        may_be_empty: bool,
    },
    /// Two letters.
    Country,
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
    /// Some of these numbers, each once; at least one.
    SomeOfNumbers(&'static [i64]),
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
    /// Ids as numbers only; perhaps none.
    IntegerIds,
    /// Domain names, each once; perhaps none.
    Domains,
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

/// Holds a body against its table and names everything that is wrong. No body is no JSON.
pub(crate) fn check<'a>(fields: &[Field], body: &'a Value) -> Result<Checked<'a>, Refusal> {
    if body.is_null() {
        return Err(Refusal::bad_format());
    }
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

    pub(crate) fn integers(self, name: &str) -> Vec<i64> {
        self.elements(name).iter().filter_map(Value::as_i64).collect()
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
        kind => values::complaint(kind, value),
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

fn invalid(path: &str, complaint: &str) -> Problem {
    Problem::invalid_field(if path.is_empty() { "body" } else { path }, complaint)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
