//! Messages of `digicert_user`.

use crate::certcentral::{Error, Id};
use crate::kind::{Failure, import_block};
use crate::schema::{Diagnostic, Path};

use super::person::Person;

/// A rejected request to add, edit or delete a user, with advice for accounts with other user management.
pub(crate) fn rejected(error: Error) -> Failure {
    match advice(&error) {
        Some(advice) => Failure::advised(error, advice),
        None => error.into(),
    }
}

/// The status that CertCentral returns if users are managed in DigiCert account is not documented;
/// presumably 403.
fn advice(error: &Error) -> Option<&'static str> {
    let is_about_key = error.has_code("access_denied|access_denied_invalid_key");
    (error.status() == Some(403) && !is_about_key).then_some(MANAGED_ELSEWHERE)
}

const MANAGED_ELSEWHERE: &str = "If the users of this account are managed in DigiCert account (the \
    identity service), CertCentral rejects creating, updating and deleting them. Make these changes in DigiCert account. You \
    can import users to manage access_role_id and container_id_assignments. To stop managing a user, remove \
    it from the state: run `terraform state rm` with its address, in quotes if it has a key, for example \
    `terraform state rm 'digicert_user.example[\"key\"]'`.";

/// Why an empty set of containers is rejected.
pub(crate) const OPENS_ALL: &str = "CertCentral treats an empty list as access to every container. Omit the \
    argument to keep the current limits, or set unrestricted_container_access = true to remove them";

/// Advice if an update does not find the user.
pub(super) const NOT_FOUND_HINT: &str = "The user was probably deleted after the plan was made. Run the plan again: the \
    refresh removes the user from the state, and the plan then creates it again.";

pub(super) fn not_found(id: Id) -> Diagnostic {
    let detail =
        format!("User {id} was not found in CertCentral, so it was not changed. {NOT_FOUND_HINT}");
    Diagnostic::error("User not found", detail)
}

pub(super) fn without_id(username: &str) -> Diagnostic {
    let detail = format!(
        "User {username:?} has no ID in the state. Remove it from the state with `terraform state rm` and import \
         it by its username."
    );
    Diagnostic::error("User without ID", detail)
}

pub(super) fn conflict() -> Diagnostic {
    let detail = "`unrestricted_container_access = true` removes all limits to containers, but \
                  `container_id_assignments` configures some. Remove one of the two arguments.";
    Diagnostic::error("Conflicting arguments", detail).at(Path::of("unrestricted_container_access"))
}

pub(super) fn unmanaged_limits(username: &str, limits: &str) -> Diagnostic {
    let detail = format!(
        "User {username:?} is given another role and stays limited to the containers {limits}, because \
         `container_id_assignments` is not configured. To remove the limits, set \
         `unrestricted_container_access = true`. To manage them, configure `container_id_assignments`."
    );
    Diagnostic::warning("User stays limited", detail).at(Path::of("access_role_id"))
}

pub(super) fn limits_not_removed(id: Id, error: &Error) -> Diagnostic {
    let detail = format!(
        "User {id} was created with limits to some containers, and removing them failed: {error}. The next plan \
         shows them and removes them."
    );
    Diagnostic::warning("User stays limited", detail)
}

pub(super) fn key_owner_changed(username: &str) -> Diagnostic {
    let detail = format!(
        "This plan changes the role or the containers of user {username:?}, and the API key of the provider \
         belongs to that user. Afterwards the key may not be able to read or change what it manages now, and \
         cannot undo this. If that is not intended, restore the previous values, or use an API key of another \
         administrator."
    );
    Diagnostic::warning("Owner of the API key changed", detail)
}

pub(super) fn key_owner_deleted(username: &str, is_destroyed: bool) -> Diagnostic {
    let (what, else_) = if is_destroyed {
        ("destroys", "remove the user from the state with `terraform state rm`")
    } else {
        ("replaces, and so deletes,", "restore the previous container_id")
    };
    let detail = format!(
        "This plan {what} user {username:?}, but the API key of the provider belongs to that user. CertCentral may \
         refuse that; if it does not, the key stops working during the apply. Use an API key of another \
         administrator, or {else_}."
    );
    Diagnostic::error("Owner of the API key cannot be deleted", detail)
}

/// Advice if the username is in use, but not in this account.
pub(super) const TAKEN_ELSEWHERE: &str = "No other user of this account has this username, so it may be in use in \
    another account. Choose another username.";

/// Advice if the username is in use, and the user who has it could not be searched for.
pub(super) fn owner_not_found(username: &str, search: &Error) -> String {
    format!(
        "Searching for the user with the username {username:?} failed: {search}. Run the apply again: if a user \
         has the username, the error then shows how to import it."
    )
}

pub(super) fn username_taken(error: &Error, username: &str, users: &[Person]) -> Diagnostic {
    let advice = advice(error).map(|advice| format!("\n\n{advice}")).unwrap_or_default();
    let detail =
        format!("CertCentral rejected the request: {error}. {}{advice}", taken(username, users));
    Diagnostic::error("Username taken", detail).at(Path::of("username"))
}

/// The users with the username, and what to do. The import is the last option: if the resource is being
/// replaced or moved, the plan after an import would delete the user.
fn taken(username: &str, users: &[Person]) -> String {
    let block = import_block(
        "digicert_user",
        &users.first().map_or_else(String::new, |it| it.id.to_string()),
    );
    format!(
        "The username {username:?} belongs to {}.\n\nIf Terraform manages that user already, do not import it: the \
         next apply would delete it. If its resource was renamed or moved, add a `moved` block. If it is \
         being replaced, remove `create_before_destroy` from this resource and from the resources that depend on \
         it, so that it is deleted before the new one is created.\n\nTo manage a user that is not in any state, \
         import it:\n\n{block}\n\nTo create another user, choose another username.",
        list(users)
    )
}

/// `user 200001 ("Ana Example", "ana@example.com") and user 200002 (…)`.
pub(super) fn list(people: &[Person]) -> String {
    let each = people.iter().map(|Person { id, first_name, last_name, email, .. }| {
        format!("user {id} ({:?}, {email:?})", format!("{first_name} {last_name}"))
    });
    each.collect::<Vec<_>>().join(" and ")
}

pub(super) fn not_created(username: &str) -> String {
    format!(
        "No user with the username {username:?} exists, so the user was probably not created. Run the apply \
         again."
    )
}

pub(super) fn not_read_yet(id: Id, username: &str, reason: &str) -> Diagnostic {
    let detail = format!(
        "User {id} ({username:?}) was created, but {reason}. The next refresh completes the state."
    );
    Diagnostic::warning("User not read yet", detail)
}

pub(super) fn adopted(username: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "{} A user with this username and exactly the requested attributes exists and was adopted.",
        unanswered(username, error)
    );
    Diagnostic::warning("User adopted", detail)
}

pub(super) fn unclear(username: &str, error: &Error, others: &[Person]) -> Diagnostic {
    let detail = format!(
        "{} A user with this username exists but differs from the configuration, so it was not added to the \
         state. {}",
        unanswered(username, error),
        taken(username, others)
    );
    Diagnostic::error(MAYBE_CREATED, detail).at(Path::of("username"))
}

pub(super) fn unlisted(username: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "{} The request was not repeated, because the user may exist already, but no user with this username is \
         listed so far. Wait some minutes and run the apply again: if the user exists by then, an error shows \
         how to import it.",
        unanswered(username, error)
    );
    Diagnostic::error(MAYBE_CREATED, detail).at(Path::of("username"))
}

pub(super) fn unsearched(username: &str, error: &Error, search: &Error) -> Diagnostic {
    let detail = format!(
        "{} Searching for the username failed as well: {search}. Run the apply again: if the user exists by \
         then, an error shows how to import it.",
        unanswered(username, error)
    );
    Diagnostic::error(MAYBE_CREATED, detail)
}

const MAYBE_CREATED: &str = "User may have been created";

fn unanswered(username: &str, error: &Error) -> String {
    format!(
        "A request to create user {username:?} was sent, but no usable response was received: {error}."
    )
}

/// A create that succeeded with an error in its response.
pub(super) fn reported(id: Id, username: &str, error: &str) -> Diagnostic {
    let detail = format!(
        "CertCentral created user {id} ({username:?}), but the response also reports an error: {error}. Check \
         the user in CertCentral."
    );
    Diagnostic::warning("User created with an error", detail)
}
