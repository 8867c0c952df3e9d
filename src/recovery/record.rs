//! A record of this process: before its request is sent, and from then on.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::content::{self, ROOM};
use super::{Error, Journal, beside, file};

/// A new record, whose request has not been sent: dropped, it is removed again.
pub(super) struct Unsent {
    path: PathBuf,
    file: Arc<File>,
    /// Where the answer goes.
    offset: u64,
    kept: bool,
}

impl Unsent {
    /// Locks the new file, and waits until the disk has the intent.
    pub(super) fn write(path: PathBuf, file: Arc<File>, line: &[u8]) -> Result<Self, Error> {
        let failed = |cause: io::Error| Error::io(&path, "write", cause);
        let offset = u64::try_from(line.len()).map_err(|error| failed(io::Error::other(error)))?;
        // From here on, half an intent goes when this is dropped.
        let unsent = Self { path: path.clone(), file, offset, kept: false };
        unsent.file.try_lock().map_err(|error| failed(error.into()))?;
        // The room is written and not skipped, so that the disk has a place for it.
        file::write(&unsent.file, 0, &[line, &[b' '; ROOM]].concat()).map_err(failed)?;
        path.parent().map_or(Ok(()), file::sync).map_err(failed)?;
        Ok(unsent)
    }

    /// The record of a request that may be sent from now on.
    pub(super) fn keep(mut self, journal: Journal) -> Record {
        self.kept = true;
        journal.locks.hold(&self.path, Arc::clone(&self.file), false);
        let (path, file) = (self.path.clone(), Arc::clone(&self.file));
        Record { path, file, offset: self.offset, journal, ended: false }
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        if !self.kept {
            // One that cannot be removed stops the next create, which names it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The record of a request that may now be sent.
///
/// Dropped without another word, it stays behind as one whose outcome is unknown.
pub struct Record {
    path: PathBuf,
    pub(super) file: Arc<File>,
    /// Where the answer goes.
    offset: u64,
    journal: Journal,
    /// It keeps its lock until the run ends.
    ended: bool,
}

impl Record {
    /// The file.
    pub fn file(&self) -> &Path {
        &self.path
    }

    /// Writes the answer down, so that it outlives this process. The writing starts at once, beside the
    /// runtime, and the future waits until the disk has it.
    ///
    /// # Errors
    ///
    /// If it cannot be written: on the disk, the outcome stays unknown.
    pub fn answered(
        &mut self,
        answer: &[u8],
    ) -> impl Future<Output = io::Result<()>> + Send + use<> {
        // Even if it cannot be written, this process has it: no create of ours need be stopped.
        self.ended = true;
        let (file, offset, bytes) = (Arc::clone(&self.file), self.offset, content::answer(answer));
        let written = tokio::task::spawn_blocking(move || file::write(&file, offset, &bytes?));
        let (path, journal, answer) = (self.path.clone(), self.journal.clone(), answer.to_owned());
        async move {
            written.await??;
            journal.finished(path, answer).await;
            Ok(())
        }
    }

    /// Removes the record: nothing was made.
    pub async fn discard(self) {
        let path = self.path.clone();
        // One that cannot be removed stops the next create, which names it.
        let _ = beside(move || file::remove(&path)).await;
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.ended {
            self.journal.locks.release(&self.path);
        }
    }
}
