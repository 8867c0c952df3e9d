//! What the list of users says of one.

use crate::certcentral::{List, Session, flag, id};
use crate::schema::{Json, Model};

use super::{User, as_attributes};

/// <https://dev.digicert.com/services-api/users/list-users/>
static USERS: List = List {
    path: "user",
    keys: &["users"],
    name: |row| Some(id(row.get("id")?)?.to_string()),
    unique: true,
    least: 2,
};

impl User {
    /// The user's row as attributes, if the list is read and shows what is in state and nothing else.
    ///
    /// Where it shows anything else, or may lack some of it, the user itself must be asked: its answer has
    /// more, and no page says that the two always agree.
    pub(super) async fn listed_unchanged(&self, api: &Session) -> Option<Json> {
        if self.is_saml_sso_only.is_some() || self.container_id_assignments.is_some() {
            return None;
        }
        let row = api.listed(&USERS, &[self.id?.to_string()]).await?.pop()?.into_json();
        let is_limited = row.get("has_container_assignments").and_then(flag);
        let row = as_attributes(row);
        (is_limited == Some(false) && self.is_unchanged_by(&row)).then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_row_has_the_name_it_is_looked_for_by() {
        let name = |row| (USERS.name)(&row);
        assert_eq!(name(json!({"id": 7})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": "7"})).as_deref(), Some("7"));
        assert_eq!(name(json!({"id": null})), None);
        assert_eq!(name(json!([])), None);
    }
}
