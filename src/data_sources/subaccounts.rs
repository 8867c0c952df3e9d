//! `digicert_subaccounts`: the subaccounts of the account.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::subaccount;
use crate::schema::{Json, Rows};

use super::found::{all, fits};

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

impl DataSource for SubaccountsDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let search = self.search.as_deref().map(|text| ("filters[search]", text));
        let query: Vec<_> = search.into_iter().collect();
        let mut found = subaccount::list(&cx.api()?, &query, |row| {
            row.id("account_id")?;
            Ok(Some(subaccount::as_attributes(row.into_json())))
        })
        .await?;
        found.retain(|it| fits(it, "account_type", self.account_type.as_ref()));
        Ok(all("subaccounts", found))
    }
}
