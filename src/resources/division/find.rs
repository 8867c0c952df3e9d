//! Finds the division to import, by ID or name.

use super::containers::{self, CONTAINERS, fetch, is_division};
use super::messages;
use crate::certcentral::{Id, Session, id_of, text_of};
use crate::kind::{Failure, import_id};
use crate::resources::list_row::covering_row;
use crate::schema::Json;

/// The division to import, as attributes. If the list of containers has been read, its row is enough.
pub(super) async fn import(text: &str, api: &Session) -> Result<Json, Failure> {
    let id = match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => import_id(text)?,
        false => named(text, api).await?,
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
    let mut ids: Vec<_> = found.iter().filter_map(id_of).collect();
    ids.sort_unstable();
    match ids.as_slice() {
        [id] => Ok(*id),
        [] => Err(messages::none_to_import(name).into()),
        several => Err(messages::several_to_import(name, several).into()),
    }
}
