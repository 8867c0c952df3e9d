//! Changes the webhook, and then activates or deactivates it.

use serde_json::{Map, json};

use crate::certcentral::{Id, Session};
use crate::kind::{Context, Failure};
use crate::schema::Json;

use super::encoding::{PENDING, status};
use super::{CHANGING_WEBHOOK, Webhook, fetch, messages, path};

impl Webhook {
    /// Sends what differs from `prior`.
    pub(super) async fn update_and_settle(
        &self,
        prior: &Self,
        cx: &mut Context,
    ) -> Result<Json, Failure> {
        let (api, id) = (cx.api()?, prior.known_id()?);
        let _changing = cx.exclusive(CHANGING_WEBHOOK).await?;
        let mut status_now = prior.status.clone().unwrap_or_default();
        let mut is_new = false;
        if self.has_changes_to_send(prior) {
            let current = fetch(&api, |it| it == id).await?;
            let current = current.ok_or_else(|| messages::not_found(id))?;
            (status_now, is_new) = self.send(id, &current, Some(prior), &api).await?;
            let status = Some(status_now.clone());
            cx.set_partial_state(Self { active: prior.active, status, ..self.clone() });
        }
        let status = self.settle(id, &status_now, is_new, &api, cx).await?;
        Ok(json!({ "id": id, "status": status }))
    }

    /// Changes the webhook in the response `current`. Returns its status afterwards, and whether its endpoint is
    /// new: CertCentral then requires another challenge.
    pub(super) async fn send(
        &self,
        id: Id,
        current: &Json,
        prior: Option<&Self>,
        api: &Session,
    ) -> Result<(String, bool), Failure> {
        let body = self.with_secret(self.request(Some(current)), prior);
        api.put(&path(id), &Json::Object(body)).await.map_err(messages::rejected)?;
        let is_new = current["endpoint"] != self.endpoint;
        let status = if is_new { PENDING } else { status(current) };
        Ok((status.to_owned(), is_new))
    }

    /// The body with the secret, if it is to be sent.
    pub(super) fn with_secret(
        &self,
        mut body: Map<String, Json>,
        prior: Option<&Self>,
    ) -> Map<String, Json> {
        if let Some(secret) = self.secret_to_send(prior) {
            body.insert("secret".to_owned(), secret.into());
        }
        body
    }

    /// Whether an argument differs that CertCentral stores. Omitted settings are not managed.
    fn has_changes_to_send(&self, prior: &Self) -> bool {
        let settings = |webhook: &Self| {
            webhook.settings.as_ref().map(|settings| settings.encode()).unwrap_or_default()
        };
        let before = settings(prior);
        self.endpoint != prior.endpoint
            || (self.events.is_some() && self.events != prior.events)
            || settings(self).iter().any(|(name, value)| before.get(name) != Some(value))
            || self.secret_to_send(Some(prior)).is_some()
    }
}
