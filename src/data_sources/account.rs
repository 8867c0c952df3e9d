//! `digicert_account`: the account that the API key belongs to.

use crate::certcentral::Id;
use crate::kind::{Context, DataSource, Declared, Failure};
use crate::model;
use crate::resources::account_emails::{AccountEmails, with_admin_emails};
use crate::schema::Json;

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
        ..AccountEmails::block().looked_up(&["emergency_emails"])
    }
}

impl Declared for AccountDataSource {
    const TYPE: &'static str = "digicert_account";
}

impl DataSource for AccountDataSource {
    async fn read(self, cx: &mut Context) -> Result<Json, Failure> {
        let answer = cx.api()?.get("account", &[]).await?;
        answer.id("id")?;
        Ok(with_admin_emails(answer.into_json()))
    }
}
