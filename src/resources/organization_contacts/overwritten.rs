//! Warnings in the plan of a create: existing contacts that the apply overwrites.

use serde_json::Value as Json;

use super::Context;
use super::encoding::{ORGANIZATION, TECHNICAL, contact, fetch};
use super::{Contact, Id};
use crate::schema::{Attr, Attribute, Diagnostic, Model, Path, Value};

/// Warns about values that the planned contacts replace or clear.
///
/// There is no warning if the organization cannot be read; the apply then reports the error.
pub(super) async fn warn(planned: &Value, cx: &mut Context) {
    let id = Id::from_value(planned.attribute("organization_id")).unwrap_or_default();
    if id == Id::default() {
        return;
    }
    let Ok(api) = cx.api() else { return };
    let Ok(Some(answer)) = fetch(&api, id).await else { return };
    for name in [ORGANIZATION, TECHNICAL] {
        if let Some(current) = contact(answer.json(), name) {
            let lost = lost(planned.attribute(name), current);
            lost.into_iter().for_each(|lost| cx.report(overwritten(id, name, &lost)));
        }
    }
}

/// The values of a contact that are lost.
struct Lost {
    /// The argument to report the warning at.
    argument: &'static str,
    /// A description that follows "the apply".
    description: String,
}

/// The values of the current contact that the planned one replaces or clears. Unknown values are ignored.
fn lost(planned: &Value, current: &Json) -> Option<Lost> {
    if planned.is_null() {
        return None;
    }
    let (mut replaced, mut cleared, mut argument) = (Vec::new(), Vec::new(), None);
    for attribute in Contact::block().attributes.iter().filter(|it| it.is_configurable()) {
        let Some(old) = text(current.get(attribute.name)) else { continue };
        let list = match planned.attribute(attribute.name) {
            Value::Unknown => continue,
            Value::String(new) if is_same(attribute, &old, new) => continue,
            Value::String(new) if !new.is_empty() => &mut replaced,
            _ => &mut cleared,
        };
        list.push(format!("{} {old:?}", attribute.name));
        argument.get_or_insert(attribute.name);
    }
    let parts = [("replaces", replaced), ("clears", cleared)];
    let parts = parts.iter().filter(|(_, fields)| !fields.is_empty());
    let parts: Vec<_> = parts.map(|(verb, it)| format!("{verb} {}", it.join(", "))).collect();
    argument.map(|argument| Lost { argument, description: parts.join(" and ") })
}

/// A value that can be lost, as text.
fn text(value: Option<&Json>) -> Option<String> {
    match value? {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_same(attribute: &Attribute, old: &str, new: &str) -> bool {
    old == new || (attribute.case_insensitive && old.to_lowercase() == new.to_lowercase())
}

fn overwritten(id: Id, name: &'static str, lost: &Lost) -> Diagnostic {
    let Lost { argument, description } = lost;
    let detail = format!(
        "Organization {id} already has this contact, and creating this resource overwrites it: the apply {description}. \
         To keep a value, add it to the block. To manage the contact as it is, import the resource instead."
    );
    Diagnostic::warning("Existing contact overwritten", detail)
        .at(Path::of(name).attribute(argument))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn describe(planned: &Value, current: &Json) -> Option<String> {
        lost(planned, current).map(|lost| lost.description)
    }

    #[test]
    fn only_values_that_are_lost_are_named() {
        let current = json!({
            "id": 184, "first_name": "Ana", "last_name": "Example", "email": "Ana@example.com",
            "job_title": "SRE", "telephone": "", "telephone_extension": null, "language_id": 1,
        });
        let ana = || Contact {
            first_name: "Ana".into(),
            last_name: "Example".into(),
            email: "ana@EXAMPLE.com".into(),
            job_title: Some("SRE".into()),
            telephone: Some("555-0100".into()),
            language_id: Some("1".into()),
            ..Contact::default()
        };
        for (planned, expected) in [
            (ana(), None),
            (Contact { first_name: "Bo".into(), ..ana() }, Some(r#"replaces first_name "Ana""#)),
            (Contact { job_title: None, ..ana() }, Some(r#"clears job_title "SRE""#)),
            (
                Contact { job_title: Some(String::new()), ..ana() },
                Some(r#"clears job_title "SRE""#),
            ),
            (
                Contact { last_name: "Else".into(), language_id: None, ..ana() },
                Some(r#"replaces last_name "Example" and clears language_id "1""#),
            ),
        ] {
            assert_eq!(describe(&planned.into_value(), &current).as_deref(), expected);
        }
        assert_eq!(describe(&Value::Null, &current), None);
        assert_eq!(describe(&Value::Unknown, &current), None);
        let control = json!({ "first_name": "\u{1b}[31mAna" });
        let described = describe(&ana().into_value(), &control);
        assert_eq!(described.as_deref(), Some(r#"replaces first_name "\u{1b}[31mAna""#));
    }
}
