//! `digicert_account_emails`: the addresses that CertCentral sends e-mails about the account to.

use std::collections::BTreeSet;

use serde_json::{Map, json};

use crate::certcentral::{Id, Session};
use crate::kind::{
    Change, Context, Declared, Existing, Failure, Identity, Read, Resource, import_id,
};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Value};

use super::singleton;

model! {
    /// Manages the e-mail addresses of the account the API key belongs to. Use this resource at most once per
    /// account.
    ///
    /// The addresses replace existing ones. An omitted argument is not managed: its addresses are not changed, and
    /// changes made outside Terraform are not detected. CertCentral does not return `emergency_emails`, so changes
    /// of them are never detected, and an import does not read them.
    ///
    /// ~> **Note:** Destroying this resource or removing an argument does not change the addresses in
    /// CertCentral, because their previous values are not known.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions.
    ///
    /// **DigiCert API:** [Update account emails](https://dev.digicert.com/en/certcentral-apis/services-api/account/update-account-emails.html),
    /// [Account details](https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html)
    ///
    /// **Unverified:** DigiCert does not document what CertCentral does with a list that a request omits, and an
    /// older page requires `admin_email`. So every request contains all configured lists, and the current
    /// `admin_email` if `admin_emails` is omitted. If `emergency_emails` is omitted, the provider assumes that
    /// CertCentral keeps the existing addresses. The documented limit of 255 characters for `admin_email` is
    /// applied to both lists.
    pub struct AccountEmails {
        /// ID of the account.
        #[attr(computed)]
        pub id: Option<Id>,
        /// E-mail addresses that receive the account's notifications. A change of letter case alone sends
        /// nothing.
        #[attr(
            email,
            min_len(1),
            parses(without_comma),
            not_empty(NOBODY),
            unique_ignoring_case,
            max_joined_len(255)
        )]
        pub admin_emails: Option<BTreeSet<String>>,
        /// E-mail addresses that receive urgent notifications. A change of letter case alone sends nothing.
        #[attr(
            email,
            min_len(1),
            parses(without_comma),
            not_empty(NOBODY),
            unique_ignoring_case,
            max_joined_len(255),
            not_returned
        )]
        pub emergency_emails: Option<BTreeSet<String>>,
    }
}

impl Declared for AccountEmails {
    const TYPE: &'static str = "digicert_account_emails";
}

impl Resource for AccountEmails {
    type Memory = ();

    const IDENTITY: Identity = Identity::Account;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let id = api.account().await?.id;
        self.send(id, &api).await?;
        Ok(json!({ "id": id }))
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let mut found = fetch(&cx.api()?, self.id).await?;
        if self.admin_emails.is_none() {
            found[ADMIN] = Json::Null;
        }
        Ok(Read::Found(found))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let lists = [
            (&self.admin_emails, &prior.admin_emails),
            (&self.emergency_emails, &prior.emergency_emails),
        ];
        if !lists.into_iter().any(|(planned, prior)| differ(planned.as_ref(), prior.as_ref())) {
            return Ok(Json::Null);
        }
        let api = cx.api()?;
        let id = api.account().await?.id;
        check_account(prior.id, id)?;
        self.send(id, &api).await?;
        Ok(json!({ "id": id }))
    }

    async fn delete(self, _cx: &mut Context) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let wanted = import_id(id)?;
        let api = cx.api()?;
        singleton::check_import(wanted, api.account().await?.id)?;
        fetch(&api, Some(wanted)).await
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        if [ADMIN, EMERGENCY].iter().all(|name| config.attribute(name).is_null()) {
            let detail = format!(
                "digicert_account_emails requires at least one of `{ADMIN}` and `{EMERGENCY}`. Add the addresses \
                 to manage, or remove the resource."
            );
            diagnostics.push(Diagnostic::error("Missing argument", detail));
        }
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        singleton::warn_of_removed(change, [ADMIN, EMERGENCY].into_iter(), cx);
        Ok(())
    }

    async fn existing(cx: &mut Context) -> Result<Vec<Existing>, Failure> {
        Ok(vec![singleton::existing(cx.api()?.account().await?.id.to_string())])
    }

    fn is_lost_when_destroyed(&self) -> bool {
        false
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        let account = self.id.map(|id| format!(" {id}")).unwrap_or_default();
        Some(singleton::destroy_warning(&format!("{}{account}", Self::TYPE)))
    }
}

impl AccountEmails {
    /// Sends all configured lists, because DigiCert does not document what an omitted one means. For the same
    /// reason, the current administrators are sent if they are not configured.
    async fn send(&self, id: Id, api: &Session) -> Result<(), Failure> {
        let admin = match &self.admin_emails {
            Some(emails) => emails.clone(),
            None => fetch(api, Some(id)).await?.get(ADMIN_FIELD).map(addresses).unwrap_or_default(),
        };
        let emergency = self.emergency_emails.clone().unwrap_or_default();
        let lists = [(ADMIN_FIELD, admin), (EMERGENCY, emergency)].into_iter();
        let body: Map<_, _> = lists
            .filter(|(_, emails)| !emails.is_empty())
            .map(|(name, emails)| (name.to_owned(), joined(emails).into()))
            .collect();
        api.put(PATH, &Json::Object(body)).await?;
        Ok(())
    }
}

/// The account as attributes, in addition to the fields of the response.
///
/// # Errors
///
/// Also if the API key belongs to another account than the one in the state.
async fn fetch(api: &Session, in_state: Option<Id>) -> Result<Json, Failure> {
    let answer = api.get(PATH, &[]).await?;
    check_account(in_state, answer.id("id")?)?;
    Ok(with_admin_emails(answer.into_json()))
}

/// The response with the administrators' addresses as a list, or null if it has none.
pub(crate) fn with_admin_emails(mut account: Json) -> Json {
    let emails = addresses(account.get(ADMIN_FIELD).unwrap_or(&Json::Null));
    if let Some(fields) = account.as_object_mut() {
        let emails = if emails.is_empty() { Json::Null } else { json!(emails) };
        fields.insert(ADMIN.to_owned(), emails);
    }
    account
}

/// The addresses in a text where commas separate them.
fn addresses(text: &Json) -> BTreeSet<String> {
    let parts = text.as_str().unwrap_or_default().split(',').map(str::trim);
    parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn joined(emails: BTreeSet<String>) -> String {
    emails.into_iter().collect::<Vec<_>>().join(", ")
}

/// Whether an update must send a list: it is configured and differs in more than letter case.
fn differ(planned: Option<&BTreeSet<String>>, prior: Option<&BTreeSet<String>>) -> bool {
    let folded = |emails: &BTreeSet<String>| -> BTreeSet<_> {
        emails.iter().map(|email| email.to_lowercase()).collect()
    };
    planned.is_some_and(|emails| prior.map(folded) != Some(folded(emails)))
}

fn check_account(in_state: Option<Id>, actual: Id) -> Result<(), Diagnostic> {
    let Some(expected) = in_state.filter(|expected| *expected != actual) else { return Ok(()) };
    let detail = format!(
        "The state has the addresses of account {expected}, but the API key belongs to account {actual}. The state \
         is kept, and nothing was sent. Configure an API key of account {expected}. To manage account {actual} \
         instead, remove the resource from the state with `terraform state rm` and apply again."
    );
    Err(Diagnostic::error("API key of another account", detail))
}

/// A comma would separate two addresses.
fn without_comma(text: &str) -> Result<(), String> {
    if text.contains(',') { Err("must not contain a comma".to_owned()) } else { Ok(()) }
}

const NOBODY: &str = "DigiCert does not document how to remove all addresses";

/// <https://dev.digicert.com/en/certcentral-apis/services-api/account/update-account-emails.html>
const PATH: &str = "account";

const ADMIN: &str = "admin_emails";

const EMERGENCY: &str = "emergency_emails";

/// The name of `admin_emails` in the API. `emergency_emails` has the same name there.
const ADMIN_FIELD: &str = "admin_email";

#[cfg(test)]
mod tests {
    use super::*;

    fn emails(text: &str) -> BTreeSet<String> {
        addresses(&json!(text))
    }

    #[test]
    fn addresses_are_separated_by_commas() {
        assert_eq!(joined(emails("b@x.example,a@x.example")), "a@x.example, b@x.example");
        assert_eq!(emails(" , "), BTreeSet::new());
        assert_eq!(addresses(&Json::Null), BTreeSet::new());
        assert_eq!(with_admin_emails(json!({"admin_email": ""}))[ADMIN], Json::Null);
        assert_eq!(with_admin_emails(json!([])), json!([]));
    }

    #[test]
    fn only_configured_lists_that_differ_in_more_than_case_are_sent() {
        let (ada, bo) = (emails("ada@x.example"), emails("bo@x.example"));
        for (planned, prior, expected) in [
            (Some(&ada), Some(&emails("ADA@x.example")), false),
            (Some(&ada), Some(&bo), true),
            (Some(&ada), None, true),
            (None, Some(&bo), false),
        ] {
            assert_eq!(differ(planned, prior), expected);
        }
    }
}
