//! What can go wrong with the records.

use std::io;
use std::path::{Path, PathBuf};

/// Why a create cannot be recorded, and so must not begin. The text is a fragment.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory is not fit to hold a key.
    #[error("recovery_dir {} {rule}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// What is wrong with it, and what to do.
        rule: String,
    },
    /// The operating system refuses an operation.
    #[error("recovery_dir cannot be used: cannot {operation} {}: {cause}", file.display())]
    Io {
        /// File or directory.
        file: PathBuf,
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        cause: io::Error,
    },
    /// Something else has the name of a lock or a record.
    #[error(
        "{} is not a regular file, but perhaps a symbolic link, a directory or a named pipe. Remove it from \
         recovery_dir",
        file.display()
    )]
    NotAFile {
        /// What has the name.
        file: PathBuf,
    },
    /// A record of this account is not valid.
    #[error(
        "the record {} is invalid ({cause}): another version of this provider wrote it, or it is damaged. It \
         may contain the only copy of an API key. Inspect it, and move it elsewhere",
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
        "process {process} is processing the same request (record {}). Run this again when that process has \
         ended, or change a name to create a second object",
        file.display()
    )]
    InProgress {
        /// The record.
        file: PathBuf,
        /// Its ID, on the machine it runs on.
        process: u32,
    },
}

impl Error {
    /// The operating system refuses an operation on this file or directory.
    pub(super) fn io(file: &Path, operation: &'static str, cause: impl Into<io::Error>) -> Self {
        Self::Io { file: file.to_owned(), operation, cause: cause.into() }
    }
}
