//! Locks: on the directory, and on the records of this process.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use log::{info, warn};
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::name::DELIVERED;
use super::{blocking, file};

/// The lock on a directory. Only its holder, among all processes, adds, renames and removes records.
pub(super) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Acquires the lock if it is free.
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

    /// Waits for the lock until the timeout, or until `cancelled`. It blocks.
    pub(super) fn acquire(
        directory: &Path,
        timeout: Duration,
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
            if begin.elapsed() > timeout || cancelled.is_cancelled() {
                let cause = io::Error::other("timed out while another process held the lock");
                return Err(Error::io(&directory.join(".lock"), "lock", cause));
            }
            sleep(Duration::from_millis(5));
        }
    }
}

/// The records of this process. Each is locked from its intent until the end of the run. It is cheap to
/// clone.
#[derive(Clone, Default)]
pub struct Locks(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The creates of a process begin one at a time.
    beginning: tokio::sync::Mutex<()>,
    records: Mutex<BTreeMap<PathBuf, Locked>>,
}

struct Locked {
    /// The file is locked while it is open.
    _file: Arc<File>,
    /// The response is on disk.
    finished: bool,
}

impl Locks {
    /// Marks the finished records as delivered and releases them, because the run has ended in order and
    /// Terraform has the responses. A record that cannot be marked within a second is unchanged.
    pub async fn deliver(&self) {
        let finished: Vec<PathBuf> = {
            let records = self.records();
            let finished = records.iter().filter(|(_, it)| it.finished);
            finished.map(|(path, _)| path.clone()).collect()
        };
        if finished.is_empty() {
            return;
        }
        if let Ok(delivered) = blocking::run(move || Ok(deliver(finished))).await {
            self.records().retain(|path, _| !delivered.contains(path));
        }
    }

    /// Waits until no other create of this process is beginning.
    pub(super) async fn begin(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.beginning.lock().await
    }

    pub(super) fn files(&self) -> BTreeSet<PathBuf> {
        self.records().keys().cloned().collect()
    }

    pub(super) fn hold(&self, path: &Path, file: Arc<File>, finished: bool) {
        self.records().insert(path.to_owned(), Locked { _file: file, finished });
    }

    pub(super) fn finish(&self, path: &Path) {
        if let Some(record) = self.records().get_mut(path) {
            record.finished = true;
        }
    }

    pub(super) fn release(&self, path: &Path) {
        self.records().remove(path);
    }

    /// The guard must not be held during a wait or an access to the disk.
    fn records(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Locked>> {
        self.0.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Renames these records. Returns those that were renamed.
fn deliver(records: Vec<PathBuf>) -> BTreeSet<PathBuf> {
    let mut delivered = BTreeSet::new();
    let directories: BTreeSet<_> = records.iter().filter_map(|path| path.parent()).collect();
    for directory in directories {
        let inside = records.iter().filter(|path| path.parent() == Some(directory));
        if let Err(error) = deliver_in(directory, inside, &mut delivered) {
            warn!("failed to mark records as delivered: {error}");
        }
    }
    delivered
}

fn deliver_in<'a>(
    directory: &Path,
    records: impl Iterator<Item = &'a PathBuf>,
    delivered: &mut BTreeSet<PathBuf>,
) -> Result<(), Error> {
    let _lock = DirLock::acquire(directory, DELIVER_TIMEOUT, &CancellationToken::new())?;
    for path in records {
        let renamed = fs::rename(path, path.with_extension(DELIVERED));
        renamed.map_err(|cause| Error::io(path, "rename", cause))?;
        delivered.insert(path.clone());
    }
    file::sync(directory).map_err(|cause| Error::io(directory, "sync", cause))
}

/// Terraform kills the process two seconds after its request to shut down.
const DELIVER_TIMEOUT: Duration = Duration::from_secs(1);
