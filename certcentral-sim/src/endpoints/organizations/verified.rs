//! Persons who may approve orders of an organization, and who are verified with its validation.

use serde_json::{Value, json};

use crate::call::Call;
use crate::reply::Refusal;
use crate::rules::{Checked, Field, Kind, optional};
use crate::world::{Organization, VerifiedUser, World};

/// A user of the account, or a person with all other fields.
pub(super) const VERIFIED_USER: &[Field] = &[
    optional("id", Kind::Id),
    optional("first_name", Kind::Text(128)),
    optional("last_name", Kind::Text(128)),
    optional("job_title", Kind::Text(64)),
    optional("telephone", Kind::Text(64)),
    optional("email", Kind::Email),
];

const PERSON: [&str; 5] = ["first_name", "last_name", "job_title", "telephone", "email"];

/// First and last name of a person.
pub(super) type Name = (String, String);

/// The name of a person in a request.
pub(super) fn name(world: &World, call: &Call<'_>, it: Checked<'_>) -> Result<Name, Refusal> {
    let invalid = |rule| Refusal::invalid_field("validations.verified_users", rule);
    match it.number("id") {
        Some(_) if it.len() > 1 => Err(invalid("must have either `id` or the other fields")),
        Some(id) => {
            let user = world.users.get(&id).filter(|it| call.sees(it.account_id));
            let user = user.ok_or_else(|| invalid("must be users of this account"))?;
            if user.job_title.is_none() || user.telephone.is_none() {
                return Err(invalid("must be users with a job title and a telephone number"));
            }
            Ok((user.first_name.clone(), user.last_name.clone()))
        }
        None if PERSON.iter().any(|name| it.value(name).is_none()) => {
            Err(invalid("must have `id`, or all other fields"))
        }
        None => Ok((it.required_text("first_name"), it.required_text("last_name"))),
    }
}

/// The verified user of an organization with a name; a new one has the ID.
pub(super) fn of_name(organization: &Organization, name: Name, id: u64) -> VerifiedUser {
    let (first_name, last_name) = name;
    let mut known = organization.validations.iter().flat_map(|it| &it.verified_users);
    let known = known.find(|it| it.first_name == first_name && it.last_name == last_name);
    known.cloned().unwrap_or(VerifiedUser { id, first_name, last_name })
}

/// The verified users of all validations, each once.
pub(super) fn show(organization: &Organization) -> Vec<Value> {
    let mut shown = Vec::new();
    for user in organization.validations.iter().flat_map(|it| &it.verified_users) {
        let user = show_one(user);
        if !shown.contains(&user) {
            shown.push(user);
        }
    }
    shown
}

pub(super) fn show_one(it: &VerifiedUser) -> Value {
    json!({ "id": it.id, "first_name": it.first_name, "last_name": it.last_name })
}
