//! Searches for users by ID, username or e-mail address.

use std::collections::BTreeMap;

use crate::certcentral::{Answer, Error, Id, Session, id_of};
use crate::kind::{Failure, import_id_if_digits};
use crate::resources::import::{DIGITS, nothing_found};
use crate::schema::{Diagnostic, Json, Path};

use super::listed::USERS;
use super::messages::list;
use super::person::Person;
use super::service_users::listed_ids;
use super::{PATH, User, fetch};

/// The ID of the user to import, given by ID, username or e-mail address.
pub(super) async fn import(text: &str, api: &Session) -> Result<Id, Failure> {
    let found = if let Some(id) = import_id_if_digits(text)? {
        match listed_ids(api).await? {
            // The read that follows says whether the user exists.
            Some(services) if !services.contains(&id) => return Ok(id),
            Some(_) => return Err(service_user(text).into()),
            None => fetch(api, id).await?.iter().map(|it| Person::new(id, it)).collect(),
        }
    } else {
        let has = |answer: &Json, name: &str| is(answer, name, text);
        shared_search(api, text, |it| has(it, "username") || has(it, "email")).await?
    };
    let services = service_users_among(api, &found).await?;
    let people: Vec<_> = found.into_iter().filter(|it| !services.contains(&it.id)).collect();
    match people.as_slice() {
        [person] => Ok(person.id),
        [] if services.is_empty() => Err(not_found(text).into()),
        [] => Err(service_user(text).into()),
        _ => Err(ambiguous(text, &people).into()),
    }
}

impl User {
    /// Other users with this one's username; normally at most one.
    pub(super) async fn users_with_username(&self, api: &Session) -> Result<Vec<Person>, Error> {
        let mut users =
            search(api, &self.username, |it| is(it, "username", &self.username)).await?;
        users.retain(|it| Some(it.id) != self.id);
        Ok(users)
    }
}

/// The service users among these.
pub(super) async fn service_users_among(api: &Session, among: &[Person]) -> Result<Vec<Id>, Error> {
    if among.is_empty() {
        return Ok(Vec::new());
    }
    let listed = listed_ids(api).await?.unwrap_or_default();
    // If the list is of no use, the fixed name Service User decides.
    let by_name = |it: &Person| it.first_name == "Service" && it.last_name == "User";
    let services = among.iter().filter(|it| listed.contains(&it.id) || by_name(it));
    Ok(services.map(|it| it.id).collect())
}

/// The users with this username or e-mail address: their IDs, and their names for a message.
pub(crate) async fn find_by(
    api: &Session,
    attribute: &str,
    value: &str,
) -> Result<Vec<(Id, String)>, Error> {
    let found = shared_search(api, value, |it| is(it, attribute, value)).await?;
    let named = |it: Person| {
        (it.id, format!("{} ({} {}, {})", it.username, it.first_name, it.last_name, it.email))
    };
    Ok(found.into_iter().map(named).collect())
}

/// The same as [`search`]. Many of them are answered from the list of users, so that they may miss a user that
/// CertCentral has just begun to list.
async fn shared_search(
    api: &Session,
    text: &str,
    is_wanted: impl Fn(&Json) -> bool + Send + Sync,
) -> Result<Vec<Person>, Error> {
    if let Some(rows) = api.listed_where(&USERS, text, &is_wanted).await {
        let person = |row: &Json| Some(Person::new(id_of(row)?, row));
        return Ok(rows.iter().filter_map(person).collect());
    }
    search(api, text, is_wanted).await
}

/// The users that the API finds for a text and that meet a condition, without duplicates.
async fn search(
    api: &Session,
    text: &str,
    is_wanted: impl Fn(&Json) -> bool + Send + Sync,
) -> Result<Vec<Person>, Error> {
    let wanted = |row: Answer| {
        if !is_wanted(row.json()) {
            return Ok(None);
        }
        let id = row.id("id")?;
        Ok(Some((id, Person::new(id, row.json()))))
    };
    let found = api.list(PATH, &[("filters[search]", text)], &["users"], wanted).await?;
    Ok(found.into_iter().collect::<BTreeMap<_, _>>().into_values().collect())
}

/// Whether a field of a response is this text. Usernames and addresses are case-insensitive.
fn is(answer: &Json, name: &str, text: &str) -> bool {
    answer
        .get(name)
        .and_then(Json::as_str)
        .is_some_and(|it| it.to_lowercase() == text.to_lowercase())
}

pub(super) fn not_found(text: &str) -> Diagnostic {
    nothing_found("user", "ID, username or e-mail address", text, DIGITS)
}

fn service_user(text: &str) -> Diagnostic {
    let detail = format!(
        "{text:?} is a service user, which has API keys and does not sign in. digicert_user does not support \
         service users: CertCentral rejects most changes to them."
    );
    Diagnostic::error("Service user", detail).at(Path::of("id"))
}

fn ambiguous(text: &str, people: &[Person]) -> Diagnostic {
    let detail = format!(
        "The import ID {text:?} must match exactly one user by username or e-mail address, but it matches {}. \
         Import the user by ID.",
        list(people)
    );
    Diagnostic::error("Multiple users found", detail).at(Path::of("id"))
}
