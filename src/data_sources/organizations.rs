//! `digicert_organizations`: the organizations of the account.

use crate::certcentral::{Answer, Id, List, id};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::schema::{Json, Model, Rows};

use super::found::{all, with_container_id};

model! {
    /// An organization.
    pub struct Organization {
        /// ID of the organization.
        pub id: Option<Id>,
        /// Legal name.
        pub name: Option<String>,
        /// Trade name, if different from the legal name.
        pub assumed_name: Option<String>,
        /// Legal name combined with the assumed name.
        pub display_name: Option<String>,
        /// Status of the organization, for example `active`.
        pub status: Option<String>,
        /// Whether the organization is active.
        pub is_active: Option<bool>,
        /// Street address.
        pub address: Option<String>,
        /// Second line of the street address.
        pub address2: Option<String>,
        /// Postal code.
        pub zip: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State or province.
        pub state: Option<String>,
        /// Two-letter country code.
        pub country: Option<String>,
        /// Telephone number.
        pub telephone: Option<String>,
        /// ID of the container (division) the organization belongs to.
        pub container_id: Option<Id>,
    }
}

model! {
    /// A validation of an organization.
    pub struct Validation {
        /// Type of the validation, for example `ov`.
        pub r#type: Option<String>,
        /// Status of the validation: `active`, `pending` or `expired`.
        pub status: Option<String>,
        /// Time when the validation was submitted, as the API returns it.
        pub date_created: Option<String>,
        /// Time until which the validation is valid, as the API returns it. Null while it is pending.
        pub validated_until: Option<String>,
    }
}

model! {
    /// An organization in a list.
    pub struct ListedOrganization {
        /// Validations of the organization, or null unless `include_validations` is `true`.
        pub validations: Option<Vec<Validation>>,
        ..Organization::block().looked_up(&[])
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
        let validations = self.include_validations.unwrap_or_default().then(|| "true".to_owned());
        let filters = [
            ("container_id", self.container_id.map(|id| id.to_string())),
            ("filters[status]", self.status),
            ("filters[search]", self.search),
            ("include_validation", validations),
        ];
        let filters: Vec<_> =
            filters.iter().filter_map(|(name, it)| Some((*name, it.as_deref()?))).collect();
        let organizations = match filters.as_slice() {
            [] => api.listed_all(&ORGANIZATIONS).await?,
            filters => {
                let take = |row: Answer| Ok(Some(with_container_id(row.into_json())));
                api.list(ORGANIZATIONS.path, filters, ORGANIZATIONS.keys, take).await?
            }
        };
        Ok(all("organizations", organizations))
    }
}

/// <https://dev.digicert.com/en/certcentral-apis/services-api/organizations/list-organizations.html>
pub(super) static ORGANIZATIONS: List = List {
    path: "organization",
    query: &[],
    paged: true,
    keys: &["organizations"],
    row: |row| {
        let id = id(row.get("id")?)?.to_string();
        let Json::Object(mut fields) = with_container_id(row) else { return None };
        fields.retain(|name, _| Organization::block().get(name).is_some());
        Some((id, fields))
    },
    unique: true,
    least: 2,
};
