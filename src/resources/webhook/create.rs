//! Creates the webhook of the account, or adopts the existing one.

use serde_json::json;

use crate::certcentral::{Error, Id, Session, id_of};
use crate::kind::{Context, Failure};
use crate::schema::Json;

use super::encoding::{PENDING, status};
use super::{CHANGING_WEBHOOK, PATH, Webhook, fetch, messages, path};

/// The webhook once it has the configured values.
struct Configured {
    id: Id,
    status: String,
    /// The events, if they are known.
    events: Json,
    /// Whether its endpoint cannot have answered a challenge.
    is_new: bool,
}

impl Webhook {
    pub(super) async fn create_or_adopt(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        let _changing = cx.exclusive(CHANGING_WEBHOOK).await?;
        let configured = match fetch(&api, |_| true).await? {
            Some(existing) => self.adopt(&existing, &api, cx).await?,
            None => self.post(&api, cx).await?,
        };
        let Configured { id, status, events, is_new } = configured;
        cx.note_created(path(id));
        cx.claim(path(id));
        // The webhook exists, so nothing that follows may fail.
        let status = match self.settle(id, &status, is_new, &api, cx).await {
            Ok(status) => status,
            Err(error) => {
                cx.report(messages::not_settled(id, self.is_to_be_active(), &error));
                status
            }
        };
        Ok(json!({ "id": id, "status": status, "events": events }))
    }

    /// Replaces the values of the webhook that exists, except for those that are not configured.
    async fn adopt(
        &self,
        existing: &Json,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Configured, Failure> {
        let id = id_of(existing).unwrap_or_default();
        if cx.created_here(&path(id)) {
            return Err(messages::declared_twice(id).into());
        }
        let (status, is_new) = self.send(id, existing, None, api).await?;
        let endpoint = existing["endpoint"].as_str().unwrap_or_default();
        cx.report(messages::adopted(id, endpoint));
        Ok(Configured { id, status, events: existing["events"].clone(), is_new })
    }

    /// Creates the webhook and reads it. The account had none, so after a request without a usable response a
    /// webhook with this endpoint is the result of that request.
    ///
    /// <https://dev.digicert.com/certcentral-apis/services-api/webhooks/create-webhook.html>
    async fn post(&self, api: &Session, cx: &mut Context) -> Result<Configured, Failure> {
        let body = self.with_secret(self.request(None), None);
        let response = api.post(PATH, &Json::Object(body)).await;
        let created = response.and_then(|answer| Ok((answer.id("webhook_id")?, answer.reported())));
        let (id, found) = match created {
            Ok((id, reported)) => {
                if let Some(reported) = reported {
                    cx.report(messages::reported(id, &reported));
                }
                (id, read_created(id, api, cx).await)
            }
            Err(error) if error.effect_unknown() => self.find_created(error, api, cx).await?,
            Err(error) => return Err(messages::rejected(error)),
        };
        let status = status(&found).to_owned();
        let events = found.get("events").cloned().unwrap_or_default();
        Ok(Configured { id, status, events, is_new: true })
    }

    /// The webhook that a request without a usable response created.
    ///
    /// # Errors
    ///
    /// If the list does not have it.
    async fn find_created(
        &self,
        error: Error,
        api: &Session,
        cx: &mut Context,
    ) -> Result<(Id, Json), Failure> {
        let found = fetch(api, |_| true).await;
        let is_listed = found.is_ok();
        match found.ok().flatten() {
            Some(webhook) if webhook["endpoint"] == self.endpoint => {
                let id = id_of(&webhook).unwrap_or_default();
                cx.report(messages::found(id, &self.endpoint, &error));
                Ok((id, webhook))
            }
            _ => Err(messages::maybe_created(&self.endpoint, &error, is_listed).into()),
        }
    }
}

/// The new webhook. It exists, so a failed read is only a warning: a new webhook is pending.
async fn read_created(id: Id, api: &Session, cx: &mut Context) -> Json {
    let failure = match fetch(api, |it| it == id).await {
        Ok(Some(webhook)) => return webhook,
        Ok(None) => None,
        Err(failure) => Some(failure),
    };
    cx.report(messages::not_read_yet(id, failure));
    json!({ "status": PENDING })
}
