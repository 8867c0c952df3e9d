//! Finds the division to import, by ID or name.

use super::containers::{self, CONTAINERS, fetch, is_division};
use super::messages;
use crate::certcentral::{Id, Session, text_of};
use crate::kind::{Failure, import_id_if_digits};
use crate::resources::import::only_named;
use crate::resources::list_row::covering_row;
use crate::schema::Json;

/// The division to import, as attributes. If the list of containers has been read, its row is enough.
pub(super) async fn import(text: &str, api: &Session) -> Result<Json, Failure> {
    let id = match import_id_if_digits(text)? {
        Some(id) => id,
        None => named(text, api).await?,
    };
    let row = covering_row(api, &CONTAINERS, id, containers::ATTRIBUTES).await;
    let found = match row {
        Some(row) => Some(row),
        None => fetch(api, id).await?,
    };
    match found {
        Some(division) if is_division(&division) => Ok(division),
        Some(_) => Err(messages::root_to_import(id).into()),
        None => Err(messages::none_to_import(text).into()),
    }
}

/// The ID of the only division with this name.
async fn named(name: &str, api: &Session) -> Result<Id, Failure> {
    let mut found = containers::all(api).await?;
    found.retain(|it| is_division(it) && text_of(it, "name") == name);
    only_named("division", name, &found, messages::none_to_import)
}
