//! Creates a subaccount exactly once: duplicates are searched for, and the request is recorded.

use super::{CREATE_PATH, Subaccount, messages, path};
use crate::certcentral::{Answer, KeyAnswer, Session};
use crate::kind::{Context, Failure};
use crate::recovery::{Begin, Create, Record};
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
        let record = match self.begin(&body, api, cx).await? {
            None => None,
            Some(Begin::Fresh { record, unclaimed }) => {
                unclaimed.iter().for_each(|file| cx.report(messages::not_restored(self, file)));
                Some(record)
            }
            Some(Begin::Adopted { response: answer, file }) => {
                cx.report(messages::restored(self, &file));
                return Ok(note_created(KeyAnswer::from_bytes(CREATE_PATH, &answer), cx));
            }
            Some(Begin::Delivered { records }) => {
                return Err(messages::delivered(self, &records).into());
            }
            Some(Begin::Unfinished { body, file }) => {
                let earlier = Self::from_response(&body)?;
                let candidates = earlier.candidates(api, cx).await;
                return Err(messages::unfinished(&earlier, &file, &candidates).into());
            }
        };
        if duplicates.is_empty() {
            return self.post(&body, record, api, cx).await;
        }
        if let Some(record) = record {
            record.discard().await;
        }
        Err(messages::already_exists(&duplicates).into())
    }

    /// Looks for records of earlier runs and records the request; `None` without `recovery_dir`.
    async fn begin(
        &self,
        body: &Json,
        api: &Session,
        cx: &Context,
    ) -> Result<Option<Begin>, Failure> {
        let Some(journal) = cx.journal() else { return Ok(None) };
        let scope = api.account().await?.id.into();
        let create = Create { scope, path: CREATE_PATH, subject: &self.organization.name, body };
        let begun = api.unless_stopped(journal.begin(&create)).await?;
        begun.map(Some).map_err(|error| messages::not_recorded(&error).into())
    }

    /// Sends the request, and records its response before anything else is done with it.
    async fn post(
        &self,
        body: &Json,
        mut record: Option<Record>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<KeyAnswer, Failure> {
        let mut writing = None;
        let write = |answer: &[u8]| {
            // A response without an ID and a key cannot be restored.
            if let Some(record) = &mut record
                && KeyAnswer::from_bytes(CREATE_PATH, answer).is_usable()
            {
                writing = Some(record.write_response(answer));
            }
        };
        let answered = api.post_once(CREATE_PATH, body, write).await;
        let unwritten = match writing {
            Some(writing) => writing.await.err(),
            None => None,
        };
        let error = match answered {
            Ok(created) => {
                if let Some(error) = created.answer.as_ref().and_then(Answer::reported) {
                    cx.report(messages::created_with_error(self, &error));
                }
                if let (Some(error), Some(record)) = (unwritten, record) {
                    cx.report(messages::response_not_recorded(self, &error, record.file()));
                }
                return Ok(note_created(created, cx));
            }
            Err(error) => error,
        };
        if error.effect_unknown() {
            let file = record.as_ref().map(Record::file);
            let candidates = self.candidates(api, cx).await;
            return Err(messages::no_response(self, &error, file, &candidates).into());
        }
        if let Some(record) = record {
            record.discard().await;
        }
        Err(error.into())
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
