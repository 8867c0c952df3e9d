//! Access to one file: opened without following a link, read up to a limit, written and synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::content::LARGEST;
use super::error::Error;

/// The options for a lock or a record. Links are not followed, and a named pipe does not block. Only this
/// user can read a file that is created.
pub(super) fn options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK);
    }
    options
}

/// Opens a regular file with these [`options`]. `None` if it does not exist.
///
/// # Errors
///
/// [`Error::NotAFile`] if it is not a regular file.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Option<File>, Error> {
    // Checked before it is opened, so that no device is opened, and no link is followed on any system.
    let is_other = || fs::symlink_metadata(path).is_ok_and(|it| !it.is_file());
    if is_other() {
        return Err(Error::NotAFile { file: path.to_owned() });
    }
    match options.open(path) {
        Ok(file) if file.metadata().is_ok_and(|it| it.is_file()) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) if !is_other() => Err(Error::io(path, "open", cause)),
        _ => Err(Error::NotAFile { file: path.to_owned() }),
    }
}

/// Reads a record.
///
/// # Errors
///
/// [`Error::Invalid`] if it is too large.
pub(super) fn read(path: &Path, file: &File) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    match u64::try_from(read.map_err(|cause| Error::io(path, "read", cause))?) {
        Ok(..=LARGEST) => Ok(bytes),
        _ => {
            let cause = format!("it is larger than {} KiB", LARGEST >> 10);
            Err(Error::Invalid { file: path.to_owned(), cause })
        }
    }
}

/// Writes at an offset, and waits until the bytes are on disk.
pub(super) fn write(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the names in a directory are on disk. Only Unix can do this.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Removes a record, and waits until this is on disk. It may not exist.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let removed = match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    removed
        .and_then(|()| path.parent().map_or(Ok(()), sync))
        .map_err(|cause| Error::io(path, "remove", cause))
}
