//! `digicert_account_settings`: the notification settings of the account, which the API does not return.

mod encoding;

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Existing, Failure, Identity, Read, Resource};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Value};
use encoding::{SETTINGS, encode, rejection};

use super::singleton;

model! {
    /// Manages the notification settings of the account the API key belongs to. Use this resource at most once
    /// per account.
    ///
    /// Omitted settings are not managed and never sent. The API does not return the settings: changes made
    /// outside Terraform are not detected, and an import reads none of them. After switching to the key of
    /// another account, run `terraform apply -replace=ADDRESS` to send all of them.
    ///
    /// ~> **Note:** Destroying this resource or removing an argument does not change the settings in CertCentral,
    /// because their previous values are not known.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **DigiCert API:** [Update account notification settings](https://dev.digicert.com/en/certcentral-apis/services-api/account/update-account-notification-settings.html)
    pub struct AccountSettings {
        /// ID of the account, or `account_settings` if the API key may not read the account.
        #[attr(computed, not_returned)]
        pub id: Option<String>,
        /// Recipients of order confirmations. `[]` notifies nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub confirmation_email_recipients: Option<BTreeSet<String>>,
        /// Recipients of order rejection notifications. `[]` notifies nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub rejection_email_recipients: Option<BTreeSet<String>>,
        /// Recipients of order approval notifications. `[]` notifies nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub approval_email_recipients: Option<BTreeSet<String>>,
        /// Recipients of notifications about expiring and expired certificates. `[]` notifies nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub renewal_email_recipients: Option<BTreeSet<String>>,
        /// Whether the user who placed an order is notified about the validation of its organization. The
        /// organization contact is always notified.
        #[attr(not_returned)]
        pub email_preference_org_approval: Option<bool>,
        /// Whether to send notifications about expiring account funds.
        #[attr(not_returned)]
        pub account_fund_expiry_notices: Option<bool>,
        /// Whether to send notifications about adjustments to account funds.
        #[attr(not_returned)]
        pub account_fund_adjustment_notices: Option<bool>,
        /// Whether organization validation e-mails include the division name.
        #[attr(not_returned)]
        pub include_division_name_in_email: Option<bool>,
    }
}

impl Declared for AccountSettings {
    const TYPE: &'static str = "digicert_account_settings";
}

impl Resource for AccountSettings {
    type Memory = ();

    const IDENTITY: Identity = Identity::Account;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = singleton_id(&api).await?;
        send(&api, &self.body()).await?;
        Ok(json!({ "id": id }))
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        match self.id {
            Some(_) => Ok(Read::Unchanged),
            None => Ok(Read::Found(json!({ "id": singleton_id(&cx.api()?).await? }))),
        }
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        send(&cx.api()?, &self.changes(&prior)).await?;
        Ok(Json::Null)
    }

    async fn delete(self, _cx: &mut Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let actual = singleton_id(&cx.api()?).await?;
        if let (Ok(wanted), Ok(actual)) = (id.trim().parse::<Id>(), actual.parse::<Id>()) {
            singleton::check_import(wanted, actual)?;
        }
        Ok(json!({ "id": actual }))
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        if SETTINGS.iter().all(|it| config.attribute(it.attribute).is_null()) {
            let detail = "This digicert_account_settings configures no setting and has no effect. Add settings \
                          or remove the resource.";
            diagnostics.push(Diagnostic::warning("No setting configured", detail));
        }
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        singleton::warn_of_removed(change, SETTINGS.iter().map(|it| it.attribute), cx);
        Ok(())
    }

    async fn existing(cx: &mut Context) -> Result<Vec<Existing>, Failure> {
        Ok(vec![singleton::existing(singleton_id(&cx.api()?).await?)])
    }

    fn is_lost_when_destroyed(&self) -> bool {
        false
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let account = self.id.as_deref().unwrap_or("account_settings");
        Some(singleton::destroy_warning(&format!("{} {account}", Self::TYPE)))
    }
}

/// The ID of the account, or a fixed text if the API does not return it.
async fn singleton_id(api: &Session) -> Result<String, Error> {
    match api.account().await {
        Ok(account) => Ok(account.id.to_string()),
        Err(error @ (Error::WrongAccount { .. } | Error::Stopped { .. })) => Err(error),
        Err(_) => Ok("account_settings".to_owned()),
    }
}

/// Sends the settings among these arguments.
async fn send(api: &Session, arguments: &Map<String, Json>) -> Result<(), Failure> {
    let settings: Vec<Json> = encode(arguments).collect();
    if settings.is_empty() {
        return Ok(());
    }
    let body = json!({ "account_settings": settings });
    let answer = api.put("account/settings", &body).await?.into_json();
    match rejection(&answer) {
        Some(rejection) => Err(rejection.into()),
        None => Ok(()),
    }
}

const RECIPIENTS: &[&str] = &["admin", "tech-contact", "org-contact", "order-users"];
