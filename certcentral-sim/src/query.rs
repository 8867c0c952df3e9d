//! Query parameters of lists: filters, sorting and pages.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::reply::{Outcome, Problem, Refusal, Reply};

/// The parameters of a request, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

/// Parameters of every list.
const PAGING: [&str; 3] = ["sort", "offset", "limit"];

impl Query {
    /// Refuses parameters that are not named here. `filters[status]` stands for
    /// `filters[status][0]` too.
    pub(crate) fn allow(&self, names: &[&str]) -> Result<(), Refusal> {
        let unknown = self.0.iter().filter(|(it, _)| !names.contains(&without_index(it)));
        let problems: Vec<Problem> = unknown
            .map(|(name, _)| {
                let message = format!("`{name}` is not a parameter of this request.");
                Problem::new(format!("unknown_parameter|{name}"), message)
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::invalid(problems)) }
    }

    /// Refuses parameters that are neither named here nor for paging.
    pub(crate) fn allow_list(&self, names: &[&str]) -> Result<(), Refusal> {
        self.allow(&[names, &PAGING].concat())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| without_index(it) == name).map(|(_, it)| it.as_str())
    }

    /// A parameter that is a whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let message = format!("`{name}` must be an integer.");
            Refusal::because(format!("invalid_parameter|{name}"), message)
        })
    }

    /// A parameter that is true or false, which is the default.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => {
                let message = format!("`{name}` must be true or false.");
                Err(Refusal::because(format!("invalid_parameter|{name}"), message))
            }
        }
    }

    /// Whether one of `values` fits the filter of this name; a filter that is not given fits all.
    pub(crate) fn fits(&self, name: &str, values: &[&str]) -> bool {
        let mut wanted = self.all(name).peekable();
        wanted.peek().is_none()
            || wanted.any(|wanted| values.iter().any(|value| matches(wanted, value)))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| without_index(it) == name).map(|(_, it)| it.as_str())
    }
}

/// `filters[status][1]` is another value of `filters[status]`.
fn without_index(name: &str) -> &str {
    let Some((start, index)) = name.rsplit_once('[') else { return name };
    let is_index = index.strip_suffix(']').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
    if is_index { start } else { name }
}

/// Compares case-insensitively: the whole text, or any part of it after a leading `%`.
fn matches(wanted: &str, value: &str) -> bool {
    let value = value.to_lowercase();
    match wanted.to_lowercase().strip_prefix('%') {
        Some(part) => value.contains(part),
        None => value == wanted.to_lowercase(),
    }
}

/// Answers the page of what was `found` that the caller asked for, sorted, under `key`. Only what is
/// in the page is shown, unless the order depends on all rows: a list may be long.
pub(crate) fn page<T>(
    call: &Call<'_>,
    key: &str,
    found: Vec<T>,
    show: impl Fn(T) -> Value,
    sortable: &[&str],
) -> Outcome {
    let total = found.len();
    let number = |name| {
        let number = call.query.number(name)?;
        Ok(number.map(|it| usize::try_from(it).unwrap_or(usize::MAX)))
    };
    let offset = number("offset")?.unwrap_or(0);
    let limit = number("limit")?.unwrap_or(call.options.page_limit_default);
    let limit = limit.clamp(1, call.options.page_limit_max.max(1));
    let rows: Vec<Value> = match call.query.get("sort") {
        None => found.into_iter().skip(offset).take(limit).map(show).collect(),
        Some(keys) => {
            let rows = sorted(keys, found.into_iter().map(show).collect(), sortable)?;
            rows.into_iter().skip(offset).take(limit).collect()
        }
    };
    let mut body = Map::new();
    body.insert(key.to_owned(), rows.into());
    body.insert("page".into(), json!({ "total": total, "limit": limit, "offset": offset }));
    Ok(Reply::ok(body.into()))
}

/// Sorts by `name,-other`.
fn sorted(keys: &str, mut rows: Vec<Value>, sortable: &[&str]) -> Result<Vec<Value>, Refusal> {
    let keys: Vec<(&str, bool)> = keys
        .split(',')
        .map(|it| it.strip_prefix('-').map_or((it, false), |it| (it, true)))
        .collect();
    if let Some((name, _)) = keys.iter().find(|(name, _)| !sortable.contains(name)) {
        let message = format!("`{name}` cannot be sorted by.");
        return Err(Refusal::because("invalid_parameter|sort", message));
    }
    rows.sort_by(|left, right| {
        keys.iter().fold(Ordering::Equal, |order, (name, descending)| {
            let next = compare(&left[*name], &right[*name]);
            order.then(if *descending { next.reverse() } else { next })
        })
    });
    Ok(rows)
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_u64().cmp(&right.as_u64()),
        _ => left.as_str().cmp(&right.as_str()),
    }
}
