//! One file in the directory: opened without following a link, read up to a limit, written and synced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::Error;
use super::content::LARGEST;

/// How a lock or a record is opened: without following a link or waiting for a named pipe, and if it is
/// created, so that only we can read it.
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

/// Opens a regular file with these [`options`]; `None` if there is nothing of that name.
///
/// # Errors
///
/// [`Error::NotAFile`] at once for anything else.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Option<File>, Error> {
    // Looked at first, so that no link is followed elsewhere than on Unix and no device is touched.
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

/// All bytes of a record.
///
/// # Errors
///
/// [`Error::Unreadable`] for more than any record has.
pub(super) fn read(path: &Path, file: &File) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    match u64::try_from(read.map_err(|cause| Error::io(path, "read", cause))?) {
        Ok(..=LARGEST) => Ok(bytes),
        _ => {
            let cause = format!("it is larger than {} KiB", LARGEST >> 10);
            Err(Error::Unreadable { file: path.to_owned(), cause })
        }
    }
}

/// Writes at a place and waits until the disk has it.
pub(super) fn write(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the disk has the names in a directory, where a directory can be opened.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Removes a record permanently; one that is gone already is fine.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    let removed = match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    removed
        .and_then(|()| path.parent().map_or(Ok(()), sync))
        .map_err(|cause| Error::io(path, "remove", cause))
}
