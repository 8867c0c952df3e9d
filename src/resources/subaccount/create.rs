//! Creates a subaccount exactly once: duplicates are searched for, and the request is recorded.

use std::collections::BTreeSet;

use super::{CREATE_PATH, Subaccount, messages, path};
use crate::certcentral::{KeyAnswer, Session};
use crate::kind::one_time_key::{self, Begun, KeyRequest, Unanswered};
use crate::kind::{Context, Declared, Failure};
use crate::recovery::Record;
use crate::schema::{Json, Model};

impl Subaccount {
    /// Creates the subaccount, or restores it from the response that an earlier run recorded.
    pub(super) async fn create_or_restore(
        &self,
        api: &Session,
        cx: &mut Context,
    ) -> Result<KeyAnswer, Failure> {
        // One create at a time, so that a terminated run leaves at most one of them in doubt. The lock includes
        // the search for duplicates, which must not find a subaccount that this run is creating.
        let _lock = cx.exclusive("subaccount").await?;
        let duplicates = self.duplicates(api, cx).await?;
        let body = Json::Object(self.body());
        let request = KeyRequest {
            path: CREATE_PATH,
            body: &body,
            noun: "subaccount",
            description: self.description(),
            subject: ("organization", &self.organization.name),
            unique: true,
            existing: &BTreeSet::new(),
        };
        let record = match request.begin(api, cx).await? {
            Begun::Fresh(record) => record,
            Begun::Restored(created, file) => {
                cx.report(request.restored(&file));
                return Ok(note_created(created, cx));
            }
            Begun::Delivered(records) => {
                let advice = "To create another one, use a different child_name.";
                return Err(request.delivered(&records, advice, Self::TYPE));
            }
            Begun::Unfinished { body, file, .. } => {
                let earlier = Self::from_response(&body)?;
                let candidates = earlier.candidates(api, cx).await;
                return Err(request.unfinished(&earlier.description(), &file, &candidates));
            }
        };
        if !duplicates.is_empty() {
            one_time_key::discard(record).await;
            return Err(messages::already_exists(&duplicates).into());
        }
        match request.send(record, api, cx).await {
            Ok((created, _)) => Ok(note_created(created, cx)),
            Err(Unanswered::Refused(error)) => Err(error.into()),
            Err(Unanswered::Unknown(error, record)) => {
                let candidates = self.candidates(api, cx).await;
                let file = record.as_ref().map(Record::file);
                Err(request.no_response(&error, file, &candidates))
            }
        }
    }

    /// The result of a search for a subaccount that may have been created.
    async fn candidates(&self, api: &Session, cx: &Context) -> String {
        messages::candidates(&self.duplicates(api, cx).await)
    }
}

/// Records that this run created the subaccount: two resources may have the same arguments.
fn note_created(created: KeyAnswer, cx: &Context) -> KeyAnswer {
    created.id.into_iter().for_each(|id| cx.note_created(path(id)));
    created
}
