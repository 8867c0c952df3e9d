//! Rules and plans that the schema does not express: names, contact and validations.

use super::messages;
use super::validations::{VALIDATIONS, known_types};
use super::{Organization, Validation};
use crate::kind::Change;
use crate::schema::{Attr, Diagnostic, Value};

const CONTACT: &str = "organization_contact";
const TYPES: &str = "validation_types";
const USERS: &str = "verified_user_ids";

/// Types that need a person who may approve orders.
const APPROVED: &[&str] = &["ev", "cs", "ev_cs"];

/// Characters of the legal name and the assumed name together.
const MOST_CHARACTERS: usize = 61;

/// The names are too long together.
pub(super) fn long_names(config: &Value) -> Option<Diagnostic> {
    let length = |name| Some(config.attribute(name).as_str()?.chars().count());
    let (name, assumed) = (length("name")?, length("assumed_name").filter(|it| *it > 0)?);
    (name + assumed > MOST_CHARACTERS)
        .then(|| messages::long_names(name + assumed, MOST_CHARACTERS))
}

/// A type of validation needs verified users, and none are configured.
pub(super) fn unverified(config: &Value) -> Option<Diagnostic> {
    let types = known_types(config.attribute(TYPES));
    let types: Vec<_> =
        types.iter().map(String::as_str).filter(|it| APPROVED.contains(it)).collect();
    (config.attribute(USERS).is_null() && !types.is_empty()).then(|| messages::unverified(&types))
}

/// A new organization needs a contact.
pub(super) fn missing_contact(config: &Value) -> Option<Diagnostic> {
    config.attribute(CONTACT).is_null().then(messages::missing_contact)
}

/// Plans the contact as it is in the state. Terraform does not accept that for a value that is added or
/// removed: it becomes state, without an API call.
pub(super) fn keep_contact(change: &mut Change<'_>) {
    let Value::Object(planned) = &mut *change.planned else { return };
    let Some(Value::Object(contact)) = planned.get_mut(CONTACT) else { return };
    let prior = change.prior.attribute(CONTACT);
    for (name, value) in contact.iter_mut() {
        let old = prior.attribute(name);
        if !old.is_null() && !value.is_null() {
            *value = old.clone();
        }
    }
}

/// Plans the validations as unknown if the update submits some. Returns warnings of configured changes that
/// change nothing in CertCentral.
pub(super) fn validations(change: &mut Change<'_>) -> Vec<Diagnostic> {
    let (prior, planned) = (change.prior, &*change.planned);
    let known = Option::<Vec<Validation>>::from_value(prior.attribute(VALIDATIONS));
    let organization = Organization {
        validation_types: Some(known_types(planned.attribute(TYPES))),
        ..Organization::default()
    };
    let may_submit = match known.unwrap_or_default() {
        Some(known) => !organization.has_all_validations(Some(&known)),
        None => change.changes(TYPES),
    };
    let submits = may_submit || !planned.attribute(TYPES).is_wholly_known();
    let mut warnings = Vec::new();
    if planned.attribute(TYPES).is_wholly_known() {
        let mut removed = known_types(prior.attribute(TYPES));
        removed.retain(|it| !organization.validation_types.iter().flatten().any(|kept| kept == it));
        if !removed.is_empty() {
            warnings.push(messages::validations_stay(&removed));
        }
    }
    let had_users = !prior.attribute(USERS).is_null();
    if had_users && change.changes(USERS) && !submits {
        warnings.push(messages::users_not_sent());
    }
    if submits {
        change.known_after_apply(&[VALIDATIONS]);
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(attributes: &[(&'static str, Value)]) -> Value {
        Value::Object(attributes.iter().cloned().collect())
    }

    #[test]
    fn some_types_need_verified_users() {
        let users = || (USERS, Value::from(["7"]));
        for (config, is_refused) in [
            (config(&[]), false),
            (config(&[(TYPES, Value::from(["ov", "smime"]))]), false),
            (config(&[(TYPES, Value::from(["ov", "ev_cs"]))]), true),
            (config(&[(TYPES, Value::from(["ev"])), users()]), false),
            (config(&[(TYPES, Value::from(["ev"])), (USERS, Value::Unknown)]), false),
            (config(&[(TYPES, Value::Unknown)]), false),
            (config(&[(TYPES, Value::set([Value::Unknown, "cs".into()]))]), true),
        ] {
            assert_eq!(unverified(&config).is_some(), is_refused, "{config:?}");
        }
    }

    #[test]
    fn both_names_have_a_length_together() {
        let names = |name: usize, assumed: Value| {
            config(&[("name", "n".repeat(name).as_str().into()), ("assumed_name", assumed)])
        };
        for (config, is_refused) in [
            (names(64, Value::Null), false),
            (names(64, "".into()), false),
            (names(64, Value::Unknown), false),
            (names(60, "a".into()), false),
            (names(60, "aa".into()), true),
        ] {
            assert_eq!(long_names(&config).is_some(), is_refused);
        }
    }

    #[test]
    fn an_edit_of_the_contact_is_not_planned() {
        let contact = |email: &str, title: Value| {
            config(&[(CONTACT, config(&[("email", email.into()), ("job_title", title)]))])
        };
        for (prior, configured, expected) in [
            (contact("a", Value::Null), contact("b", Value::Null), contact("a", Value::Null)),
            (contact("a", "x".into()), contact("b", "y".into()), contact("a", "x".into())),
            (contact("a", "x".into()), contact("b", Value::Null), contact("a", Value::Null)),
            (contact("a", Value::Null), contact("a", "y".into()), contact("a", "y".into())),
            (
                contact("a", "x".into()),
                config(&[(CONTACT, Value::Null)]),
                config(&[(CONTACT, Value::Null)]),
            ),
            (config(&[]), contact("b", "y".into()), contact("b", "y".into())),
        ] {
            let mut planned = configured.clone();
            let config = Value::Null;
            keep_contact(&mut Change { prior: &prior, config: &config, planned: &mut planned });
            assert_eq!(planned, expected);
        }
    }
}
