//! The row of an object in a list, and the reads that it answers.

use crate::certcentral::{Id, List, NamedRow, Session, id_of};
use crate::schema::Json;

/// A row under its ID, as attributes: those that `keeps` accepts. `None` if the row is malformed.
pub(super) fn row_by_id(
    row: Json,
    as_attributes: impl FnOnce(Json) -> Json,
    keeps: impl Fn(&str) -> bool,
) -> Option<NamedRow> {
    let id = id_of(&row)?.to_string();
    let Json::Object(mut attributes) = as_attributes(row) else { return None };
    attributes.retain(|name, _| keeps(name));
    Some((id, attributes))
}

/// The row of the object with this ID, if the list has been read and the row gives the value of each of
/// these attributes. Otherwise the object itself must be read.
pub(super) async fn covering_row(
    api: &Session,
    list: &'static List,
    id: Id,
    attributes: &[&'static str],
) -> Option<Json> {
    let (row, missing) = listed_row(api, list, id, attributes).await?;
    missing.is_empty().then_some(row)
}

/// The same for an object with this state. With `refresh_from_lists`, an attribute that no row contains is
/// taken from the state.
pub(super) async fn confirming_row(
    api: &Session,
    list: &'static List,
    id: Id,
    attributes: &[&'static str],
    state: impl FnOnce() -> Json,
) -> Option<Json> {
    let (mut row, missing) = listed_row(api, list, id, attributes).await?;
    if missing.is_empty() {
        return Some(row);
    }
    if !api.refreshes_from_lists() {
        return None;
    }
    let state = state();
    for name in missing {
        row[name] = state.get(name).cloned().unwrap_or_default();
    }
    Some(row)
}

/// The row of the object with this ID, and those of the attributes that neither this row nor another one
/// contains. `None` if the list has not been read, or does not have the object.
pub(super) async fn listed_row(
    api: &Session,
    list: &'static List,
    id: Id,
    attributes: &[&'static str],
) -> Option<(Json, Vec<&'static str>)> {
    let mut listed = api.listed(list, &[id.to_string()]).await?;
    let row = listed.rows.drain(..).next()?;
    let missing = attributes.iter().filter(|name| !listed.covers(&row, name));
    let missing = missing.copied().collect();
    Some((row, missing))
}
