//! `digicert_organization`: one organization.

use crate::certcentral::{Id, text_of};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::organization::{self, ORGANIZATIONS, Organization};
use crate::schema::Json;

use super::found::{Key, named, none, only};

model! {
    /// Looks up an organization by ID or name.
    ///
    /// **Required permissions:** API key of an administrator or manager, without restrictions or restricted to
    /// Orders, Domains, Organizations or to View Only.
    ///
    /// **DigiCert API:** [Organization info](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/organization-info.html),
    /// [List organizations](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/list-organizations.html)
    pub struct OrganizationDataSource {
        /// ID of the organization.
        #[attr(looks_up)]
        pub id: Option<Id>,
        /// Legal name. Case-sensitive. Several organizations can have the same name.
        #[attr(looks_up)]
        pub name: Option<String>,
        ..Organization::block().looked_up(&["validations"])
    }
}

impl Declared for OrganizationDataSource {
    const TYPE: &'static str = "digicert_organization";
}

impl DataSource for OrganizationDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = match (self.id, self.name) {
            (Some(id), _) => id,
            (None, name) => {
                let name = name.unwrap_or_default();
                let mut found = api.listed_all(&ORGANIZATIONS).await?;
                found.retain(|it| text_of(it, "name") == name);
                let found: Vec<_> =
                    found.iter().filter_map(|it| named(it, "display_name")).collect();
                only("organization", &Key { argument: "name", value: &name }, &found)?
            }
        };
        let key = Key { argument: "id", value: &id.to_string() };
        let found = organization::fetch(&api, id).await?;
        Ok(found.ok_or_else(|| none("organization", &key))?)
    }
}
