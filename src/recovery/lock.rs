//! Who may change which records there are, and which records belong to a process that lives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::directory::DELIVERED;
use super::{Error, beside, file};

/// The right to add, rename and remove records of a directory, among all processes. Ends when dropped.
pub(super) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock if it is free.
    pub(super) fn try_acquire(directory: &Path) -> Result<Option<Self>, Error> {
        let path = directory.join(".lock");
        let missing = || Error::io(&path, "create", io::ErrorKind::NotFound);
        let file = file::open(&path, file::options().create(true))?.ok_or_else(missing)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(Error::io(&path, "lock", cause)),
        }
    }

    /// Waits for the lock, as long as it is not cancelled. Blocks its thread.
    pub(super) fn acquire(
        directory: &Path,
        patience: Duration,
        cancelled: &CancellationToken,
    ) -> Result<Self, Error> {
        let begin = Instant::now();
        let mut waiting = false;
        loop {
            if let Some(lock) = Self::try_acquire(directory)? {
                return Ok(lock);
            }
            if !waiting {
                info!("waiting for another process to release the lock of {}", directory.display());
                waiting = true;
            }
            if begin.elapsed() > patience || cancelled.is_cancelled() {
                let cause = io::Error::other("another process has not released the lock in time");
                return Err(Error::io(&directory.join(".lock"), "lock", cause));
            }
            sleep(Duration::from_millis(5));
        }
    }
}

/// The records of this process, each locked from its intent to the end of the run. Cheap to clone.
#[derive(Clone, Default)]
pub struct Locks(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Creates of one process begin one after the other.
    beginning: tokio::sync::Mutex<()>,
    records: Mutex<BTreeMap<PathBuf, Held>>,
}

struct Held {
    /// Holds the lock for as long as it is open.
    _file: Arc<File>,
    /// The answer is on the disk.
    finished: bool,
}

impl Locks {
    /// Marks the finished records as delivered and releases them: the run ended in order, so its host
    /// has the answers. A record that cannot be marked within a second stays as it is.
    pub async fn deliver(&self) {
        let finished: Vec<PathBuf> = {
            let records = self.records();
            let finished = records.iter().filter(|(_, it)| it.finished);
            finished.map(|(path, _)| path.clone()).collect()
        };
        if finished.is_empty() {
            return;
        }
        if let Ok(delivered) = beside(move || Ok(deliver(finished))).await {
            self.records().retain(|path, _| !delivered.contains(path));
        }
    }

    /// Waits until no other create of this process is about to begin.
    pub(super) async fn begin(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.beginning.lock().await
    }

    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        self.records().keys().cloned().collect()
    }

    pub(super) fn hold(&self, path: &Path, file: Arc<File>, finished: bool) {
        self.records().insert(path.to_owned(), Held { _file: file, finished });
    }

    pub(super) fn finish(&self, path: &Path) {
        if let Some(held) = self.records().get_mut(path) {
            held.finished = true;
        }
    }

    pub(super) fn release(&self, path: &Path) {
        self.records().remove(path);
    }

    /// Held for a moment, never over a wait or the disk.
    fn records(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Held>> {
        self.0.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Renames these records; those that were.
fn deliver(records: Vec<PathBuf>) -> BTreeSet<PathBuf> {
    let mut delivered = BTreeSet::new();
    let directories: BTreeSet<_> = records.iter().filter_map(|path| path.parent()).collect();
    for directory in directories {
        let inside = records.iter().filter(|path| path.parent() == Some(directory));
        if let Err(error) = deliver_in(directory, inside, &mut delivered) {
            warn!("records are not marked as delivered: {error}");
        }
    }
    delivered
}

fn deliver_in<'a>(
    directory: &Path,
    records: impl Iterator<Item = &'a PathBuf>,
    delivered: &mut BTreeSet<PathBuf>,
) -> Result<(), Error> {
    let _lock = DirLock::acquire(directory, PATIENCE, &CancellationToken::new())?;
    for path in records {
        let renamed = fs::rename(path, path.with_extension(DELIVERED));
        renamed.map_err(|cause| Error::io(path, "rename", cause))?;
        delivered.insert(path.clone());
    }
    file::sync(directory).map_err(|cause| Error::io(directory, "sync", cause))
}

/// The host waits two seconds for the process to end.
const PATIENCE: Duration = Duration::from_secs(1);
