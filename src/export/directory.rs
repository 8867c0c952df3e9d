//! The directory that an export writes to. Nothing changes in it before all files are complete, and files that no
//! export has written are never replaced.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::arguments::PREFIX;
use super::{Options, Types};

/// The first line of every file that an export writes.
pub(super) const MARKER: &str =
    "# Written by `terraform-provider-digicert export`, which replaces this file with --force.";

/// The file with the provider block.
pub(super) const PROVIDER_FILE: &str = "provider.tf";

/// The file with the objects of a type, such as `users.tf`.
pub(super) fn file_name(type_name: &str) -> String {
    let noun = type_name.strip_prefix(PREFIX).unwrap_or(type_name);
    format!("{noun}{}.tf", if noun.ends_with('s') { "" } else { "s" })
}

/// The directory, and the files that this export may write.
pub(super) struct Target {
    directory: PathBuf,
    files: Vec<String>,
    force: bool,
}

impl Target {
    /// Checks the directory before the account is read.
    pub(super) fn check(options: &Options, types: &Types) -> Result<Self, Error> {
        let mut files: Vec<_> = types.keys().map(|name| file_name(name)).collect();
        files.push(PROVIDER_FILE.to_owned());
        let target = Self { directory: options.out.clone(), files, force: options.force };
        target.check_files()?;
        Ok(target)
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// A temporary directory next to the directory, so that complete files can be moved.
    pub(super) fn stage(&self) -> Result<Staging, Error> {
        let parent = match self.directory.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let name = self.directory.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.export-");
        let temporary = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent);
        let temporary = temporary.map_err(|error| self.unusable(parent, error))?;
        let staging = Staging { temporary };
        for directory in [staging.complete(), staging.temporary.path().join(SCRATCH)] {
            fs::create_dir(&directory).map_err(|error| self.unusable(&directory, error))?;
        }
        Ok(staging)
    }

    /// Moves the complete files to the directory, and deletes those of an earlier export that this one does not have.
    pub(super) fn publish(&self, staging: Staging) -> Result<(), Error> {
        let complete = staging.complete();
        if !self.exists()? {
            let moved = fs::rename(&complete, &self.directory);
            return moved.map_err(|error| self.unusable(&self.directory, error));
        }
        // Files may have appeared while the account was read.
        self.check_files()?;
        for name in &self.files {
            let (from, to) = (complete.join(name), self.directory.join(name));
            let result = match from.exists() {
                true => replace(&from, &to),
                false => remove(&to),
            };
            result.map_err(|error| self.unusable(&to, error))?;
        }
        Ok(())
    }

    fn exists(&self) -> Result<bool, Error> {
        match fs::metadata(&self.directory) {
            Ok(found) if found.is_dir() => Ok(true),
            Ok(_) => Err(Error::NotADirectory(self.directory.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.unusable(&self.directory, error)),
        }
    }

    fn check_files(&self) -> Result<(), Error> {
        if !self.exists()? {
            return Ok(());
        }
        let (mut foreign, mut earlier) = (Vec::new(), Vec::new());
        for name in &self.files {
            let path = self.directory.join(name);
            match owner(&path).map_err(|error| self.unusable(&path, error))? {
                Owner::Nobody => {}
                Owner::Export => earlier.push(name.as_str()),
                Owner::Others => foreign.push(name.as_str()),
            }
        }
        let directory = self.directory.clone();
        if !foreign.is_empty() {
            return Err(Error::Foreign { directory, files: foreign.join(", ") });
        }
        if !earlier.is_empty() && !self.force {
            return Err(Error::Earlier { directory, files: earlier.join(", ") });
        }
        Ok(())
    }

    fn unusable(&self, path: &Path, source: io::Error) -> Error {
        Error::Unusable { path: path.to_owned(), source }
    }
}

/// Whose a file is.
enum Owner {
    Nobody,
    Export,
    Others,
}

fn owner(path: &Path) -> io::Result<Owner> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Ok(Owner::Others),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Owner::Nobody),
        Err(error) => return Err(error),
    }
    let mut line = Vec::new();
    let mut start = BufReader::new(File::open(path)?);
    // A file of another kind may have no end of a line at all.
    io::Read::take(&mut start, MARKER.len() as u64 + 1).read_until(b'\n', &mut line)?;
    let is_marker = line.trim_ascii_end() == MARKER.as_bytes();
    Ok(if is_marker { Owner::Export } else { Owner::Others })
}

fn replace(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        // The directory is a mount of its own: the file appears in it when it is complete.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let partial = to.with_extension("tf.partial");
            fs::copy(from, &partial)?;
            fs::rename(&partial, to)
        }
        result => result,
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Files in progress. They are deleted with it.
pub(super) struct Staging {
    temporary: TempDir,
}

impl Staging {
    /// A file of the export.
    pub(super) fn create(&self, name: &str) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::new(File::create_new(self.complete().join(name))?))
    }

    /// The path of a temporary file of the export.
    pub(super) fn scratch(&self, name: &str) -> PathBuf {
        self.temporary.path().join(SCRATCH).join(name)
    }

    fn complete(&self) -> PathBuf {
        self.temporary.path().join("complete")
    }
}

const SCRATCH: &str = "scratch";

/// Why the directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something else is at its path.
    #[error("{0:?} is not a directory; choose another one with --out")]
    NotADirectory(PathBuf),
    /// It has files that no export has written.
    #[error(
        "{directory:?} has files that no export has written: {files}. An export never replaces them, not even with \
         --force. Move them, or choose another directory with --out"
    )]
    Foreign {
        /// The directory.
        directory: PathBuf,
        /// Names, separated by commas.
        files: String,
    },
    /// It has files of an earlier export.
    #[error(
        "{directory:?} has files of an earlier export: {files}. Use --force to replace them, or choose another \
         directory with --out"
    )]
    Earlier {
        /// The directory.
        directory: PathBuf,
        /// Names, separated by commas.
        files: String,
    },
    /// The operating system refuses an operation.
    #[error("cannot write to {path:?}: {source}")]
    Unusable {
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_objects_in_them() {
        let names = ["digicert_user", "digicert_account_settings", "other"].map(file_name);
        assert_eq!(names, ["users.tf", "account_settings.tf", "others.tf"]);
    }
}
