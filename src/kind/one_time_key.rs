//! Requests whose response has an API key that CertCentral returns only once.
//!
//! Everything that can fail is done before the request. A request is never repeated once it may have had an
//! effect. With `recovery_dir`, the request is on disk before it is sent, and its response before it is used.

mod messages;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Context, Failure, Memory};
use crate::certcentral::{Answer, Error, Id, KeyAnswer, Session};
use crate::recovery::{self, Begin, Create, Journal, Record};
use crate::schema::{Diagnostic, Json};
use crate::secret::Secret;

/// A POST whose response has a one-time key.
pub struct KeyRequest<'a> {
    /// Path of the POST.
    pub path: &'a str,
    /// Body of the POST.
    pub body: &'a Json,
    /// What is created, such as "subaccount".
    pub noun: &'static str,
    /// The same with its article and names: "a managed subaccount for …".
    pub description: String,
    /// The name that tells it from others, and what that is: an unfinished request of the same subject stops
    /// this one.
    pub subject: (&'static str, &'a str),
    /// Whether an earlier run that created the same and ended in order stops this request.
    pub unique: bool,
    /// The keys that exist before the request, if its effect is found by comparing them with those afterwards.
    pub existing: &'a BTreeSet<Id>,
}

/// How a request begins.
pub enum Begun {
    /// It may be sent; with its record, if there is a `recovery_dir`.
    Fresh(Option<Record>),
    /// A process that was killed sent it and recorded the response. It must not be sent. The record.
    Restored(KeyAnswer, PathBuf),
    /// An earlier run that ended in order sent it. It must not be sent. The records, each with its response.
    Delivered(Vec<(PathBuf, Vec<u8>)>),
    /// The result of an earlier request of the same subject is not known. No request must be sent before the
    /// record is removed.
    Unfinished {
        /// Body of that request.
        body: Json,
        /// The keys that existed before it.
        existing: BTreeSet<Id>,
        /// The record.
        file: PathBuf,
    },
}

/// Why a request gave no key.
pub enum Unanswered {
    /// It had no effect.
    Refused(Error),
    /// It may have had an effect. The record remains until it is discarded.
    Unknown(Error, Option<Record>),
}

impl KeyRequest<'_> {
    /// Looks for records of earlier runs and records the request.
    ///
    /// # Errors
    ///
    /// When the request cannot be recorded.
    pub async fn begin<M: Memory>(
        &self,
        api: &Session,
        cx: &mut Context<M>,
    ) -> Result<Begun, Failure> {
        let Some(journal) = cx.journal().cloned() else { return Ok(Begun::Fresh(None)) };
        let scope = api.account().await?.id.into();
        let existing: Vec<_> = self.existing.iter().map(|id| u64::from(*id)).collect();
        let (path, body, subject) = (self.path, self.body, self.subject.1);
        let create =
            Create { scope, path, subject, body, unique: self.unique, existing: &existing };
        let begun = api.unless_stopped(journal.begin(&create)).await?;
        Ok(match begun.map_err(|error| messages::not_recorded(self.noun, &error))? {
            Begin::Fresh { record, unclaimed } => {
                for file in unclaimed.iter().filter(|_| self.unique) {
                    cx.report(messages::not_restored(self, file));
                }
                Begun::Fresh(Some(record))
            }
            Begin::Adopted { response, file } => {
                Begun::Restored(KeyAnswer::from_bytes(self.path, &response), file)
            }
            Begin::Delivered { records } => Begun::Delivered(records),
            Begin::Unfinished { body, existing, file } => {
                let existing = existing.into_iter().map(Id::from).collect();
                Begun::Unfinished { body, existing, file }
            }
        })
    }

    /// Sends the request, and records its response before anything else is done with it. Returns the response
    /// and its record.
    ///
    /// # Errors
    ///
    /// [`Unanswered`]. A response without an ID and a key counts as none.
    pub async fn send<M: Memory>(
        &self,
        mut record: Option<Record>,
        api: &Session,
        cx: &mut Context<M>,
    ) -> Result<(KeyAnswer, Option<PathBuf>), Unanswered> {
        let mut writing = None;
        let write = |answer: &[u8]| {
            // A response without an ID and a key cannot be restored.
            if let Some(record) = &mut record
                && KeyAnswer::from_bytes(self.path, answer).is_usable()
            {
                writing = Some(record.write_response(answer));
            }
        };
        let answered = api.post_once(self.path, self.body, write).await;
        let unwritten = match writing {
            Some(writing) => writing.await.err(),
            None => None,
        };
        match answered {
            Ok(created) => {
                if let Some(error) = created.answer.as_ref().and_then(Answer::reported) {
                    cx.report(messages::created_with_error(self, &error));
                }
                let file = record.as_ref().map(|record| record.file().to_owned());
                if let (Some(error), Some(file)) = (unwritten, &file) {
                    cx.report(messages::response_not_recorded(self, &error, file));
                }
                Ok((created, file))
            }
            Err(error) if error.effect_unknown() => Err(Unanswered::Unknown(error, record)),
            Err(error) => {
                discard(record).await;
                Err(Unanswered::Refused(error))
            }
        }
    }

    /// The warning that the response in a record became the state.
    pub fn restored(&self, file: &Path) -> Diagnostic {
        messages::restored(self, file)
    }

    /// The message that an earlier run created the same and returned it to Terraform. `advice` says how to
    /// create another one.
    pub fn delivered(
        &self,
        records: &[(PathBuf, Vec<u8>)],
        advice: &str,
        type_name: &str,
    ) -> Failure {
        messages::delivered(self, records, advice, type_name).into()
    }

    /// The message that the request was sent without a usable response.
    pub fn no_response(&self, error: &Error, record: Option<&Path>, candidates: &str) -> Failure {
        messages::no_response(self, error, record, candidates).into()
    }

    /// The message that an earlier run recorded a request, and not its response. `earlier` is what it was about
    /// to create.
    pub fn unfinished(&self, earlier: &str, file: &Path, candidates: &str) -> Failure {
        messages::unfinished(self, earlier, file, candidates).into()
    }
}

/// Removes the record of an earlier request whose result is settled. `noun` is what it was to create.
///
/// # Errors
///
/// When it cannot be removed, so that no request may be sent.
pub async fn settle<M: Memory>(
    noun: &str,
    record: PathBuf,
    cx: &Context<M>,
) -> Result<(), Failure> {
    if let Some(journal) = cx.journal() {
        let settled = journal.settle(record).await;
        settled.map_err(|error| messages::not_recorded(noun, &error))?;
    }
    Ok(())
}

/// Removes the record of a request that had no effect, or whose effect is settled.
pub async fn discard(record: Option<Record>) {
    if let Some(record) = record {
        record.discard().await;
    }
}

/// Removes the records of responses that are in a state: of the object with this ID and this key.
///
/// # Errors
///
/// When a record cannot be removed.
pub async fn forget_records(
    journal: &Journal,
    path: &str,
    id: Option<Id>,
    api_key: Option<&Secret>,
) -> Result<(), recovery::Error> {
    let in_state = |answer: &[u8]| {
        let created = KeyAnswer::from_bytes(path, answer);
        // The state must contain both the ID and the key. After an import, it does not contain the key.
        let has_id = created.id.is_none() || created.id == id;
        let has_key = created.api_key.is_none() || created.api_key.as_ref() == api_key;
        created.is_usable() && has_id && has_key
    };
    journal.forget_record(in_state).await
}
