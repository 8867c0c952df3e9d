//! `digicert_account_settings`: the notification settings of the account, which nothing can read back.

mod wire;

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::certcentral::{Error, Id, Session};
use crate::kind::{Change, Context, Declared, Failure, Read, Resource};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Path, Value};
use wire::{SETTINGS, Setting, encoded, refusal};

model! {
    /// Sets notification settings of the account behind the API key. An account has them once, so one
    /// configuration should have this resource once.
    ///
    /// A setting that is left out is not managed and never sent. CertCentral cannot show these settings: a
    /// change made elsewhere stays unnoticed, and an import finds none of them. With the key of another
    /// account, `terraform apply -replace` sends all of them again.
    ///
    /// Destroying this resource, or removing an argument, changes nothing at CertCentral: no default is
    /// known that could be restored.
    pub struct AccountSettings {
        /// Number of the account; `account_settings` where the key may not look it up.
        #[attr(computed, not_returned)]
        pub id: Option<String>,
        /// Who gets order confirmations; `[]` for nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub confirmation_email_recipients: Option<BTreeSet<String>>,
        /// Who is told that an order was rejected; `[]` for nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub rejection_email_recipients: Option<BTreeSet<String>>,
        /// Who is told that an order was approved; `[]` for nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub approval_email_recipients: Option<BTreeSet<String>>,
        /// Who is told of certificates that expire or have expired; `[]` for nobody.
        #[attr(one_of(RECIPIENTS), not_returned)]
        pub renewal_email_recipients: Option<BTreeSet<String>>,
        /// Whether whoever placed an order gets mail about the validation of its organization. The
        /// organization contact always does.
        #[attr(not_returned)]
        pub email_preference_org_approval: Option<bool>,
        /// Whether mail announces that funds of the account expire.
        #[attr(not_returned)]
        pub account_fund_expiry_notices: Option<bool>,
        /// Whether mail tells of adjustments to funds of the account.
        #[attr(not_returned)]
        pub account_fund_adjustment_notices: Option<bool>,
        /// Whether mail about the validation of an organization names the division.
        #[attr(not_returned)]
        pub include_division_name_in_email: Option<bool>,
    }
}

impl Declared for AccountSettings {
    const TYPE: &'static str = "digicert_account_settings";
}

impl Resource for AccountSettings {
    type Memory = ();

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
        let found = singleton_id(&cx.api()?).await?;
        if let (Ok(wanted), Ok(found)) = (id.trim().parse::<Id>(), found.parse::<Id>())
            && wanted != found
        {
            return Err(other_account(wanted, found).into());
        }
        Ok(json!({ "id": found }))
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        if SETTINGS.iter().all(|it| config.attribute(it.attribute).is_null()) {
            let detail = "This digicert_account_settings configures no setting, so it changes nothing. Add the \
                          settings that are to be managed, or remove the block.";
            diagnostics.push(Diagnostic::warning("No setting configured", detail));
        }
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        if !change.is_update() {
            return Ok(());
        }
        for Setting { attribute, .. } in &SETTINGS {
            let (old, new) =
                (change.prior.attribute(attribute), change.planned.attribute(attribute));
            if !old.is_null() && new.is_null() {
                let detail = format!(
                    "Removing `{attribute}` only stops managing the setting: the last value sent, {}, stays in \
                     force at CertCentral. To change it, configure another value.",
                    old.show()
                );
                let stays = Diagnostic::warning("Setting stays in force", detail);
                cx.report(stays.at(Path::of(attribute)));
            }
        }
        Ok(())
    }

    fn is_lost_when_destroyed(&self) -> bool {
        false
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let account = self.id.as_deref().unwrap_or("account_settings");
        let detail = format!(
            "Notification settings cannot be removed, and CertCentral does not show what they were before. \
             Destroying digicert_account_settings {account} calls nothing: the last values sent stay in force."
        );
        Some(Diagnostic::warning("Settings stay in force", detail))
    }
}

/// The number of the account, or a word where the API does not tell it.
async fn singleton_id(api: &Session) -> Result<String, Error> {
    match api.account().await {
        Ok(account) => Ok(account.id.to_string()),
        Err(error @ (Error::WrongAccount { .. } | Error::Stopped { .. })) => Err(error),
        Err(_) => Ok("account_settings".to_owned()),
    }
}

/// Sends the settings among these arguments.
async fn send(api: &Session, arguments: &Map<String, Json>) -> Result<(), Failure> {
    let settings: Vec<Json> = encoded(arguments).collect();
    if settings.is_empty() {
        return Ok(());
    }
    let body = json!({ "account_settings": settings });
    let answer = api.put("account/settings", &body).await?.into_json();
    match refusal(&answer) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

fn other_account(wanted: Id, found: Id) -> Diagnostic {
    let detail = format!(
        "The id names account {wanted}, but the API key belongs to account {found}, and a key reaches only the \
         settings of its own account. Import {found}, or configure a key of account {wanted}."
    );
    Diagnostic::error("API key of another account", detail).at(Path::of("id"))
}

const RECIPIENTS: &[&str] = &["admin", "tech-contact", "org-contact", "order-users"];
