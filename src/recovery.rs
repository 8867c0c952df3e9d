//! Records of creates whose answer comes once: what is behind the provider argument `recovery_dir`.
//!
//! A record is a file that says before the POST what is about to be sent, and after it what came
//! back, each synced to the disk. While the process that wrote it lives, it holds a lock on it. At the
//! end of a run that ends in order, its host has every answer: the finished records are renamed from
//! `.record` to `.delivered`. So whoever comes later can tell by the record alone how far a killed
//! process came:
//!
//! | the record holds | locked | the process | a later create |
//! | --- | --- | --- | --- |
//! | not even a whole intent | no | was killed before the POST | removes it |
//! | an intent | no | was killed with the outcome unknown | stops, for the same subject |
//! | an intent and an answer | no | was killed, perhaps before a state had the answer | adopts it, for the same request |
//! | the same, delivered | no | ended in order, so that a state has the answer | stops, for the same request |
//! | anything | yes | is at work | leaves it alone; stops, for the same request |
//!
//! A record is removed when its POST is refused, and when a read or plan shows that a state has what it
//! holds. With `--debug`, one process serves many runs, and a run has ended in order when the next one
//! configures the provider.
//!
//! Waits for a lock and everything on the disk run beside the runtime, on its blocking threads. `begin`
//! is the look at the records before a create, `record` the one that comes of it, `directory` guards the
//! directory, `lock` says who may change it, `file` opens what lies in it and `content` reads it.

mod begin;
mod content;
mod directory;
mod error;
mod file;
mod lock;
mod record;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;

use crate::schema::Json;
use begin::{Prepared, Start};
use content::{Content, Intent};
use lock::DirLock;

pub use directory::RecoveryDir;
pub use error::Error;
pub use lock::Locks;
pub use record::Record;

/// The records of one directory, during one run. Cheap to clone; nothing is touched before a create
/// begins or a record is to be forgotten.
#[derive(Clone)]
pub struct Journal {
    directory: RecoveryDir,
    base_url: String,
    locks: Locks,
    /// Every answer on record, so that a refresh of many objects reads each record once; `None` before
    /// the first one asks.
    answers: Arc<tokio::sync::Mutex<Option<Answers>>>,
}

type Answers = BTreeMap<PathBuf, Vec<u8>>;

/// What is about to be created.
pub struct Create<'a> {
    /// ID of the account it is created in.
    pub scope: u64,
    /// Path of the POST.
    pub path: &'a str,
    /// Name of what it is for. An unfinished create is matched by this name alone, since other arguments
    /// may have been edited.
    pub subject: &'a str,
    /// Body of the POST.
    pub body: &'a Json,
}

/// How a create begins.
pub enum Begin {
    /// Nothing is known of it: the intent is on the disk, and the request may be sent.
    Fresh {
        /// What is to be told how the request went.
        record: Record,
        /// Records with answers to other requests for the same subject, which nobody has taken.
        unclaimed: Vec<PathBuf>,
    },
    /// A process that was killed sent this request and recorded this answer: nothing is to be sent.
    Adopted {
        /// The answer, byte for byte.
        answer: Vec<u8>,
        /// The record it comes from.
        file: PathBuf,
    },
    /// An earlier run sent this request and ended in order, so that a state has the answer: nothing is to
    /// be sent.
    Delivered {
        /// The records of that, each with its answer. With the extension `record`, one would be adopted.
        records: Vec<(PathBuf, Vec<u8>)>,
    },
    /// An earlier process sent, or was about to send, a request for the same subject, and what came of
    /// it is unknown: nothing must be sent before that is resolved and the file deleted.
    Unfinished {
        /// Body of that request.
        body: Json,
        /// The record of it.
        file: PathBuf,
    },
}

impl Journal {
    /// The records in `directory` of what is created at `base_url`, by a process that holds `locks`.
    pub fn new(directory: RecoveryDir, base_url: impl Into<String>, locks: Locks) -> Self {
        Self { directory, base_url: base_url.into(), locks, answers: Arc::default() }
    }

    /// Looks for what earlier processes recorded, and if there is nothing, records the intent.
    ///
    /// A future that is dropped before its end, such as by Stop, leaves the records as they were.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being recorded: nothing must be sent then.
    pub async fn begin(&self, create: &Create<'_>) -> Result<Begin, Error> {
        let _first = self.locks.begin().await;
        let intent = Intent::new(create, &self.base_url);
        let (directory, own) = (self.directory.clone(), self.locks.files());
        let cancelled = CancellationToken::new();
        let _cancel = cancelled.clone().drop_guard();
        let work = move || begin::prepare(&directory, &intent, &own, &cancelled);
        let prepared = beside(work).await?;
        let mut answers = self.answers.lock().await;
        // From here on nothing waits, so that what is begun is never lost.
        let Prepared { start, lock: _lock } = prepared;
        Ok(match start {
            Start::Fresh { record, unclaimed } => {
                Begin::Fresh { record: record.keep(self.clone()), unclaimed }
            }
            Start::Adopted { path, file, answer } => {
                self.locks.hold(&path, Arc::new(file), true);
                if let Some(answers) = &mut *answers {
                    answers.insert(path.clone(), answer.clone());
                }
                Begin::Adopted { answer, file: path }
            }
            Start::Delivered { records } => Begin::Delivered { records },
            Start::Unfinished { path, body } => Begin::Unfinished { body, file: path },
        })
    }

    /// Removes the records whose answer, as `in_state` judges, a state has.
    ///
    /// # Errors
    ///
    /// If the directory is not fit to be used, or a record cannot be removed.
    pub async fn forget_record(
        &self,
        in_state: impl Fn(&[u8]) -> bool + Send,
    ) -> Result<(), Error> {
        let mut answers = self.answers.lock().await;
        let answers = match &mut *answers {
            Some(answers) => answers,
            unread => {
                let directory = self.directory.clone();
                unread.insert(beside(move || read(&directory)).await?)
            }
        };
        let found = answers.iter().filter(|(_, answer)| in_state(answer));
        let found: Answers = found.map(|(path, answer)| (path.clone(), answer.clone())).collect();
        if found.is_empty() {
            return Ok(());
        }
        let directory = self.directory.clone();
        for path in beside(move || remove(&directory, found)).await? {
            answers.remove(&path);
            self.locks.release(&path);
        }
        Ok(())
    }

    /// Notes that a record of this process has its answer.
    async fn finished(&self, path: PathBuf, answer: Vec<u8>) {
        self.locks.finish(&path);
        if let Some(answers) = &mut *self.answers.lock().await {
            answers.insert(path, answer);
        }
    }
}

/// Every answer on record. Whatever is wrong with a record is for the next create to say.
fn read(directory: &RecoveryDir) -> Result<Answers, Error> {
    let mut answers = Answers::new();
    if !directory.exists()? {
        return Ok(answers);
    }
    for entry in directory.records(None)? {
        if let Some(answer) = answer(&entry.path) {
            answers.insert(entry.path, answer);
        }
    }
    Ok(answers)
}

fn answer(path: &Path) -> Option<Vec<u8>> {
    let file = file::open(path, &file::options()).ok()??;
    match Content::parse(&file::read(path, &file).ok()?) {
        Ok(Content::Finished(_, answer)) => Some(answer),
        _ => None,
    }
}

/// Removes these records; those that exist no longer. While another process changes the directory it is
/// left to the next refresh.
fn remove(directory: &RecoveryDir, found: Answers) -> Result<Vec<PathBuf>, Error> {
    let Some(_lock) = DirLock::try_acquire(directory.path())? else { return Ok(Vec::new()) };
    let mut removed = Vec::new();
    for (path, expected) in found {
        // Meanwhile another process may have removed it, and created one of that name.
        if answer(&path) == Some(expected) {
            file::remove(&path)?;
        }
        removed.push(path);
    }
    Ok(removed)
}

/// Runs what blocks beside the runtime, which has one thread.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime has ended, and with it whoever waits.
        Err(Err(_)) => std::future::pending().await,
    }
}
