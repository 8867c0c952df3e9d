//! The journal: begins creates and removes records.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::begin::{self, Prepared, Start};
use super::blocking;
use super::content::{Create, Intent};
use super::directory::RecoveryDir;
use super::error::Error;
use super::file;
use super::lock::Locks;
use super::record::Record;
use super::responses::Responses;
use crate::schema::Json;

/// The records of one directory, during one run. It is cheap to clone. The directory is accessed only when a
/// create begins or a record may have to be removed.
#[derive(Clone)]
pub struct Journal {
    directory: RecoveryDir,
    base_url: String,
    pub(super) locks: Locks,
    responses: Responses,
}

/// How a create begins.
pub enum Begin {
    /// There is no record of it. Its intent is on disk now, and the request may be sent.
    Fresh {
        /// The record, for the result of the request.
        record: Record,
        /// Records with the responses to other requests for the same subject that are not in a state.
        unclaimed: Vec<PathBuf>,
    },
    /// A process that was killed sent this request and recorded the response. The request must not be sent.
    Adopted {
        /// The body of the response.
        response: Vec<u8>,
        /// The record.
        file: PathBuf,
    },
    /// An earlier run sent this request and ended in order, so that the response is in a state. The request
    /// must not be sent.
    Delivered {
        /// The records, each with its response. A record with the extension `record` would be adopted.
        records: Vec<(PathBuf, Vec<u8>)>,
    },
    /// An earlier process sent, or was about to send, a request for the same subject, and its result is not
    /// known. No request must be sent before a person has deleted the record.
    Unfinished {
        /// The body of that request.
        body: Json,
        /// IDs of objects that existed before it.
        existing: Vec<u64>,
        /// The record.
        file: PathBuf,
    },
}

impl Journal {
    /// The records in `directory` of what is created at `base_url`, by a process with these `locks`.
    pub fn new(directory: RecoveryDir, base_url: impl Into<String>, locks: Locks) -> Self {
        Self { directory, base_url: base_url.into(), locks, responses: Responses::default() }
    }

    /// Reads the records of earlier processes. If there is none for this create, records its intent.
    ///
    /// If the future is dropped before it is ready, the records are unchanged.
    ///
    /// # Errors
    ///
    /// When the intent cannot be recorded. The request must not be sent then.
    pub async fn begin(&self, create: &Create<'_>) -> Result<Begin, Error> {
        let _first = self.locks.begin().await;
        let intent = Intent::new(create, &self.base_url);
        let (directory, own) = (self.directory.clone(), self.locks.files());
        let cancelled = CancellationToken::new();
        let _cancel = cancelled.clone().drop_guard();
        let unique = create.unique;
        let work = move || begin::prepare(&directory, &intent, unique, &own, &cancelled);
        let prepared = blocking::run(work).await?;
        let mut responses = self.responses.lock().await;
        // There is no `await` after this line, so that the result cannot be lost.
        let Prepared { start, lock: _lock } = prepared;
        Ok(match start {
            Start::Fresh { record, unclaimed } => {
                let record = record.keep(self.locks.clone(), self.responses.clone());
                Begin::Fresh { record, unclaimed }
            }
            Start::Adopted { path, file, response } => {
                self.locks.hold(&path, Arc::new(file), true);
                responses.insert(path.clone(), response.clone());
                Begin::Adopted { response, file: path }
            }
            Start::Delivered { records } => Begin::Delivered { records },
            Start::Unfinished { path, intent } => {
                let Intent { body, existing, .. } = intent;
                Begin::Unfinished { body, existing, file: path }
            }
        })
    }

    /// Removes the record of an unfinished create whose result has been settled.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub async fn settle(&self, record: PathBuf) -> Result<(), Error> {
        blocking::run(move || file::remove(&record)).await
    }

    /// Removes the records whose response is in a state, as `in_state` decides.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used, or a record cannot be removed.
    pub async fn forget_record(
        &self,
        in_state: impl Fn(&[u8]) -> bool + Send,
    ) -> Result<(), Error> {
        let mut responses = self.responses.lock().await;
        for path in responses.remove(&self.directory, in_state).await? {
            self.locks.release(&path);
        }
        Ok(())
    }
}
