//! Finds the organization to import, by ID or name.

use serde_json::json;

use super::listed::{ATTRIBUTES, ORGANIZATIONS};
use super::{fetch, messages};
use crate::certcentral::{Id, Session};
use crate::kind::{Failure, import_id_if_digits};
use crate::resources::import::only_named;
use crate::resources::list_row::listed_row;
use crate::schema::Json;

/// The organization to import: its attributes if the list of organizations has been read and its row has
/// them all, and otherwise its ID, for the read that follows.
pub(super) async fn import(text: &str, api: &Session) -> Result<Json, Failure> {
    let id = match import_id_if_digits(text)? {
        Some(id) => id,
        None => named(text, api).await?,
    };
    match listed_row(api, &ORGANIZATIONS, id, ATTRIBUTES).await {
        Some((row, missing)) if missing.is_empty() => Ok(row),
        Some(_) => Ok(json!({ "id": id })),
        None => match fetch(api, id).await? {
            Some(_) => Ok(json!({ "id": id })),
            None => Err(messages::none_to_import(text).into()),
        },
    }
}

/// The ID of the only organization with this name.
async fn named(name: &str, api: &Session) -> Result<Id, Failure> {
    let mut found = api.listed_all(&ORGANIZATIONS).await?;
    found.retain(|it| it.get("name").is_some_and(|it| it == name));
    only_named("organization", name, &found, messages::none_to_import)
}
