//! The folder: whose it is, who may change it right now, and how a file in it gets onto the disk.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::Problem;
use super::content::{Intent, ROOM};

/// A folder of records, which need not exist yet.
#[derive(Clone)]
pub(super) struct Folder(PathBuf);

/// A record that was opened.
pub(super) struct Opened {
    /// Holds the lock, unless somebody else does.
    pub(super) file: File,
    /// Whether somebody else holds the lock.
    pub(super) locked: bool,
    /// All of it.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

impl Folder {
    pub(super) fn new(path: &str) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.into());
        // Without a slash at its end, which would hide that it is a symbolic link.
        Self(path.components().collect())
    }

    /// Makes the folder where it is missing.
    ///
    /// # Errors
    ///
    /// If it is not ours alone, or cannot be made.
    pub(super) fn prepare(&self) -> Result<(), Problem> {
        if self.exists()? {
            return Ok(());
        }
        let missing: Vec<_> = self.0.ancestors().take_while(|it| !it.exists()).collect();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(&self.0);
        made.map_err(|cause| failed(&self.0, "made", cause))?;
        for parent in missing.into_iter().filter_map(Path::parent) {
            sync(parent)?;
        }
        self.exists().map(drop)
    }

    /// Whether it is there.
    ///
    /// # Errors
    ///
    /// If what is there is not a folder of ours alone.
    pub(super) fn exists(&self) -> Result<bool, Problem> {
        let metadata = match fs::symlink_metadata(&self.0) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(cause) => return Err(failed(&self.0, "looked at", cause)),
        };
        match unfit(&metadata) {
            None => Ok(true),
            Some(rule) => Err(Problem::Folder { folder: self.0.clone(), rule }),
        }
    }

    /// Waits until no other process is about to begin a create in this folder.
    pub(super) fn turn(&self) -> Result<Turn, Problem> {
        let path = self.0.join(".lock");
        let busy = |cause| failed(&path, "locked", cause);
        let begin = Instant::now();
        loop {
            let file = options().create(true).truncate(false).open(&path).map_err(busy)?;
            match file.try_lock() {
                // Whoever had it before has removed the file: a lock on that keeps nobody out.
                Ok(()) if !is_still(&path, &file) => {}
                Ok(()) => return Ok(Turn { path, _file: file }),
                Err(TryLockError::WouldBlock) if begin.elapsed() < PATIENCE => {
                    sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    let cause = "another process has held the lock for very long";
                    return Err(busy(io::Error::other(cause)));
                }
                Err(TryLockError::Error(cause)) => return Err(busy(cause)),
            }
        }
    }

    /// The records of an account, or of all, in the order they were made.
    pub(super) fn records(&self, account: Option<u64>) -> Result<Vec<PathBuf>, Problem> {
        let listed = |cause| failed(&self.0, "listed", cause);
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(listed)? {
            let name = entry.map_err(listed)?.file_name();
            let parts = name.to_str().and_then(parse_name);
            // Whatever has another name is not ours, and none of our business.
            if let Some((of, ordinal)) = parts.filter(|(of, _)| account.is_none_or(|it| it == *of))
            {
                records.push((of, ordinal, self.0.join(&name)));
            }
        }
        records.sort();
        Ok(records.into_iter().map(|(_, _, path)| path).collect())
    }

    /// Makes a record of the intent that survives this process and the machine; locked, with the place
    /// its answer goes to.
    pub(super) fn create(
        &self,
        account: u64,
        intent: &Intent,
    ) -> Result<(PathBuf, File, u64), Problem> {
        for ordinal in 0..u32::MAX {
            let path = self.0.join(name(account, ordinal));
            let file = match options().create_new(true).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(cause) => return Err(failed(&path, "made", cause)),
            };
            let written = write(&file, intent).and_then(|offset| {
                sync_io(&self.0)?;
                Ok(offset)
            });
            return match written {
                Ok(offset) => Ok((path, file, offset)),
                Err(cause) => {
                    // Half an intent, which nobody would take for a whole one anyway.
                    let _ = fs::remove_file(&path);
                    Err(failed(&path, "written", cause))
                }
            };
        }
        Err(failed(&self.0, "added to", io::Error::other("it is full of records")))
    }
}

/// Opens a record and locks it if it is free. Nothing, if it has just gone or is no file.
pub(super) fn open(path: &Path) -> Result<Option<Opened>, Problem> {
    if !is_file(path) {
        return Ok(None);
    }
    let mut file = match options().open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed(path, "opened", cause)),
    };
    let locked = match file.try_lock() {
        Ok(()) => false,
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(cause)) => return Err(failed(path, "locked", cause)),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * ROOM));
    file.read_to_end(&mut bytes).map_err(|cause| failed(path, "read", cause))?;
    Ok(Some(Opened { file, locked, bytes }))
}

/// Reads a record without a lock.
pub(super) fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    if !is_file(path) {
        return Ok(None);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * ROOM));
    File::open(path)?.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Removes a record for good; one that is gone already is fine.
pub(super) fn remove(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(failed(path, "removed", cause))
        }
        _ => path.parent().map_or(Ok(()), sync),
    }
}

/// The right to begin a create; ends when dropped.
pub(super) struct Turn {
    path: PathBuf,
    _file: File,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Left behind, it does no harm; elsewhere than on Unix an open file cannot just be removed.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A create takes milliseconds to begin; this is for a disk in trouble.
const PATIENCE: Duration = Duration::from_secs(10);

fn write(mut file: &File, intent: &Intent) -> io::Result<u64> {
    file.try_lock()?;
    let line = intent.to_line()?;
    // The room is written and not just skipped, for only then is there a place on the disk.
    file.write_all(&[line.as_slice(), &[b' '; ROOM]].concat())?;
    file.sync_all()?;
    u64::try_from(line.len()).map_err(io::Error::other)
}

/// Nobody but us may read what is made with these.
fn options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn name(account: u64, ordinal: u32) -> String {
    format!("digicert-{account}-{ordinal}.record")
}

/// Account and ordinal of the record of that name.
fn parse_name(text: &str) -> Option<(u64, u32)> {
    let (account, ordinal) =
        text.strip_prefix("digicert-")?.strip_suffix(".record")?.split_once('-')?;
    let (account, ordinal) = (account.parse().ok()?, ordinal.parse().ok()?);
    // Not by another spelling, such as leading zeros.
    (name(account, ordinal) == text).then_some((account, ordinal))
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_file())
}

/// What makes it unfit to hold a key.
fn unfit(metadata: &Metadata) -> Option<String> {
    if !metadata.is_dir() {
        return Some(
            "is not a folder (a symbolic link will not do): name the folder itself".into(),
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (owner, us) = (metadata.uid(), nix::unistd::geteuid().as_raw());
        if owner != us {
            return Some(format!(
                "belongs to user {owner}, while this runs as user {us}: name a folder of your own"
            ));
        }
        let mode = metadata.mode() & 0o777;
        if mode != 0o700 {
            return Some(format!(
                "has mode {mode:04o}: API keys are kept there, so it must be 0700 (chmod 700)"
            ));
        }
    }
    None
}

/// Whether the path still leads to this file.
#[cfg(unix)]
fn is_still(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::symlink_metadata(path), file.metadata()) {
        (Ok(there), Ok(here)) => (there.dev(), there.ino()) == (here.dev(), here.ino()),
        _ => false,
    }
}

/// Whether the path still leads to this file, which nobody removes here.
#[cfg(not(unix))]
fn is_still(_: &Path, _: &File) -> bool {
    true
}

fn sync(folder: &Path) -> Result<(), Problem> {
    sync_io(folder).map_err(|cause| failed(folder, "synced to the disk", cause))
}

/// Makes the names in a folder survive the machine, where a folder can be opened.
fn sync_io(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn failed(file: &Path, done: &'static str, cause: io::Error) -> Problem {
    Problem::Io { file: file.to_owned(), done, cause }
}
