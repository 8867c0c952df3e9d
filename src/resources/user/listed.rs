//! Compares a user with its row in the list of users.

use crate::certcentral::{Id, List, NamedRow, Session};
use crate::resources::list_row::{confirming_row, covering_row, row_by_id};
use crate::schema::{Json, Model, flag};

use super::{PATH, User, as_attributes};

/// <https://dev.digicert.com/services-api/users/list-users/>
pub(crate) static USERS: List = List {
    path: PATH,
    query: &[],
    paged: true,
    changed_by: &[PATH],
    keys: &["users"],
    row,
    unique: true,
    least: 2,
};

/// A row by its ID, as attributes. Attributes that the row does not contain are omitted.
fn row(row: Json) -> Option<NamedRow> {
    let [has_roles, has_container] =
        ["access_roles", "container"].map(|field| row.get(field).is_some());
    row_by_id(row, as_attributes, |name| match name {
        "access_role_id" => has_roles,
        "container_id" => has_container,
        LIMITED => true,
        name => COMPARED.contains(&name),
    })
}

/// Field for whether the user is limited to some containers. Rows do not contain the containers.
pub(super) const LIMITED: &str = "has_container_assignments";

/// The attributes that rows contain, as documented or as observed.
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

/// The row of a user that is being imported, if it gives all attributes: those of a user without limits.
pub(super) async fn unlimited_row(user: Id, api: &Session) -> Option<Json> {
    let row = covering_row(api, &USERS, user, COMPARED).await?;
    (row.get(LIMITED).and_then(flag) == Some(false)).then_some(row)
}

impl User {
    /// Whether the list of users has been read and the user's row has the values in the state.
    ///
    /// Otherwise the user itself must be read, also if neither this row nor any other one contains an
    /// attribute. With `refresh_from_lists`, such an attribute is treated as unchanged.
    pub(super) async fn matches_list_row(&self, api: &Session) -> bool {
        let trusting = api.refreshes_from_lists();
        let has_unlisted_values =
            self.is_saml_sso_only.is_some() || self.container_id_assignments.is_some();
        let Some(id) = self.id.filter(|_| trusting || !has_unlisted_values) else { return false };
        let state = || self.clone().into_response();
        let Some(mut row) = confirming_row(api, &USERS, id, COMPARED, state).await else {
            return false;
        };
        let is_limited = row.get(LIMITED).and_then(flag);
        let limited_in_state = self.container_id_assignments.is_some();
        let same_limitation = is_limited.map_or(trusting, |it| it == limited_in_state);
        if trusting {
            let state = state();
            for name in NOT_IN_ROWS {
                row[*name] = state.get(*name).cloned().unwrap_or_default();
            }
        }
        same_limitation && self.is_unchanged_by(&row)
    }
}

/// Attributes of a user that rows do not contain.
pub(crate) const NOT_IN_ROWS: &[&str] = &["is_saml_sso_only", "container_id_assignments"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_found_by_id() {
        let name = |it| row(it).map(|(name, _)| name);
        assert_eq!(name(json!({"id": 7})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": "7"})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": null})), None);
        assert_eq!(name(json!([])), None);
    }
}
