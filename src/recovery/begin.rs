//! The blocking part of a begin: what the records say about a create, and a new record if nothing.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::content::{Content, Intent};
use super::directory::{Entry, RecoveryDir};
use super::lock::DirLock;
use super::record::Unsent;
use super::{Error, file};
use crate::schema::Json;

/// How a create begins, and the right to begin one. Dropped, it leaves the records as they were.
pub(super) struct Prepared {
    pub(super) start: Start,
    /// Released last.
    pub(super) lock: DirLock,
}

/// See [`Begin`](super::Begin).
pub(super) enum Start {
    Fresh { record: Unsent, unclaimed: Vec<PathBuf> },
    Adopted { path: PathBuf, file: File, answer: Vec<u8> },
    Delivered { records: Vec<(PathBuf, Vec<u8>)> },
    Unfinished { path: PathBuf, body: Json },
}

/// Looks for what earlier processes recorded, and if there is nothing, records the intent. `own` are the
/// records of this process, which belong to other creates of its configuration.
pub(super) fn prepare(
    directory: &RecoveryDir,
    intent: &Intent,
    own: &BTreeSet<PathBuf>,
    cancelled: &CancellationToken,
) -> Result<Prepared, Error> {
    directory.prepare()?;
    let lock = DirLock::acquire(directory.path(), PATIENCE, cancelled)?;
    let mut found = Found::default();
    for entry in directory.records(Some(intent.scope))? {
        if own.contains(&entry.path) {
            continue;
        }
        if let Some(start) = found.look_at(entry, intent)? {
            return Ok(Prepared { start, lock });
        }
    }
    let start = match found {
        Found { in_progress: Some(error), .. } => return Err(error),
        Found { unfinished: Some((path, body)), .. } => Start::Unfinished { path, body },
        Found { delivered: records, .. } if !records.is_empty() => Start::Delivered { records },
        Found { unclaimed, .. } => {
            Start::Fresh { record: directory.create(&lock, intent)?, unclaimed }
        }
    };
    Ok(Prepared { start, lock })
}

/// A create takes milliseconds to begin; this is for a disk in trouble.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the records say about a create that is about to begin.
#[derive(Default)]
struct Found {
    in_progress: Option<Error>,
    unfinished: Option<(PathBuf, Json)>,
    delivered: Vec<(PathBuf, Vec<u8>)>,
    unclaimed: Vec<PathBuf>,
}

impl Found {
    /// Notes what this record means for the create; whether its answer is to be adopted.
    fn look_at(&mut self, entry: Entry, intent: &Intent) -> Result<Option<Start>, Error> {
        let Entry { path, delivered } = entry;
        let Some(file) = file::open(&path, &file::options())? else { return Ok(None) };
        let locked = is_locked(&path, &file)?;
        let content = Content::parse(&file::read(&path, &file)?)
            .map_err(|cause| Error::Unreadable { file: path.clone(), cause })?;
        match (content, locked) {
            // Nothing was sent before the intent was whole, and nobody but us is writing one now.
            (Content::Torn, false) => file::remove(&path)?,
            (Content::Finished(earlier, answer), false) if earlier.is_same_create(intent) => {
                if !delivered {
                    return Ok(Some(Start::Adopted { path, file, answer }));
                }
                self.delivered.push((path, answer));
            }
            // A delivered answer is in a state.
            (Content::Finished(earlier, _), false)
                if !delivered && earlier.is_same_subject(intent) =>
            {
                self.unclaimed.push(path);
            }
            (Content::Unfinished(earlier), false) if earlier.is_same_subject(intent) => {
                self.unfinished.get_or_insert((path, earlier.body));
            }
            (Content::Finished(earlier, _) | Content::Unfinished(earlier), true)
                if earlier.is_same_create(intent) =>
            {
                let process = earlier.process;
                self.in_progress.get_or_insert(Error::InProgress { file: path, process });
            }
            _ => {}
        }
        Ok(None)
    }
}

/// Locks the record, unless a process that lives has locked it.
fn is_locked(path: &Path, file: &File) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(cause)) => Err(Error::io(path, "lock", cause)),
    }
}
