//! `digicert_subaccounts`: the subaccounts of the account.

use serde_json::json;

use crate::certcentral::{Id, List as CachedList, id_of, text_of};
use crate::kind::{Context, DataSource, Declared, Failure, Found, List};
use crate::model;
use crate::resources::subaccount::{SUBACCOUNTS, Subaccount};
use crate::schema::{Json, Rows};

use super::found::{all, fits};
use super::search::{self, Search};

model! {
    /// A subaccount in a list.
    pub struct ListedSubaccount {
        /// ID of the subaccount.
        pub id: Option<Id>,
        /// Type of the subaccount: `retail`, `enterprise`, `reseller` or `managed`.
        pub account_type: Option<String>,
        /// Name of the subaccount's organization.
        pub organization_name: Option<String>,
        /// Name of the parent account's user who manages the subaccount.
        pub account_manager: Option<String>,
        /// Time when the subaccount was created, as the API returns it: `YYYY-MM-DD hh:mm:ss`.
        pub date_created: Option<String>,
    }
}

model! {
    /// Lists the subaccounts of the account the API key belongs to. For all attributes of a subaccount, use the
    /// data source `digicert_subaccount`.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions or restricted to View Only.
    ///
    /// **DigiCert API:** [List subaccounts](https://dev.digicert.com/en/certcentral-apis/services-api/subaccount/list-subaccounts.html)
    pub struct SubaccountsDataSource {
        /// Lists only subaccounts of this type: `retail`, `enterprise`, `reseller` or `managed`.
        #[attr(min_len(1))]
        pub account_type: Option<String>,
        /// Lists only subaccounts whose organization name is this text, or contains it: `%example` finds every
        /// subaccount with `example` in the name of its organization.
        #[attr(min_len(1))]
        pub search: Option<String>,
        /// IDs of the subaccounts.
        #[attr(computed)]
        pub ids: Option<Vec<Id>>,
        /// The subaccounts, sorted by ID.
        #[attr(rows(ListedSubaccount::block().looked_up(&[])))]
        pub subaccounts: Rows,
    }
}

impl Declared for SubaccountsDataSource {
    const TYPE: &'static str = "digicert_subaccounts";
}

impl Search for SubaccountsDataSource {
    const LIST: &'static CachedList = &SUBACCOUNTS;

    fn query(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("filters[search]", self.search.clone())]
    }

    fn lets_through(&self, row: &Json) -> bool {
        fits(row, "account_type", self.account_type.as_ref())
    }
}

impl DataSource for SubaccountsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        Ok(all("subaccounts", search::rows(&self, &cx.api()?).await?))
    }
}

impl List for Subaccount {
    type Filter = SubaccountsDataSource;

    async fn list(
        filter: SubaccountsDataSource,
        cx: &mut Context,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let named = |row: Json| {
            let id = id_of(&row)?;
            // The row of a list has little: the read of the subaccount gives the rest.
            Some((format!("{} ({id})", text_of(&row, "organization_name")), json!({ "id": id })))
        };
        search::stream(&filter, named, cx, found).await
    }
}
