//! Searches for service users, and for their first keys.

use serde_json::json;

use crate::certcentral::{Error, Id, Session, id_of, text_of};
use crate::kind::{Context, Failure, import_id_if_digits};
use crate::resources::api_key;
use crate::resources::list_row::confirming_row;
use crate::resources::user::{self, SERVICE_USERS};
use crate::schema::{Json, Model};

use super::{ServiceUser, messages};

const LIMITS: &str = "container_id_assignments";

/// Attributes that a row must give.
const COMPARED: &[&str] = &["email", "username", "status", "account_id", LIMITS];

/// The service user with this ID, as attributes: from the list, if that saves requests and the row gives all
/// attributes. `None` if there is none.
pub(super) async fn current(
    id: Id,
    state: &ServiceUser,
    api: &Session,
) -> Result<Option<Json>, Error> {
    let known = || state.clone().into_response();
    if let Some(mut row) = confirming_row(api, &SERVICE_USERS, id, COMPARED, known).await {
        if !user::hides_limits(&row) {
            return Ok(Some(row));
        }
        if api.refreshes_from_lists() {
            row[LIMITS] = known().get(LIMITS).cloned().unwrap_or_default();
            return Ok(Some(row));
        }
    }
    user::fetch(api, id).await
}

/// The service users with this e-mail address: their IDs and usernames.
pub(super) async fn with_email(email: &str, api: &Session) -> Result<Vec<(Id, String)>, Error> {
    let mut found = user::service_users(api).await?;
    found.retain(|row| text_of(row, "email").to_lowercase() == email.to_lowercase());
    let named = |row: &Json| Some((id_of(row)?, text_of(row, "username").to_owned()));
    Ok(found.iter().filter_map(named).collect())
}

/// The service users that a request without a response may have created, in words.
pub(super) async fn candidates(email: &str, api: &Session) -> String {
    messages::candidates(email, &with_email(email, api).await)
}

/// The ID of the service user to import, given by ID or by e-mail address.
pub(super) async fn import(text: &str, api: &Session) -> Result<Id, Failure> {
    if let Some(id) = import_id_if_digits(text)? {
        let listed = user::service_users(api).await?;
        let is_it = |row: &Json| id_of(row) == Some(id);
        return if listed.iter().any(is_it) {
            Ok(id)
        } else {
            Err(messages::none_to_import(text).into())
        };
    }
    match with_email(text, api).await?.as_slice() {
        [(id, _)] => Ok(*id),
        [] => Err(messages::none_to_import(text).into()),
        several => Err(messages::several_to_import(text, several).into()),
    }
}

/// The import of a service user without keys. The name of its first key is not known, and a configuration must
/// have one, so it is the e-mail address.
pub(super) async fn without_key(id: Id, api: &Session) -> Result<Json, Failure> {
    let is_it = |row: &&Json| id_of(row) == Some(id);
    let listed = user::service_users(api).await?;
    let found = listed.iter().find(is_it);
    let found = found.ok_or_else(|| messages::none_to_import(&id.to_string()))?;
    Ok(json!({ "id": id, "key_name": found.get("email") }))
}

/// The ID of the first key of a service user: the newest with its name. What fails is a warning.
pub(super) async fn first_key(
    user: Id,
    key_name: &str,
    api: &Session,
    cx: &mut Context,
) -> Option<Id> {
    let found = api_key::newest_active(user, key_name, api).await;
    if let Ok(None) | Err(_) = &found {
        cx.report(messages::key_id_not_found(user, key_name, found.as_ref().err()));
    }
    found.ok().flatten()
}

impl ServiceUser {
    /// The ID in the state, or that of the only service user with the e-mail address, if the response to the
    /// create was truncated before it.
    pub(super) async fn known_id(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Option<Id>, Error> {
        if self.id.is_some() {
            return Ok(self.id);
        }
        let found = with_email(&self.email, api).await?;
        if let [(id, _)] = found.as_slice() {
            return Ok(Some(*id));
        }
        cx.report(messages::id_not_found(self, &found));
        Ok(None)
    }
}
