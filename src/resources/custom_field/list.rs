//! The list of custom fields. The API returns no single one.

use std::collections::BTreeMap;

use crate::certcentral::{Error, Id, List, Session, text_of};
use crate::kind::{Existing, Failure, import_id_if_digits};
use crate::resources::list_row::row_by_id;
use crate::schema::Json;

use super::messages;

/// Path of the list, and of the request that creates.
///
/// <https://dev.digicert.com/certcentral-apis/services-api/account/list-custom-fields.html>
pub(super) const PATH: &str = "account/metadata";

const KEYS: &[&str] = &["metadata"];

/// The list that concurrent reads share.
static FIELDS: List = List {
    path: PATH,
    query: &[],
    paged: false,
    changed_by: &[PATH],
    keys: KEYS,
    row: |row| row_by_id(row, |row| row, |_| true),
    unique: true,
    least: 1,
};

/// All fields as they are now, by ID.
pub(super) async fn all(api: &Session) -> Result<BTreeMap<Id, Json>, Error> {
    let rows =
        api.list_unpaged(PATH, &[], KEYS, |row| Ok(Some((row.id("id")?, row.into_json())))).await?;
    Ok(rows.into_iter().collect())
}

/// The field with this ID, from the list that reads share. `None` if the complete list does not have it.
pub(super) async fn read(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    match api.listed(&FIELDS, &[id.to_string()]).await {
        Some(mut listed) => Ok(listed.rows.pop()),
        None => Ok(all(api).await?.remove(&id)),
    }
}

/// The field to import, by ID or label.
pub(super) async fn import(text: &str, api: &Session) -> Result<Json, Failure> {
    let mut fields = all(api).await?;
    if let Some(id) = import_id_if_digits(text)? {
        return fields.remove(&id).ok_or_else(|| messages::not_found(text).into());
    }
    fields.retain(|_, field| label(field) == text);
    let ids: Vec<_> = fields.keys().copied().collect();
    match fields.pop_first() {
        Some((_, field)) if fields.is_empty() => Ok(field),
        Some(_) => Err(messages::ambiguous(text, &ids).into()),
        None => Err(messages::not_found(text).into()),
    }
}

/// The fields that exist, for `export`.
pub(super) async fn existing(api: &Session) -> Result<Vec<Existing>, Error> {
    let named = |(id, field): (Id, Json)| Existing {
        import_id: id.to_string(),
        name: label(&field).to_owned(),
    };
    Ok(all(api).await?.into_iter().map(named).collect())
}

fn label(field: &Json) -> &str {
    text_of(field, "label")
}
