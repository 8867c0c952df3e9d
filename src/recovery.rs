//! Records of creates whose answer comes once: what is behind the provider argument `recovery_dir`.
//!
//! A record is a file that says before the POST what is about to be sent, and after it what came
//! back, each synced to the disk. While the process that wrote it lives, it holds a lock on it. So
//! whoever comes later can tell by the record alone how far a killed process came:
//!
//! | the record holds | locked | the process | a later create |
//! | --- | --- | --- | --- |
//! | not even a whole intent | no | was killed before the POST | removes it |
//! | an intent | no | was killed with the outcome unknown | stops, for the same organization |
//! | an intent and an answer | no | was killed, or ended well without a refresh since | adopts it, for the same request |
//! | anything | yes | is at work | leaves it alone; stops, for the same request |
//!
//! A record goes when its POST is refused, and when a read or plan shows that a state has what it holds.
//!
//! `folder` guards the folder and `content` is what stands in a file.

mod content;
mod folder;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::schema::Json;
use content::{Content, Intent};
use folder::{Folder, Opened};

/// The records of one folder. Cheap to clone; nothing is touched before a create begins.
#[derive(Clone)]
pub struct Journal {
    folder: Folder,
    base_url: String,
    held: Held,
}

/// What one process holds locks on, for as long as it runs.
#[derive(Clone, Default)]
pub struct Held(Arc<Mutex<BTreeMap<PathBuf, Arc<File>>>>);

impl Held {
    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<File>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is about to be made.
pub struct Create<'a> {
    /// Account behind the key.
    pub account: u64,
    /// Name of the organization, by which an unfinished create is known whatever else was changed.
    pub organization: &'a str,
    /// Body of the request.
    pub body: &'a Json,
}

/// How a create begins.
pub enum Begin {
    /// Nothing is known of it: the intent is on the disk, and the request may be sent.
    Fresh {
        /// What is to be told how the request went.
        record: Record,
        /// Records with answers to other requests for the same organization, which nobody has taken.
        unclaimed: Vec<PathBuf>,
    },
    /// An earlier process sent this request and recorded this answer: nothing is to be sent.
    Adopted {
        /// The answer, byte for byte.
        answer: Zeroizing<Vec<u8>>,
        /// The record it comes from.
        file: PathBuf,
    },
    /// An earlier process sent, or was about to send, a request for the same organization, and what
    /// came of it is unknown: nothing must be sent before that is settled and the file deleted.
    Unfinished {
        /// Body of that request.
        body: Json,
        /// The record of it.
        file: PathBuf,
    },
}

/// Why a create cannot be recorded, and so must not begin. The text is a fragment.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The folder is not fit to hold a key.
    #[error("recovery_dir is {}, which {rule}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it, and what to do.
        rule: String,
    },
    /// The operating system says no.
    #[error("recovery_dir cannot be used: {} cannot be {done}: {cause}", file.display())]
    Io {
        /// File or folder.
        file: PathBuf,
        /// What was tried.
        done: &'static str,
        /// Why not.
        cause: io::Error,
    },
    /// A record of this account makes no sense.
    #[error(
        "the record {} cannot be understood ({cause}): another version of this provider wrote it, or it is \
         damaged. It may hold the only copy of an API key, so look into it, and move it elsewhere once it is \
         settled",
        file.display()
    )]
    Unreadable {
        /// The record.
        file: PathBuf,
        /// What was expected.
        cause: String,
    },
    /// Another process is making the same object right now.
    #[error(
        "process {process} is at work on the very same request, by its record {}. Run this again once that \
         process has ended; for a second object of the same kind, change a name",
        file.display()
    )]
    InProgress {
        /// The record.
        file: PathBuf,
        /// Its number, on the machine it runs on.
        process: u32,
    },
}

impl Journal {
    /// The records in `folder` of what is made at `base_url`, by a process that holds `held`.
    pub fn new(folder: &str, base_url: impl Into<String>, held: Held) -> Self {
        Self { folder: Folder::new(folder), base_url: base_url.into(), held }
    }

    /// Looks for what earlier processes recorded, and where there is nothing, records the intent.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being recorded: nothing must be sent then.
    pub fn begin(&self, create: &Create<'_>) -> Result<Begin, Problem> {
        let intent = Intent::new(create, &self.base_url);
        self.folder.prepare()?;
        // First come, first served, among the tasks of this process and then among processes.
        let mut held = self.held.files();
        let _turn = self.folder.turn()?;
        let mut found = Found::default();
        for file in self.folder.records(Some(create.account))? {
            // What this process wrote itself belongs to another create of its configuration.
            if held.contains_key(&file) {
                continue;
            }
            let Some(opened) = folder::open(&file)? else { continue };
            if let Some(answer) = found.look_at(&file, &opened, &intent)? {
                held.insert(file.clone(), Arc::new(opened.file));
                return Ok(Begin::Adopted { answer, file });
            }
        }
        if let Some(problem) = found.in_progress {
            return Err(problem);
        }
        if let Some((file, body)) = found.unfinished {
            return Ok(Begin::Unfinished { body, file });
        }
        let (file, handle, offset) = self.folder.create(create.account, &intent)?;
        let handle = Arc::new(handle);
        held.insert(file.clone(), Arc::clone(&handle));
        let record = Record { file, handle, offset, held: self.held.clone(), ended: false };
        Ok(Begin::Fresh { record, unclaimed: found.unclaimed })
    }

    /// Removes the records whose answer, as `in_state` judges, a state has.
    ///
    /// # Errors
    ///
    /// Where the folder is not fit to be used, or a record cannot be removed.
    pub fn settle(&self, in_state: impl Fn(&[u8]) -> bool) -> Result<(), Problem> {
        if !self.folder.exists()? {
            return Ok(());
        }
        for file in self.folder.records(None)? {
            // Whatever is wrong with a record is for the next create to say.
            let Ok(Some(bytes)) = folder::read(&file) else { continue };
            if let Ok(Content::Finished(_, answer)) = Content::parse(&bytes)
                && in_state(&answer)
            {
                folder::remove(&file)?;
                self.held.files().remove(&file);
            }
        }
        Ok(())
    }
}

/// What the records say about a create that is about to begin.
#[derive(Default)]
struct Found {
    in_progress: Option<Problem>,
    unfinished: Option<(PathBuf, Json)>,
    unclaimed: Vec<PathBuf>,
}

impl Found {
    /// Notes what this record means for the create; gives back its answer if that is to be adopted.
    fn look_at(
        &mut self,
        file: &Path,
        opened: &Opened,
        intent: &Intent,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Problem> {
        let content = Content::parse(&opened.bytes)
            .map_err(|cause| Problem::Unreadable { file: file.to_owned(), cause })?;
        match (content, opened.locked) {
            // Nothing was sent before the intent was whole, and under our turn nobody is writing one.
            (Content::Torn, false) => folder::remove(file)?,
            (Content::Finished(earlier, answer), false) if earlier.is_same_create(intent) => {
                return Ok(Some(answer));
            }
            (Content::Finished(earlier, _), false) if earlier.is_same_organization(intent) => {
                self.unclaimed.push(file.to_owned());
            }
            (Content::Unfinished(earlier), false) if earlier.is_same_organization(intent) => {
                self.unfinished.get_or_insert_with(|| (file.to_owned(), earlier.body));
            }
            (Content::Finished(earlier, _) | Content::Unfinished(earlier), true)
                if earlier.is_same_create(intent) =>
            {
                let (file, process) = (file.to_owned(), earlier.process);
                self.in_progress.get_or_insert(Problem::InProgress { file, process });
            }
            _ => {}
        }
        Ok(None)
    }
}

/// The record of a request that may now be sent.
///
/// Dropped without another word, it stays behind as one whose outcome is unknown.
pub struct Record {
    file: PathBuf,
    handle: Arc<File>,
    /// Where the answer goes.
    offset: u64,
    held: Held,
    /// It keeps its lock until the process ends.
    ended: bool,
}

impl Record {
    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Writes the answer down, so that it outlives this process.
    ///
    /// # Errors
    ///
    /// Where it cannot be written: on the disk, the outcome stays unknown.
    pub fn answered(&mut self, answer: &[u8]) -> io::Result<()> {
        // Even if it cannot be written, this process has it: no create of ours need be stopped.
        self.ended = true;
        let mut handle = &*self.handle;
        handle.seek(SeekFrom::Start(self.offset))?;
        handle.write_all(&content::answer(answer))?;
        handle.sync_all()
    }

    /// Removes the record: nothing was made.
    pub fn refused(self) {
        // One that cannot be removed stops the next create, which names it.
        let _ = folder::remove(&self.file);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.ended {
            self.held.files().remove(&self.file);
        }
    }
}
