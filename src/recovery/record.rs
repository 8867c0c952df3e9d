//! A record of this process: before its request may be sent, and afterwards.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::content::{self, Intent, ROOM};
use super::directory::RecoveryDir;
use super::error::Error;
use super::lock::{DirLock, Locks};
use super::name::{self, DELIVERED, RECORD};
use super::responses::Responses;
use super::{blocking, file};

/// A new record, whose request must not be sent yet. It is removed when it is dropped.
pub(super) struct Unsent {
    path: PathBuf,
    file: Arc<File>,
    /// Position of the response.
    offset: u64,
    kept: bool,
}

impl Unsent {
    /// Creates a record with the intent, and waits until it is on disk.
    pub(super) fn create(
        directory: &RecoveryDir,
        _lock: &DirLock,
        intent: &Intent,
    ) -> Result<Self, Error> {
        let failed = |cause| Error::io(directory.path(), "add a record to", cause);
        let line = intent.to_line().map_err(failed)?;
        for ordinal in 0..u32::MAX {
            let path = directory.path().join(name::name(intent.scope, ordinal, RECORD));
            // At the end of the run, the record is renamed to this name.
            if fs::symlink_metadata(path.with_extension(DELIVERED)).is_ok() {
                continue;
            }
            match file::options().create_new(true).open(&path) {
                Ok(file) => return Self::write(path, Arc::new(file), &line),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(Error::io(&path, "create", cause)),
            }
        }
        Err(failed(io::Error::other("it has too many records")))
    }

    /// Locks the new file and writes the intent.
    fn write(path: PathBuf, file: Arc<File>, line: &[u8]) -> Result<Self, Error> {
        let failed = |cause: io::Error| Error::io(&path, "write", cause);
        let offset = u64::try_from(line.len()).map_err(|error| failed(io::Error::other(error)))?;
        // From here on, an error removes the file.
        let unsent = Self { path: path.clone(), file, offset, kept: false };
        unsent.file.try_lock().map_err(|error| failed(error.into()))?;
        // The room for the response is written, not skipped, so that it is allocated on the disk.
        file::write(&unsent.file, 0, &[line, &[b' '; ROOM]].concat()).map_err(failed)?;
        path.parent().map_or(Ok(()), file::sync).map_err(failed)?;
        Ok(unsent)
    }

    /// The record of a request that may be sent now.
    pub(super) fn keep(mut self, locks: Locks, responses: Responses) -> Record {
        self.kept = true;
        locks.hold(&self.path, Arc::clone(&self.file), false);
        let (path, file) = (self.path.clone(), Arc::clone(&self.file));
        Record { path, file, offset: self.offset, locks, responses, has_response: false }
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        if !self.kept {
            // If this fails, the next create reports the record.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The record of a request that may be sent.
///
/// If it is dropped without a result, the file remains: the result of the request is unknown.
pub struct Record {
    path: PathBuf,
    pub(super) file: Arc<File>,
    /// Position of the response.
    offset: u64,
    locks: Locks,
    responses: Responses,
    /// The lock on the file is kept until the run ends.
    has_response: bool,
}

impl Record {
    /// The file.
    pub fn file(&self) -> &Path {
        &self.path
    }

    /// Records the response. Writing starts at once, on a blocking thread. The future waits until the
    /// response is on disk.
    ///
    /// # Errors
    ///
    /// When it cannot be written. On disk, the result of the request remains unknown.
    pub fn write_response(
        &mut self,
        response: &[u8],
    ) -> impl Future<Output = io::Result<()>> + Send + use<> {
        // Set even if writing fails: this process has the response, so that its other creates may begin.
        self.has_response = true;
        let (file, offset) = (Arc::clone(&self.file), self.offset);
        let bytes = content::response(response);
        let written = tokio::task::spawn_blocking(move || file::write(&file, offset, &bytes?));
        let (path, response) = (self.path.clone(), response.to_owned());
        let (locks, responses) = (self.locks.clone(), self.responses.clone());
        async move {
            written.await??;
            locks.finish(&path);
            responses.lock().await.insert(path, response);
            Ok(())
        }
    }

    /// Removes the record, because the request had no effect.
    pub async fn discard(self) {
        let path = self.path.clone();
        // If this fails, the next create reports the record.
        let _ = blocking::run(move || file::remove(&path)).await;
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.has_response {
            self.locks.release(&self.path);
        }
    }
}
