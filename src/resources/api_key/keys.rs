//! The API keys of the account: listing, reading and revoking them.

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Error, Id, List, Session, id, id_of};
use crate::resources::list_row::row_by_id;
use crate::schema::{Json, Model};

use super::ApiKey;

/// Path of the list.
const PATH: &str = "key";

/// The list that reads share.
///
/// <https://dev.digicert.com/services-api/api-keys/list-keys/>
pub(crate) static KEYS: List = List {
    path: PATH,
    query: &[],
    paged: false,
    // A new service user has a key, and deleting a user revokes its keys.
    changed_by: &[PATH, "user"],
    keys: &["api_keys"],
    row: |row| row_by_id(row, as_attributes, |name| ApiKey::block().get(name).is_some()),
    unique: true,
    least: 2,
};

/// A response with the names of the attributes.
///
/// <https://dev.digicert.com/services-api/api-keys/get-key-info/>
fn as_attributes(mut answer: Json) -> Json {
    let user = answer.pointer("/user/id").cloned();
    if let (Some(fields), Some(user)) = (answer.as_object_mut(), user) {
        fields.insert("user_id".into(), user);
    }
    // Role 0 is no restriction.
    if answer.get("restricted_to_role_id").and_then(id) == Some(Id::default()) {
        answer["restricted_to_role_id"] = Json::Null;
    }
    answer
}

/// The key with this ID, as attributes; `None` if there is none.
pub(super) async fn fetch(id: Id, api: &Session) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

/// The keys of a user as they are now.
pub(super) async fn of_user(user: Id, api: &Session) -> Result<Vec<Json>, Error> {
    let query = [("user_id", user.to_string())];
    let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
    // Whether CertCentral filters by user is documented by an example alone.
    api.list_unpaged(PATH, &query, KEYS.keys, |row| {
        row.id("id")?;
        let key = as_attributes(row.into_json());
        Ok((key.get("user_id").and_then(id) == Some(user)).then_some(key))
    })
    .await
}

/// The newest active key of a user with this name.
pub(crate) async fn newest_active(
    user: Id,
    name: &str,
    api: &Session,
) -> Result<Option<Id>, Error> {
    Ok(active(&of_user(user, api).await?, name, &BTreeSet::new()).last().copied())
}

/// The active keys with this name and without those in `except`.
pub(super) fn active(keys: &[Json], name: &str, except: &BTreeSet<Id>) -> BTreeSet<Id> {
    let is_wanted = |key: &&Json| key["name"] == name && !is_revoked(key);
    let ids = keys.iter().filter(is_wanted).filter_map(id_of);
    ids.filter(|id| !except.contains(id)).collect()
}

/// Whether the key was revoked.
pub(super) fn is_revoked(key: &Json) -> bool {
    key["status"] == "revoked"
}

/// Revokes a key. Returns whether it exists; if it does not, that is no error.
///
/// <https://dev.digicert.com/services-api/api-keys/update-key-status/>
pub(super) async fn revoke(id: Id, api: &Session) -> Result<bool, Error> {
    match api.put(&format!("{}/status", path(id)), &json!({ "status": "revoked" })).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

/// Path of the request that creates a key of a user.
pub(super) fn path_of_user(user: Id) -> String {
    format!("{PATH}/user/{user}")
}
