//! `digicert_organizations`: the organizations of the account.

use crate::certcentral::{Answer, Id};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::organization::{ORGANIZATIONS, Organization, Validation, as_attributes};
use crate::schema::{Json, Rows};

use super::found::all;

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

impl DataSource for OrganizationsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let include = self.include_validations.unwrap_or_default();
        let filters = [
            ("container_id", self.container_id.map(|id| id.to_string())),
            ("filters[status]", self.status),
            ("filters[search]", self.search),
        ];
        let mut query: Vec<_> =
            filters.iter().filter_map(|(name, it)| Some((*name, it.as_deref()?))).collect();
        let mut organizations = if query.is_empty() {
            // The pages that refreshes of organizations share, with their validations.
            api.listed_all(&ORGANIZATIONS).await?
        } else {
            query.extend(ORGANIZATIONS.query.iter().filter(|_| include));
            let take = |row: Answer| Ok(Some(as_attributes(row.into_json())));
            api.list(ORGANIZATIONS.path, &query, ORGANIZATIONS.keys, take).await?
        };
        for organization in organizations.iter_mut().filter(|_| !include) {
            organization["validations"] = Json::Null;
        }
        Ok(all("organizations", organizations))
    }
}
