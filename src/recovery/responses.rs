//! The responses in the records of a directory. A refresh of many objects reads each record once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};

use super::content::Content;
use super::directory::RecoveryDir;
use super::error::Error;
use super::lock::DirLock;
use super::{blocking, file};

/// The cache of all recorded responses. It is cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Responses(Arc<Mutex<Cache>>);

impl Responses {
    pub(super) async fn lock(&self) -> MutexGuard<'_, Cache> {
        self.0.lock().await
    }
}

/// Each response by the path of its record. `None` before the first use.
#[derive(Default)]
pub(super) struct Cache(Option<ByRecord>);

type ByRecord = BTreeMap<PathBuf, Vec<u8>>;

impl Cache {
    /// Adds the response of a new record.
    pub(super) fn insert(&mut self, path: PathBuf, response: Vec<u8>) {
        if let Some(responses) = &mut self.0 {
            responses.insert(path, response);
        }
    }

    /// Forgets the response of a record that is being removed.
    pub(super) fn forget(&mut self, path: &Path) {
        if let Some(responses) = &mut self.0 {
            responses.remove(path);
        }
    }

    /// Removes the records whose response is in a state. Returns their paths.
    pub(super) async fn remove(
        &mut self,
        directory: &RecoveryDir,
        in_state: impl Fn(&[u8]) -> bool + Send,
    ) -> Result<Vec<PathBuf>, Error> {
        let responses = match &mut self.0 {
            Some(responses) => responses,
            unread => {
                let directory = directory.clone();
                unread.insert(blocking::run(move || read(&directory)).await?)
            }
        };
        let found = responses.iter().filter(|(_, response)| in_state(response));
        let found: ByRecord = found.map(|(path, it)| (path.clone(), it.clone())).collect();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let directory = directory.clone();
        let removed = blocking::run(move || remove(&directory, found)).await?;
        responses.retain(|path, _| !removed.contains(path));
        Ok(removed)
    }
}

/// Reads all responses. Invalid records are ignored: the next create reports them.
fn read(directory: &RecoveryDir) -> Result<ByRecord, Error> {
    let mut responses = ByRecord::new();
    if !directory.exists()? {
        return Ok(responses);
    }
    for entry in directory.records(None)? {
        if let Some(response) = response(&entry.path) {
            responses.insert(entry.path, response);
        }
    }
    Ok(responses)
}

fn response(path: &Path) -> Option<Vec<u8>> {
    let file = file::open(path, &file::options()).ok()??;
    match Content::parse(&file::read(path, &file).ok()?) {
        Ok(Content::Finished(_, response)) => Some(response),
        _ => None,
    }
}

/// Removes these records, unless another process is changing the directory. Then the next refresh does it.
/// Returns the records that do not exist any longer.
fn remove(directory: &RecoveryDir, found: ByRecord) -> Result<Vec<PathBuf>, Error> {
    let Some(_lock) = DirLock::try_acquire(directory.path())? else { return Ok(Vec::new()) };
    let mut removed = Vec::new();
    for (path, expected) in found {
        // Another process may have removed the record since, and created one with the same name.
        if response(&path) == Some(expected) {
            file::remove(&path)?;
        }
        removed.push(path);
    }
    Ok(removed)
}
