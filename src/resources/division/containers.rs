//! Containers in responses: one, all, and those below another one.

use std::collections::BTreeSet;

use crate::certcentral::{Call, Error, Id, List, Session, id, id_of, text_of};
use crate::resources::list_row::row_by_id;
use crate::schema::{Json, flag};

/// All containers of the account. The list has no pages.
///
/// <https://dev.digicert.com/services-api/containers/list-containers/>
pub(crate) static CONTAINERS: List = List {
    path: PATH,
    query: &[],
    paged: false,
    changed_by: &[PATH],
    keys: &["containers"],
    row: |row| row_by_id(row, as_attributes, |name| ATTRIBUTES.contains(&name)),
    unique: true,
    least: 2,
};

/// The attributes that rows of the list contain, as documented or as observed.
pub(super) const ATTRIBUTES: &[&str] = &[
    "id",
    "public_id",
    "parent_id",
    "name",
    "description",
    "template_id",
    DOMAINS,
    ORGANIZATIONS,
    "is_active",
];

/// The attribute, and the field of the API with the same name.
pub(super) const DOMAINS: &str = "allowed_domain_names";

/// The attribute. The API has `organization_assignments` in responses.
pub(super) const ORGANIZATIONS: &str = "organization_ids";

const PATH: &str = "container";

pub(super) fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

/// All containers of the account, as attributes.
pub(crate) async fn all(api: &Session) -> Result<Vec<Json>, Error> {
    api.listed_all(&CONTAINERS).await
}

/// The container with this ID, as attributes; `None` if there is none.
///
/// <https://dev.digicert.com/services-api/containers/container-info/>
pub(crate) async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object(PATH, id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

/// The containers with this name directly below another one, with the attributes that distinguish them. Inactive
/// ones, too. Other rows are not kept: a response may have any number of them.
///
/// <https://dev.digicert.com/services-api/containers/list-child-containers/>
pub(super) async fn children_named(
    api: &Session,
    parent: Id,
    name: &str,
) -> Result<Vec<Json>, Error> {
    let path = format!("{}/children", path(parent));
    api.list_unpaged(&path, &[], CONTAINERS.keys, |row| {
        row.id("id")?;
        let mut row = row.into_json();
        let is_named = text_of(&row, "name") == name;
        if let Some(fields) = row.as_object_mut() {
            fields.retain(|name, _| DISTINGUISHED_BY.contains(&name.as_str()));
        }
        Ok(is_named.then_some(row))
    })
    .await
}

/// What distinguishes containers with the same name.
const DISTINGUISHED_BY: &[&str] = &["id", "description", "template_id", "is_active"];

/// The active containers below this one, at any depth: their IDs and names.
pub(super) async fn active_below(api: &Session, top: Id) -> Result<Vec<(Id, String)>, Error> {
    Ok(below(top, &all(api).await?))
}

fn below(top: Id, all: &[Json]) -> Vec<(Id, String)> {
    let (mut above, mut found) = (BTreeSet::from([top]), BTreeSet::new());
    // A container is found once those above it are, so this ends after at most one round for each level.
    loop {
        let known = above.len();
        for container in all {
            let (Some(id), Some(parent)) = (id_of(container), parent(container)) else { continue };
            if above.contains(&parent) && above.insert(id) && is_active(container) {
                found.insert((id, text_of(container, "name").to_owned()));
            }
        }
        if above.len() == known {
            return found.into_iter().collect();
        }
    }
}

/// Whether the container is a division. The root container of the account is not.
pub(crate) fn is_division(container: &Json) -> bool {
    parent(container).is_some_and(|id| id != Id::default())
}

/// The ID of the container above.
pub(crate) fn parent(container: &Json) -> Option<Id> {
    container.get("parent_id").and_then(id)
}

/// Whether the container is active. One without this field is.
pub(super) fn is_active(container: &Json) -> bool {
    container.get("is_active").and_then(flag) != Some(false)
}

/// The configured container, or else the root container of the account.
pub(crate) async fn or_root(configured: Option<Id>, api: &Session) -> Result<Id, Error> {
    if let Some(id) = configured {
        return Ok(id);
    }
    // The account has the ID in practice. It is not documented, so without it the containers are searched.
    if let Some(root) = api.account().await.ok().and_then(|account| account.root_container_id) {
        return Ok(root);
    }
    let root = all(api).await?.into_iter().find(|it| !is_division(it));
    root.as_ref().and_then(id_of).ok_or_else(|| Error::Decode {
        call: Call { method: "GET", path: PATH.to_owned() },
        problem: "neither the account nor the list of containers has a root container".to_owned(),
    })
}

/// A response with the names of the attributes.
fn as_attributes(mut answer: Json) -> Json {
    let organizations = answer.get("organization_assignments").and_then(Json::as_array);
    let organizations: Option<Json> =
        organizations.map(|all| all.iter().map(|it| it.get("id").unwrap_or(it).clone()).collect());
    let Some(fields) = answer.as_object_mut() else { return answer };
    if let Some(organizations) = organizations {
        fields.insert(ORGANIZATIONS.into(), organizations);
    }
    if let Some(domains) = fields.get_mut(DOMAINS)
        && domains.as_array().is_some_and(Vec::is_empty)
    {
        *domains = Json::Null;
    }
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn responses_of_all_forms_are_read() {
        for (organizations, expected) in [
            (json!([{"id": 7, "name": "One"}, {"id": "8"}]), json!([7, "8"])),
            (json!([7, "8"]), json!([7, "8"])),
            (json!([]), json!([])),
        ] {
            let answer = as_attributes(json!({ "organization_assignments": organizations }));
            assert_eq!(answer[ORGANIZATIONS], expected);
        }
        for none in [json!({}), json!({ "organization_assignments": null })] {
            assert!(as_attributes(none).get(ORGANIZATIONS).is_none());
        }
        assert_eq!(as_attributes(json!({ DOMAINS: [] }))[DOMAINS], Json::Null, "no limit");
        assert_eq!(as_attributes(json!([])), json!([]));
    }

    #[test]
    fn containers_below_are_found_at_any_depth() {
        let container = |id: u64, parent: u64, active: bool| json!({ "id": id, "parent_id": parent, "name": format!("{id}"), "is_active": active });
        let all = [
            container(5, 4, true),
            container(4, 2, false),
            container(3, 2, true),
            container(2, 1, true),
            container(6, 1, true),
            container(1, 0, true),
            json!({}),
            // A circle ends, too.
            container(8, 9, true),
            container(9, 8, true),
        ];
        let ids = |top: u64| -> Vec<u64> {
            below(Id::from(top), &all).into_iter().map(|(id, _)| id.into()).collect()
        };
        assert_eq!(ids(2), [3, 5], "4 is not active");
        assert_eq!(ids(1), [2, 3, 5, 6]);
        assert_eq!(ids(5), <[u64; 0]>::default());
        assert_eq!(ids(8), [9]);
    }
}
