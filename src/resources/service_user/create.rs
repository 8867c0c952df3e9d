//! Creates a service user exactly once.

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::{Id, KeyAnswer, Session};
use crate::kind::one_time_key::{self, Begun, KeyRequest, Unanswered};
use crate::kind::{Context, Declared, Failure};
use crate::recovery::Record;
use crate::resources::user;
use crate::schema::Json;

use super::{ServiceUser, find, messages};

impl ServiceUser {
    /// Creates the service user, or restores it from the response that an earlier run recorded.
    pub(super) async fn create_or_restore(&self, cx: &mut Context) -> Result<Json, Failure> {
        let api = cx.api()?;
        // One create at a time, so that a terminated run leaves at most one of them in doubt.
        let _lock = cx.exclusive("service user").await?;
        let body = self.request();
        let request = KeyRequest {
            path: user::PATH,
            body: &body,
            noun: "service user",
            description: messages::description(&body),
            subject: ("e-mail address", &self.email),
            unique: true,
            existing: &BTreeSet::new(),
        };
        let record = loop {
            match request.begin(&api, cx).await? {
                Begun::Fresh(record) => break record,
                Begun::Restored(created, file) => {
                    if !is_gone(created.id, &api).await {
                        cx.report(request.restored(&file));
                        return Ok(self.answer(created, &api, cx).await);
                    }
                    // The service user of that response was deleted meanwhile.
                    one_time_key::settle(request.noun, file, cx).await?;
                }
                Begun::Delivered(records) => {
                    let advice = "To create another one, use another e-mail address or key_name.";
                    return Err(request.delivered(&records, advice, Self::TYPE));
                }
                Begun::Unfinished { body, file, .. } => {
                    let candidates = find::candidates(&self.email, &api).await;
                    let earlier = messages::description(&body);
                    return Err(request.unfinished(&earlier, &file, &candidates));
                }
            }
        };
        match request.send(record, &api, cx).await {
            Ok((created, _)) => Ok(self.answer(created, &api, cx).await),
            Err(Unanswered::Refused(error)) => Err(user::rejected(error)),
            Err(Unanswered::Unknown(error, record)) => {
                let candidates = find::candidates(&self.email, &api).await;
                let file = record.as_ref().map(Record::file);
                Err(request.no_response(&error, file, &candidates))
            }
        }
    }

    /// <https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html>
    fn request(&self) -> Json {
        let mut body = json!({
            "is_api_only": true,
            "email": self.email,
            "api_name": self.key_name,
        });
        if let Some(role) = self.restricted_to_role_id {
            body["restricted_to_role_id"] = json!(role);
        }
        if let Some(limits) = self.limits() {
            body["container_id_assignments"] = json!(limits);
        }
        body
    }

    /// The state of a new service user. It exists, so whatever fails is only a warning.
    async fn answer(&self, created: KeyAnswer, api: &Session, cx: &mut Context) -> Json {
        let mut answer = json!({});
        match created.id {
            Some(id) => {
                match user::fetch(api, id).await {
                    Ok(Some(found)) => answer = found,
                    Ok(None) => {
                        cx.report(messages::not_read_yet(id, "CertCentral did not find it yet"));
                    }
                    Err(error) => {
                        let reason = format!("reading it failed: {error}");
                        cx.report(messages::not_read_yet(id, &reason));
                    }
                }
                answer["id"] = json!(id);
                answer["key_id"] = json!(find::first_key(id, &self.key_name, api, cx).await);
            }
            None => cx.report(messages::created_without_id(self)),
        }
        match created.api_key {
            Some(key) => answer["api_key"] = json!(key.expose()),
            None => cx.report(messages::created_without_key(created.id)),
        }
        answer
    }
}

/// Whether CertCentral has no user with this ID. If it does not answer, the response is taken as it is.
async fn is_gone(id: Option<Id>, api: &Session) -> bool {
    match id {
        Some(id) => matches!(user::fetch(api, id).await, Ok(None)),
        None => false,
    }
}
