//! Who has a username or an address.

use crate::certcentral::{Answer, Error, Id, Session, printable};
use crate::resource::{Failure, import_id};
use crate::schema::{Diagnostic, Model, Path};

use super::{User, as_attributes, fetch};

/// The user an import names: by number, or else by username or e-mail address.
pub(super) async fn import(text: &str, api: &Session) -> Result<Id, Failure> {
    let (found, search) = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = fetch(api, import_id(text)?).await?;
        let found: Vec<_> = found.iter().map(User::from_answer).collect();
        let username = found.first().map_or_else(String::new, |user| user.username.clone());
        (found, username)
    } else {
        let named = |user: &User| same(&user.username, text) || same(&user.email, text);
        (search(api, text, named).await?, text.to_owned())
    };
    let services = service_users(api, &found, &search).await?;
    let people: Vec<_> = found.into_iter().filter(|user| !services.contains(&user.id)).collect();
    match people.as_slice() {
        [User { id: Some(id), .. }] => Ok(*id),
        [] if services.is_empty() => Err(not_found(text).into()),
        [] => Err(service_user(text).into()),
        _ => Err(ambiguous(text, &people).into()),
    }
}

impl User {
    /// The others that have this one's username: one at most, by right.
    pub(super) async fn holders(&self, api: &Session) -> Result<Vec<Self>, Error> {
        let holds = |it: &Self| same(&it.username, &self.username) && it.id != self.id;
        search(api, &self.username, holds).await
    }
}

/// Those among these users that are service users, which nothing in a user itself tells.
///
/// `text` is what they were found by.
///
/// <https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html>
pub(super) async fn service_users(
    api: &Session,
    among: &[User],
    text: &str,
) -> Result<Vec<Option<Id>>, Error> {
    if among.is_empty() {
        return Ok(Vec::new());
    }
    let listed = |row: Answer| Ok(row.id("id").ok().map(Some).filter(|id| is_among(among, id)));
    let query = [("filters[search]", text)];
    let listed = match api.list("user/api-only", &query, &["users"], listed).await {
        Ok(ids) => ids,
        // Pages differ on where and how this list is; the names that each of them is given tell, too.
        Err(error) if error.is_refusal() || makes_no_sense(&error) => Vec::new(),
        Err(error) => return Err(error),
    };
    let by_name = |user: &User| user.first_name == "Service" && user.last_name == "User";
    let services = among.iter().filter(|user| listed.contains(&user.id) || by_name(user));
    Ok(services.map(|user| user.id).collect())
}

/// "user 200001 (Ana Example, ana@example.com) and user 200002 (…)".
pub(super) fn show(users: &[User]) -> String {
    let each = users.iter().map(|user| {
        let User { first_name, last_name, email, .. } = user;
        let who = printable(&format!("{first_name} {last_name}, {email}"));
        format!("user {} ({who})", number(user))
    });
    let mut each: Vec<_> = each.take(MOST_SHOWN).collect();
    if users.len() > MOST_SHOWN {
        each.push(format!("{} more", users.len() - MOST_SHOWN));
    }
    each.join(" and ")
}

const MOST_SHOWN: usize = 10;

/// The digits of a user's id.
pub(super) fn number(user: &User) -> String {
    user.id.map_or_else(String::new, |id| id.to_string())
}

fn makes_no_sense(error: &Error) -> bool {
    matches!(error, Error::Decode { .. } | Error::Reported { .. })
}

fn is_among(users: &[User], id: &Option<Id>) -> bool {
    users.iter().any(|user| user.id == *id)
}

/// What the API finds for a text and is wanted, each user once.
async fn search(
    api: &Session,
    text: &str,
    wanted: impl Fn(&User) -> bool + Send + Sync,
) -> Result<Vec<User>, Error> {
    let read = |row: Answer| {
        row.id("id")?;
        let user = User::from_answer(&as_attributes(row.into_json()));
        Ok(wanted(&user).then_some(user))
    };
    let mut users = api.list("user", &[("filters[search]", text)], &["users"], read).await?;
    users.sort_by_key(|user| user.id);
    users.dedup_by_key(|user| user.id);
    Ok(users)
}

/// Equal as usernames and addresses are.
fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn not_found(text: &str) -> Diagnostic {
    let detail = format!(
        "The account behind the API key has no user whose id, username or e-mail address is {text:?}. A text of \
         digits alone is taken for an id."
    );
    Diagnostic::error("User not found", detail).at(Path::of("id"))
}

fn service_user(text: &str) -> Diagnostic {
    let detail = format!(
        "{text:?} is a service user, which has API keys and does not sign in. digicert_user manages people only; \
         CertCentral would refuse most changes of a service user."
    );
    Diagnostic::error("Service user", detail).at(Path::of("id"))
}

fn ambiguous(text: &str, users: &[User]) -> Diagnostic {
    let detail = format!(
        "The import id {text:?} must match exactly one user by username or e-mail address, but it matches {}. \
         Import the one you mean by its number.",
        show(users)
    );
    Diagnostic::error("Several users found", detail).at(Path::of("id"))
}
