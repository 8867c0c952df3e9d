//! `digicert_divisions`: the divisions of the account.

use std::collections::BTreeSet;

use crate::certcentral::{Error, Id, Session, id};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::schema::{Json, Rows, flag};

use super::found::all;

model! {
    /// A division.
    pub struct Division {
        /// ID of the division.
        pub id: Option<Id>,
        /// Public ID of the division.
        pub public_id: Option<String>,
        /// ID of the container that the division is below.
        pub parent_id: Option<Id>,
        /// Name of the division.
        pub name: Option<String>,
        /// Description of the division.
        pub description: Option<String>,
        /// ID of the division's template, which determines the access roles of its users.
        pub template_id: Option<Id>,
        /// Domain names that the division can order certificates for. Null if it is not limited.
        pub allowed_domain_names: Option<BTreeSet<String>>,
        /// IDs of the organizations that the division can order certificates for.
        pub organization_ids: Option<BTreeSet<Id>>,
        /// Whether the division is active.
        pub is_active: Option<bool>,
    }
}

model! {
    /// Lists the divisions of the account the API key belongs to. The root container is not listed: see
    /// `root_container_id` of the data source `digicert_account`.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List containers](https://dev.digicert.com/services-api/containers/list-containers/)
    pub struct DivisionsDataSource {
        /// Lists only divisions directly below this container.
        pub parent_id: Option<Id>,
        /// Lists only active divisions, or only inactive ones.
        pub is_active: Option<bool>,
        /// IDs of the divisions.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The divisions, sorted by ID.
        #[attr(rows(Division::block().looked_up(&[])))]
        pub divisions: Rows,
    }
}

impl Declared for DivisionsDataSource {
    const TYPE: &'static str = "digicert_divisions";
}

impl DataSource for DivisionsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let mut divisions = containers(&cx.api()?).await?;
        divisions.retain(is_division);
        divisions.retain(|it| self.parent_id.is_none_or(|id| parent(it) == Some(id)));
        divisions.retain(|it| {
            self.is_active.is_none_or(|wanted| it.get("is_active").and_then(flag) == Some(wanted))
        });
        Ok(all("divisions", divisions))
    }
}

/// All containers of the account, as attributes.
pub(super) async fn containers(api: &Session) -> Result<Vec<Json>, Error> {
    api.list_unpaged("container", &[], &["containers"], |row| {
        row.id("id")?;
        Ok(Some(as_attributes(row.into_json())))
    })
    .await
}

/// The container with this ID, as attributes; `None` if there is none.
pub(super) async fn fetch(api: &Session, id: Id) -> Result<Option<Json>, Error> {
    let answer = api.object("container", id, "id").await?;
    Ok(answer.map(|answer| as_attributes(answer.into_json())))
}

/// Whether the container is a division. The root container of the account is not.
pub(super) fn is_division(container: &Json) -> bool {
    parent(container).is_some_and(|id| id != Id::default())
}

fn parent(container: &Json) -> Option<Id> {
    container.get("parent_id").and_then(id)
}

/// The configured container, or else the root container of the account.
pub(super) async fn or_root(configured: Option<Id>, api: &Session) -> Result<Id, Error> {
    if let Some(id) = configured {
        return Ok(id);
    }
    // The account has the ID in practice. It is not documented, so without it the containers are searched.
    let account = api.get("account", &[]).await?;
    if let Some(root) = account.json().get("root_container_id").and_then(id) {
        return Ok(root);
    }
    let root = containers(api).await?.into_iter().find(|it| !is_division(it));
    let root = root.and_then(|it| it.get("id").and_then(id));
    root.ok_or_else(|| {
        account.wrong("neither the account nor the list of containers has a root container")
    })
}

/// A response with the names of the attributes.
fn as_attributes(mut answer: Json) -> Json {
    let organizations = answer.get("organization_assignments").and_then(Json::as_array);
    let organizations: Option<Json> =
        organizations.map(|all| all.iter().map(|it| it.get("id").unwrap_or(it).clone()).collect());
    if let (Some(fields), Some(organizations)) = (answer.as_object_mut(), organizations) {
        fields.insert("organization_ids".into(), organizations);
    }
    answer
}
