//! Begins a create: decides what the existing records mean for it, and writes a new one. It blocks.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::content::{Content, Intent};
use super::directory::{Entry, RecoveryDir};
use super::error::Error;
use super::file;
use super::lock::DirLock;
use super::record::Unsent;

/// How a create begins. If it is dropped, the records are unchanged.
pub(super) struct Prepared {
    pub(super) start: Start,
    /// Released after `start` has been used.
    pub(super) lock: DirLock,
}

/// See [`Begin`](super::Begin).
pub(super) enum Start {
    Fresh { record: Unsent, unclaimed: Vec<PathBuf> },
    Adopted { path: PathBuf, file: File, response: Vec<u8> },
    Delivered { records: Vec<(PathBuf, Vec<u8>)> },
    Unfinished { path: PathBuf, intent: Intent },
}

/// Reads the records of earlier processes. If there is none for this create, records the intent. The records
/// in `own` belong to other creates of this process and are ignored.
pub(super) fn prepare(
    directory: &RecoveryDir,
    intent: &Intent,
    unique: bool,
    own: &BTreeSet<PathBuf>,
    cancelled: &CancellationToken,
) -> Result<Prepared, Error> {
    directory.prepare()?;
    let lock = DirLock::acquire(directory.path(), TIMEOUT, cancelled)?;
    let mut found = Found::default();
    for entry in directory.records(Some(intent.scope))? {
        if own.contains(&entry.path) {
            continue;
        }
        if let Some(start) = found.add(entry, intent)? {
            return Ok(Prepared { start, lock });
        }
    }
    let start = match found {
        Found { in_progress: Some(error), .. } => return Err(error),
        Found { unfinished: Some((path, intent)), .. } => Start::Unfinished { path, intent },
        Found { delivered: records, .. } if unique && !records.is_empty() => {
            Start::Delivered { records }
        }
        Found { unclaimed, .. } => {
            Start::Fresh { record: Unsent::create(directory, &lock, intent)?, unclaimed }
        }
    };
    Ok(Prepared { start, lock })
}

/// A create begins within milliseconds, unless the disk is overloaded.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the existing records mean for a create.
#[derive(Default)]
struct Found {
    in_progress: Option<Error>,
    unfinished: Option<(PathBuf, Intent)>,
    delivered: Vec<(PathBuf, Vec<u8>)>,
    unclaimed: Vec<PathBuf>,
}

impl Found {
    /// Adds a record. Returns a start if its response is to be adopted.
    fn add(&mut self, entry: Entry, intent: &Intent) -> Result<Option<Start>, Error> {
        let Entry { path, delivered } = entry;
        let Some(file) = file::open(&path, &file::options())? else { return Ok(None) };
        let locked = is_locked(&path, &file)?;
        let content = Content::parse(&file::read(&path, &file)?)
            .map_err(|cause| Error::Invalid { file: path.clone(), cause })?;
        match (content, locked) {
            // A request is sent only after its intent is complete. No other process is writing one now.
            (Content::Incomplete, false) => file::remove(&path)?,
            (Content::Finished(earlier, response), false) if earlier.is_same_create(intent) => {
                if !delivered {
                    return Ok(Some(Start::Adopted { path, file, response }));
                }
                self.delivered.push((path, response));
            }
            // A delivered response is in a state, so that it is not unclaimed.
            (Content::Finished(earlier, _), false)
                if !delivered && earlier.is_same_subject(intent) =>
            {
                self.unclaimed.push(path);
            }
            (Content::Unfinished(earlier), false) if earlier.is_same_subject(intent) => {
                self.unfinished.get_or_insert((path, earlier));
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

/// Locks the record, unless a running process has locked it.
fn is_locked(path: &Path, file: &File) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(cause)) => Err(Error::io(path, "lock", cause)),
    }
}
