//! `digicert_webhook`: the webhook of the account, which CertCentral sends events to.
//!
//! An account has at most one webhook, and it cannot be deleted. It sends events only after its endpoint has
//! answered a challenge and it was activated: see `activation`.

mod activation;
mod create;
mod encoding;
mod messages;
mod plan;
mod secret;
mod settings;
mod update;

use std::collections::BTreeSet;

use crate::certcentral::{Answer, Id, Session};
use crate::kind::{
    Change, Context, Declared, Existing, Failure, Read, Remark, Resource, import_id,
};
use crate::model;
use crate::schema::{Diagnostic, Diagnostics, Json, Value};
use crate::secret::Secret;
use settings::Settings;

use super::singleton;

model! {
    /// Manages the webhook of the account the API key belongs to: CertCentral sends events to its endpoint. An
    /// account has at most one webhook, so use this resource at most once per account.
    ///
    /// If the account has a webhook, creating this resource adopts it, with a warning: the configured arguments
    /// replace its values.
    ///
    /// ## Activation
    ///
    /// A new webhook is `pending` until its endpoint has proved that it receives events, also after its
    /// `endpoint` was changed. With `active = true`:
    ///
    /// 1. The apply asks CertCentral to send a challenge to the endpoint and warns that it is not answered yet.
    ///    The challenge contains a `token`, which is valid for 30 minutes.
    /// 2. The operator of the endpoint sends this token to CertCentral: `PUT /webhook/{id}/check-challenge` with
    ///    the body `{"token": "…"}`.
    /// 3. Until the webhook is active, each plan shows an update of `status`. Applying it activates the webhook. If
    ///    the challenge is not answered yet, another one is sent.
    ///
    /// ~> **Note:** CertCentral cannot delete a webhook. Destroying this resource deactivates it; its endpoint and
    /// secret are kept.
    ///
    /// ~> **Note:** `secret` is stored in the state. With Terraform 1.11 or later, use `secret_wo` instead: it is
    /// never stored. To send another secret, change `secret_wo` and `secret_wo_version`.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions. Webhooks must be enabled for the
    /// account.
    ///
    /// **DigiCert API:** [Create webhook](https://dev.digicert.com/certcentral-apis/services-api/webhooks/create-webhook.html),
    /// [List webhooks](https://dev.digicert.com/certcentral-apis/services-api/webhooks/list-webhooks.html),
    /// [Update webhook endpoint](https://dev.digicert.com/certcentral-apis/services-api/webhooks/update-webhook-endpoint.html),
    /// [Send challenge token](https://dev.digicert.com/certcentral-apis/services-api/webhooks/send-challenge-token.html),
    /// [Verify challenge token](https://dev.digicert.com/certcentral-apis/services-api/webhooks/verify-challenge-token.html),
    /// [Deactivate webhook](https://dev.digicert.com/certcentral-apis/services-api/webhooks/deactivate-webhook.html)
    ///
    /// **Unverified:** DigiCert documents neither the request that activates a webhook nor what an update does with
    /// fields that it omits. The provider sends `PUT /webhook/{id}/activate`, and takes the error
    /// `webhook_invalid_action` as an unanswered challenge. Every update contains the events and settings, with the
    /// current values of those that are not configured. A webhook that cannot be deactivated because of
    /// `webhook_invalid_action` is taken as inactive.
    pub struct Webhook {
        /// ID of the webhook.
        #[attr(computed)]
        pub id: Option<Id>,
        /// HTTPS address that receives the events. After a change, the endpoint must answer a challenge again.
        #[attr(parses(https))]
        pub endpoint: String,
        /// Secret that CertCentral sends to the endpoint in the `X-WEBHOOK-KEY` header. Stored in the state.
        /// Removing it removes the secret in CertCentral. An import does not read it. Conflicts with `secret_wo`.
        #[attr(min_len(32), read_if_configured)]
        pub secret: Option<Secret>,
        /// Secret, like `secret`, that is never stored in the state. Requires `secret_wo_version`, and Terraform 1.11
        /// or OpenTofu 1.11 or later. Removing both removes the secret in CertCentral.
        #[attr(min_len(32), write_only)]
        pub secret_wo: Option<Secret>,
        /// Version of `secret_wo`. The provider sends `secret_wo` when the resource is created and whenever this number changes.
        #[attr(provider_only)]
        pub secret_wo_version: Option<i64>,
        /// Events that are sent, for example `certificate_issued`.
        #[attr(optional_computed, not_empty("to stop events, set `active = false`"))]
        pub events: Option<BTreeSet<String>>,
        /// Settings of the events. Omitted settings are not managed.
        pub settings: Option<Settings>,
        /// Whether events are sent. See [Activation](#activation).
        #[attr(default(true))]
        pub active: Option<bool>,
        /// `pending` until the webhook is activated for the first time, `active` or `inactive`.
        #[attr(computed, recomputed_with(&["endpoint", "active"]))]
        pub status: Option<String>,
    }
}

/// Held by all writes: an account has one webhook.
const CHANGING_WEBHOOK: &str = "webhook";

impl Declared for Webhook {
    const TYPE: &'static str = "digicert_webhook";
}

impl Resource for Webhook {
    type Memory = ();

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        self.create_or_adopt(cx).await
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let id = self.known_id()?;
        match fetch(&cx.api()?, |it| it == id).await? {
            Some(found) => Ok(Read::Found(self.managed(found))),
            None => Ok(Read::NotFound),
        }
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        self.update_and_settle(&prior, cx).await
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let _changing = cx.exclusive(CHANGING_WEBHOOK).await?;
        let id = self.known_id()?;
        // Another resource has adopted the webhook, as after a rename without a `moved` block.
        if cx.is_claimed_elsewhere(&path(id)) {
            return Ok(());
        }
        activation::deactivate_for_destroy(id, cx).await
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let id = import_id(id)?;
        let found = fetch(&cx.api()?, |it| it == id).await?;
        let mut found = found.ok_or_else(|| messages::not_found(id))?;
        if encoding::is_active(&found).is_none() {
            found["active"] = true.into();
        }
        Ok(found)
    }

    fn validate_config(config: &Value, diagnostics: &mut Diagnostics) {
        secret::validate(config, diagnostics);
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        plan::activation(change, cx);
        Ok(())
    }

    async fn existing(cx: &mut Context) -> Result<Vec<Existing>, Failure> {
        let api = cx.api()?;
        let take = |row: Answer| Ok(Some(singleton::existing(row.id("id")?.to_string())));
        Ok(api.list_unpaged(PATH, &[], KEYS, take).await?)
    }

    fn remark(&self) -> Option<Remark> {
        let is_pending = self.status.as_deref() == Some("pending");
        let reason = "it is pending, and its configuration would activate it";
        is_pending.then(|| Remark::LeaveOut(reason.to_owned()))
    }

    fn is_lost_when_destroyed(&self) -> bool {
        self.active != Some(false)
    }

    fn destroy_warning(&self) -> Option<Diagnostic> {
        Some(messages::stays(self.id))
    }
}

impl Webhook {
    /// The ID in the state. 0 is not a valid ID.
    fn known_id(&self) -> Result<Id, Diagnostic> {
        self.id.filter(|id| *id != Id::default()).ok_or_else(messages::without_id)
    }

    fn is_to_be_active(&self) -> bool {
        self.active != Some(false)
    }
}

/// The webhook with a wanted ID, as attributes. The API returns webhooks only as a list.
///
/// <https://dev.digicert.com/certcentral-apis/services-api/webhooks/list-webhooks.html>
async fn fetch(
    api: &Session,
    is_wanted: impl Fn(Id) -> bool + Send + Sync,
) -> Result<Option<Json>, Failure> {
    let take = |row: Answer| {
        Ok(is_wanted(row.id("id")?).then(|| encoding::as_attributes(row.into_json())))
    };
    Ok(api.list_unpaged(PATH, &[], KEYS, take).await?.into_iter().next())
}

fn path(id: Id) -> String {
    format!("{PATH}/{id}")
}

const PATH: &str = "webhook";

const KEYS: &[&str] = &["webhooks"];

fn https(text: &str) -> Result<(), String> {
    let host = text.strip_prefix("https://").unwrap_or_default();
    let is_host = !host.is_empty() && !host.starts_with(['/', '?', '#', ':']);
    if is_host && !text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Ok(());
    }
    Err("must be an address that begins with `https://`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_https_address() {
        for (text, is_valid) in [
            ("https://hooks.example.com/certcentral?a=b", true),
            ("https://localhost:8443", true),
            ("http://hooks.example.com", false),
            ("HTTPS://hooks.example.com", false),
            ("https://", false),
            ("https:///path", false),
            ("https://hooks.example.com/a b", false),
        ] {
            assert_eq!(https(text).is_ok(), is_valid, "{text}");
        }
    }
}
