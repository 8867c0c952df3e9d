//! `digicert_organizations`: the organizations of the account.

use serde_json::json;

use crate::certcentral::{Id, List as CachedList, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::organization::{ORGANIZATIONS, Organization, Validation};
use crate::resources::organization_contacts::OrganizationContacts;
use crate::schema::{Json, Rows};

use super::found::all;
use super::search::{self, Search};

model! {
    /// An organization in a list.
    pub struct ListedOrganization {
        /// Validations of the organization, or null unless `include_validations` is `true`.
        pub validations: Option<Vec<Validation>>,
        ..Organization::block().looked_up(&["validations"])
    }
}

model! {
    /// Lists the organizations of the account the API key belongs to.
    ///
    /// **Required permissions:** API key of an administrator or manager, without restrictions or restricted to
    /// Orders, Domains, Organizations or to View Only.
    ///
    /// **DigiCert API:** [List organizations](https://dev.digicert.com/en/certcentral-apis/services-api/organizations/list-organizations.html)
    pub struct OrganizationsDataSource {
        /// Lists only organizations of this container (division).
        pub container_id: Option<Id>,
        /// Lists only organizations with this status: `active` or `inactive`.
        #[attr(min_len(1))]
        pub status: Option<String>,
        /// Lists only organizations whose ID or name is this text, or whose name contains it: `%example` finds
        /// every organization with `example` in its name.
        #[attr(min_len(1))]
        pub search: Option<String>,
        /// Whether to read the validations, too.
        pub include_validations: Option<bool>,
        /// IDs of the organizations.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The organizations, sorted by ID.
        #[attr(rows(ListedOrganization::block().looked_up(&[])))]
        pub organizations: Rows,
    }
}

impl Declared for OrganizationsDataSource {
    const TYPE: &'static str = "digicert_organizations";
}

impl Search for OrganizationsDataSource {
    const LIST: &'static CachedList = &ORGANIZATIONS;

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("container_id", self.container_id.map(|id| id.to_string())),
            ("filters[status]", self.status.clone()),
            ("filters[search]", self.search.clone()),
        ]
    }
}

impl DataSource for OrganizationsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let mut organizations = search::rows(&self, &cx.api()?).await?;
        if self.include_validations != Some(true) {
            organizations.iter_mut().for_each(|it| it["validations"] = Json::Null);
        }
        Ok(all("organizations", organizations))
    }
}

/// An organization with its name for people.
fn named(organization: Json) -> Option<(String, Json)> {
    let name = ["display_name", "name"].map(|name| text_of(&organization, name));
    let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    Some((format!("{name} ({})", id_of(&organization)?), organization))
}

impl List for Organization {
    type Filter = OrganizationsDataSource;

    async fn list(
        filter: OrganizationsDataSource,
        cx: &mut Context<Self::Memory>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        search::stream(&filter, named, cx, found).await
    }
}

impl List for OrganizationContacts {
    type Filter = OrganizationsDataSource;

    async fn list(
        filter: OrganizationsDataSource,
        cx: &mut Context<Self::Memory>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let named = |organization: Json| {
            let (name, organization) = named(organization)?;
            let id = organization.get("id")?;
            Some((name, json!({ "id": id, "organization_id": id })))
        };
        search::stream(&filter, named, cx, found).await
    }
}
