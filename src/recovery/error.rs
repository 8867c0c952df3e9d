//! Why the records cannot be used.

use std::io;
use std::path::{Path, PathBuf};

/// Why a create cannot be recorded, so that it must not begin. The text is a fragment.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory must not contain a key.
    #[error("recovery_dir {} {rule}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// The problem, and what to do.
        rule: String,
    },
    /// An operation on a file failed.
    #[error("recovery_dir cannot be used: cannot {operation} {}: {cause}", file.display())]
    Io {
        /// File or directory.
        file: PathBuf,
        /// The operation.
        operation: &'static str,
        /// The cause.
        cause: io::Error,
    },
    /// A lock or a record is not a regular file.
    #[error(
        "{} is not a regular file, but perhaps a symbolic link, a directory or a named pipe. Remove it from \
         recovery_dir",
        file.display()
    )]
    NotAFile {
        /// The path.
        file: PathBuf,
    },
    /// A record is not valid.
    #[error(
        "the record {} is invalid ({cause}): another version of this provider wrote it, or it is damaged. It \
         may contain the only copy of an API key. Inspect it, and move it elsewhere",
        file.display()
    )]
    Invalid {
        /// The record.
        file: PathBuf,
        /// The problem.
        cause: String,
    },
    /// Another process is creating the same object.
    #[error(
        "process {process} is processing the same request (record {}). Run this again when that process has \
         ended, or change a name to create a second object",
        file.display()
    )]
    InProgress {
        /// The record.
        file: PathBuf,
        /// The ID of the process, on its machine.
        process: u32,
    },
}

impl Error {
    /// An operation on this file or directory failed.
    pub(super) fn io(file: &Path, operation: &'static str, cause: impl Into<io::Error>) -> Self {
        Self::Io { file: file.to_owned(), operation, cause: cause.into() }
    }
}
