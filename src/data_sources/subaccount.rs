//! `digicert_subaccount`: one subaccount.

use crate::certcentral::{Id, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::subaccount::{self, Subaccount};
use crate::schema::Json;

use super::found::{Key, none, only};

model! {
    /// Looks up a subaccount by ID, `child_name` or the name of its organization.
    ///
    /// -> **Note:** CertCentral does not list `child_name`. A look-up by `child_name` therefore reads every
    /// subaccount: one request each.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [Subaccount info](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/subaccount-info.html),
    /// [List subaccounts](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/list-subaccounts.html)
    pub struct SubaccountDataSource {
        /// ID of the subaccount.
        #[attr(looks_up)]
        pub id: Option<Id>,
        /// Name shown only to the parent account. Case-sensitive.
        #[attr(looks_up)]
        pub child_name: Option<String>,
        /// Name of the subaccount's organization. Case-sensitive.
        #[attr(looks_up)]
        pub organization_name: Option<String>,
        /// Name of the parent account's user who manages the subaccount.
        #[attr(computed)]
        pub account_manager: Option<String>,
        ..Subaccount::block().looked_up(&["account_manager_user_id"])
    }
}

impl Declared for SubaccountDataSource {
    const TYPE: &'static str = "digicert_subaccount";
}

impl DataSource for SubaccountDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = match (self.id, self.child_name, self.organization_name) {
            (Some(id), ..) => id,
            (_, Some(name), _) => {
                let found = subaccount::named(&name, &api).await?;
                only("subaccount", &Key { argument: "child_name", value: &name }, &found)?
            }
            (.., name) => of_organization(&name.unwrap_or_default(), cx).await?,
        };
        let key = Key { argument: "id", value: &id.to_string() };
        Ok(subaccount::fetch(&api, id).await?.ok_or_else(|| none("subaccount", &key))?)
    }
}

/// The ID of the only subaccount whose organization has this name.
async fn of_organization(name: &str, cx: &Context) -> Result<Id, Failure> {
    let (api, query) = (cx.api()?, [("filters[search]", name)]);
    let found = subaccount::list(&api, &query, |row| {
        row.id("account_id")?;
        let row = subaccount::as_attributes(row.into_json());
        let is_it = text_of(&row, "organization_name") == name;
        let describe = |id| {
            let [account_type, created] =
                ["account_type", "date_created"].map(|it| text_of(&row, it));
            (id, format!("{account_type}, created {created}"))
        };
        Ok(id_of(&row).filter(|_| is_it).map(describe))
    });
    only("subaccount", &Key { argument: "organization_name", value: name }, &found.await?)
}
