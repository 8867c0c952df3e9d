//! What the list of users says of one.

use std::collections::BTreeSet;

use serde_json::Map;

use crate::certcentral::{List, Session, id};
use crate::schema::{Json, Model, flag};

use super::{PATH, User, as_attributes};

/// <https://dev.digicert.com/services-api/users/list-users/>
static USERS: List = List { path: PATH, keys: &["users"], row, unique: true, least: 2 };

/// A row by its ID, as attributes; those it has no field for are left out.
fn row(row: Json) -> Option<(String, Map<String, Json>)> {
    let id = id(row.get("id")?)?.to_string();
    let fields: BTreeSet<_> = row.as_object()?.keys().cloned().collect();
    let Json::Object(mut attributes) = as_attributes(row) else { return None };
    attributes.retain(|name, _| match name.as_str() {
        "access_role_id" => fields.contains("access_roles"),
        "container_id" => fields.contains("container"),
        LIMITED => true,
        name => COMPARED.contains(&name),
    });
    Some((id, attributes))
}

/// Whether the user is limited to some containers, which are in no row.
const LIMITED: &str = "has_container_assignments";

/// The attributes that rows have, by the pages of the API or as this provider has always met them.
const COMPARED: &[&str] = &[
    "id",
    "username",
    "first_name",
    "last_name",
    "email",
    "job_title",
    "telephone",
    "access_role_id",
    "container_id",
    "status",
    "type",
    "account_id",
];

impl User {
    /// The user's row as attributes, if the list is read and shows what is in state and nothing else.
    ///
    /// Otherwise the user itself must be asked. That is so, too, where the list tells nothing of an
    /// attribute: neither the row has it nor any other one. `refresh_from_lists` takes such an attribute as
    /// unchanged.
    pub(super) async fn listed_unchanged(&self, api: &Session) -> Option<Json> {
        let trusting = api.refreshes_from_lists();
        let in_no_row = self.is_saml_sso_only.is_some() || self.container_id_assignments.is_some();
        if in_no_row && !trusting {
            return None;
        }
        let listed = api.listed(&USERS, &[self.id?.to_string()]).await?;
        let mut row = listed.rows.first()?.clone();
        let untold = COMPARED.iter().filter(|name| !listed.covers(&row, name));
        let untold: Vec<_> = untold.copied().collect();
        let is_limited = row.get(LIMITED).and_then(flag);
        let limited_here = self.container_id_assignments.is_some();
        let is_limited_as_here = is_limited.map_or(trusting, |it| it == limited_here);
        if trusting {
            let state = self.clone().into_response();
            for name in untold.iter().chain(IN_NO_ROW) {
                row[*name] = state.get(*name).cloned().unwrap_or_default();
            }
        } else if !untold.is_empty() {
            return None;
        }
        (is_limited_as_here && self.is_unchanged_by(&row)).then_some(row)
    }
}

/// Attributes of a user that are in no row.
const IN_NO_ROW: &[&str] = &["is_saml_sso_only", "container_id_assignments"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_row_has_the_name_it_is_looked_for_by() {
        let name = |it| row(it).map(|(name, _)| name);
        assert_eq!(name(json!({"id": 7})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": "7"})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": null})), None);
        assert_eq!(name(json!([])), None);
    }
}
