//! `digicert_access_role`: one access role.

use crate::certcentral::{Id, id_of};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::division;
use crate::schema::Json;

use super::access_roles;
use super::found::{Key, fits, named, only};

model! {
    /// Looks up an access role by name or ID.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List container roles](https://dev.digicert.com/services-api/containers/list-container-roles/)
    pub struct AccessRoleDataSource {
        /// ID of the access role.
        #[attr(looks_up)]
        pub id: Option<Id>,
        /// Name of the access role, for example `Administrator`. Case-insensitive.
        #[attr(looks_up)]
        pub name: Option<String>,
        /// ID of the container (division) that must allow the role. By default, the root container of the account.
        #[attr(optional_computed)]
        pub container_id: Option<Id>,
    }
}

impl Declared for AccessRoleDataSource {
    const TYPE: &'static str = "digicert_access_role";
}

impl DataSource for AccessRoleDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let container = division::or_root(self.container_id, &api).await?;
        let mut roles = access_roles::of(container, &api).await?;
        let id = self.id.map(|id| id.to_string());
        let key = match (&id, &self.name) {
            (Some(value), _) => Key { argument: "id", value },
            (None, name) => Key { argument: "name", value: name.as_deref().unwrap_or_default() },
        };
        roles.retain(|role| self.id.is_none_or(|id| id_of(role) == Some(id)));
        roles.retain(|role| fits(role, "name", self.name.as_ref()));
        let found: Vec<_> = roles.iter().filter_map(|role| named(role, "name")).collect();
        let id = only("access role", &key, &found)?;
        let mut role = roles.into_iter().find(|role| id_of(role) == Some(id)).unwrap_or_default();
        role["container_id"] = u64::from(container).into();
        Ok(role)
    }
}
