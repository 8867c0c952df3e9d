//! Organizations in responses, and in the list that reads share.

use crate::certcentral::{Id, List, Session};
use crate::resources::list_row::{confirming_row, row_by_id};
use crate::schema::{Json, Model};

use super::validations::{VALIDATIONS, sort};
use super::{Organization, PATH};

/// All organizations of the account, with their validations.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/list-organizations.html>
pub(crate) static ORGANIZATIONS: List = List {
    path: PATH,
    query: &[("include_validation", "true")],
    paged: true,
    changed_by: &[PATH],
    keys: &["organizations"],
    row: |row| row_by_id(row, as_attributes, |name| ATTRIBUTES.contains(&name)),
    unique: true,
    least: 2,
};

/// The attributes that rows of the list contain.
pub(super) const ATTRIBUTES: &[&str] = &[
    "id",
    "name",
    "assumed_name",
    "display_name",
    "status",
    "is_active",
    "address",
    "address2",
    "zip",
    "city",
    "state",
    "country",
    "telephone",
    "container_id",
    VALIDATIONS,
];

/// The attributes of rows that can change. A read does not change the other ones.
const CHANGEABLE: &[&str] = &["id", "display_name", "status", "is_active", VALIDATIONS];

impl Organization {
    /// Whether the list of organizations has been read and the row of this one has the values in the state.
    /// Otherwise the organization itself must be read.
    pub(super) async fn matches_list_row(&self, api: &Session, id: Id) -> bool {
        // After an import that found no row, the state has only the ID.
        if self.name.is_empty() {
            return false;
        }
        let state = || self.clone().into_response();
        let row = confirming_row(api, &ORGANIZATIONS, id, CHANGEABLE, state).await;
        row.is_some_and(|row| self.is_unchanged_by(&self.without_later_values(row)))
    }
}

/// A response with the names of the attributes. Contacts are left out: they are managed by
/// `digicert_organization_contacts`.
///
/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html>
pub(crate) fn as_attributes(mut answer: Json) -> Json {
    let container = answer.pointer("/container/id").cloned();
    let Some(fields) = answer.as_object_mut() else { return answer };
    fields.remove("organization_contact");
    if let Some(container) = container {
        fields.insert("container_id".into(), container);
    }
    if let Some(validations) = fields.get_mut(VALIDATIONS) {
        sort(validations);
    }
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_found_by_id_and_have_no_contact() {
        let row = |json| (ORGANIZATIONS.row)(json);
        assert!(row(json!({ "id": null })).is_none() && row(json!([])).is_none());
        let (name, fields) = row(json!({
            "id": "7", "name": "Example", "container": { "id": 1001 }, "ev_approvers": [],
            "organization_contact": { "id": 1 }, "validations": [{ "type": "ov" }, { "type": "ev" }],
        }))
        .expect("a row");
        let expected = json!({
            "id": "7", "name": "Example", "container_id": 1001,
            "validations": [{ "type": "ev" }, { "type": "ov" }],
        });
        assert_eq!((name.as_str(), Json::Object(fields)), ("7", expected));
    }

    #[test]
    fn every_attribute_is_declared() {
        for name in ATTRIBUTES.iter().chain(CHANGEABLE) {
            assert!(Organization::block().get(name).is_some(), "{name}");
        }
    }
}
