//! `digicert_account`: the account that the API key belongs to.

use std::collections::BTreeSet;

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::schema::Json;

use super::found::text;

model! {
    /// Reads the account that the API key of the provider belongs to.
    ///
    /// -> **Note:** Attributes that CertCentral does not return for the account are null.
    ///
    /// **Required permissions:** any API key.
    ///
    /// **DigiCert API:** [Account details](https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html)
    pub struct AccountDataSource {
        /// ID of the account.
        #[attr(computed)]
        pub id: Option<Id>,
        /// Type of the account: `retail`, `enterprise` or `reseller`.
        #[attr(computed)]
        pub cert_central_type: Option<String>,
        /// E-mail addresses that receive the account's notifications.
        #[attr(computed)]
        pub admin_emails: Option<BTreeSet<String>>,
        /// ID of the root container, which all divisions are below.
        #[attr(computed)]
        pub root_container_id: Option<Id>,
        /// ID of the account's first organization.
        #[attr(computed)]
        pub primary_organization_id: Option<Id>,
        /// Name of the account's first organization.
        #[attr(computed)]
        pub primary_organization_name: Option<String>,
        /// ID of the account that is billed.
        #[attr(computed)]
        pub billing_account_id: Option<Id>,
        /// Name of the account that is billed.
        #[attr(computed)]
        pub billing_account_name: Option<String>,
        /// Pricing model, for example `flatfee`.
        #[attr(computed)]
        pub pricing_model: Option<String>,
        /// Whether the account or one of its parent accounts is a reseller. Returned for subaccounts only.
        #[attr(computed)]
        pub is_reseller_customer: Option<bool>,
        /// Name of DigiCert's representative for the account.
        #[attr(computed)]
        pub rep_name: Option<String>,
        /// E-mail address of DigiCert's representative for the account.
        #[attr(computed)]
        pub rep_email: Option<String>,
        /// Telephone number of DigiCert's representative for the account.
        #[attr(computed)]
        pub rep_phone: Option<String>,
    }
}

impl Declared for AccountDataSource {
    const TYPE: &'static str = "digicert_account";
}

impl DataSource for AccountDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = cx.api()?.get("account", &[]).await?;
        answer.id("id")?;
        let mut account = answer.into_json();
        let emails = addresses(text(&account, "admin_email"));
        account["admin_emails"] = if emails.is_empty() { Json::Null } else { emails.into() };
        Ok(account)
    }
}

/// The addresses in a text where commas separate them.
fn addresses(text: &str) -> Vec<Json> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(Json::from).collect()
}
