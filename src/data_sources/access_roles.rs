//! `digicert_access_roles`: the access roles that users can have.

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::division;
use crate::schema::{Json, Rows};

use super::found::all;

model! {
    /// An access role.
    pub struct AccessRole {
        /// ID of the access role.
        pub id: Option<Id>,
        /// Name of the access role, for example `Administrator`.
        pub name: Option<String>,
    }
}

model! {
    /// Lists the access roles that users of a container can have.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List container roles](https://dev.digicert.com/services-api/containers/list-container-roles/)
    pub struct AccessRolesDataSource {
        /// ID of the container (division). By default, the root container of the account.
        #[attr(optional_computed)]
        pub container_id: Option<Id>,
        /// IDs of the access roles.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The access roles, sorted by ID.
        #[attr(rows(AccessRole::block().looked_up(&[])))]
        pub access_roles: Rows,
    }
}

impl Declared for AccessRolesDataSource {
    const TYPE: &'static str = "digicert_access_roles";
}

impl DataSource for AccessRolesDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let container = division::or_root(self.container_id, &api).await?;
        let mut answer = all("access_roles", of(container, &api).await?);
        answer["container_id"] = u64::from(container).into();
        Ok(answer)
    }
}

/// The access roles of a container.
pub(super) async fn of(container: Id, api: &Session) -> Result<Vec<Json>, Error> {
    let path = format!("container/{container}/role");
    api.list_unpaged(&path, &[], &["access_roles"], |row| {
        row.id("id")?;
        Ok(Some(row.into_json()))
    })
    .await
}
