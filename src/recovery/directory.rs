//! The directory: its path, its owner and mode, and the records in it.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::error::Error;
use super::file;
use super::name;

/// The directory of the records. It may not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryDir(PathBuf);

impl FromStr for RecoveryDir {
    type Err = &'static str;

    /// Accepts an absolute path, or a path below the home directory. A relative path would depend on the
    /// directory in which Terraform is started, which may be another one in the next run.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        let below_home =
            text.strip_prefix('~').and_then(|rest| rest.strip_prefix(std::path::is_separator));
        let path = match below_home {
            Some(rest) => std::env::home_dir()
                .filter(|home| home.is_absolute())
                .ok_or("must be an absolute path, because the home directory is not known")?
                .join(rest),
            None => PathBuf::from(text),
        };
        if !path.is_absolute() {
            return Err("must be an absolute path or begin with ~/");
        }
        // Without a separator at the end: with one, a symbolic link would look like a directory.
        Ok(Self(path.components().collect()))
    }
}

/// A file with the name of a record.
pub(super) struct Entry {
    pub(super) path: PathBuf,
    /// The run that wrote it has ended in order.
    pub(super) delivered: bool,
}

impl RecoveryDir {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Creates the directory if it is missing.
    ///
    /// # Errors
    ///
    /// When it cannot be created, or another user has access to it.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        if self.exists()? {
            return Ok(());
        }
        let missing: Vec<_> = self.0.ancestors().take_while(|it| !it.exists()).collect();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0).map_err(|cause| Error::io(&self.0, "create", cause))?;
        for parent in missing.into_iter().filter_map(Path::parent) {
            file::sync(parent).map_err(|cause| Error::io(parent, "sync", cause))?;
        }
        self.exists().map(drop)
    }

    /// Whether it exists.
    ///
    /// # Errors
    ///
    /// When it is not a directory, or another user has access to it.
    pub(super) fn exists(&self) -> Result<bool, Error> {
        let metadata = match fs::symlink_metadata(&self.0) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(cause) => return Err(Error::io(&self.0, "access", cause)),
        };
        match refusal(&metadata) {
            None => Ok(true),
            Some(rule) => Err(Error::Directory { directory: self.0.clone(), rule }),
        }
    }

    /// The records of a scope, or of all scopes, in the order in which they were created.
    pub(super) fn records(&self, scope: Option<u64>) -> Result<Vec<Entry>, Error> {
        let listed = |cause| Error::io(&self.0, "list", cause);
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(listed)? {
            let name = entry.map_err(listed)?.file_name();
            // Other files are ignored.
            let Some((of, ordinal, delivered)) = name.to_str().and_then(name::parse) else {
                continue;
            };
            if scope.is_none_or(|it| it == of) {
                records.push(((of, ordinal), Entry { path: self.0.join(&name), delivered }));
            }
        }
        records.sort_by_key(|(order, _)| *order);
        Ok(records.into_iter().map(|(_, entry)| entry).collect())
    }
}

/// Why the directory must not contain a key. `None` if it may.
fn refusal(metadata: &Metadata) -> Option<String> {
    if !metadata.is_dir() {
        return Some("is not a directory (symbolic links are not allowed)".into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (owner, user) = (metadata.uid(), nix::unistd::geteuid().as_raw());
        if owner != user {
            return Some(format!(
                "is owned by UID {owner}, but Terraform runs as UID {user}: use a directory you own"
            ));
        }
        let mode = metadata.mode() & 0o777;
        if mode != 0o700 {
            return Some(format!(
                "has mode {mode:04o}, but must have mode 0700, because it contains API keys (chmod 700)"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_absolute_or_below_the_home_directory() {
        let home = std::env::home_dir().unwrap();
        for (text, expected) in [
            ("/var/lib/rec", Path::new("/var/lib/rec").to_owned()),
            ("/var/lib/rec/", Path::new("/var/lib/rec").to_owned()),
            ("~/rec", home.join("rec")),
            ("~/a/../b//", home.join("a/../b")),
            ("~/", home.clone()),
            ("/~/rec", Path::new("/~/rec").to_owned()),
        ] {
            assert_eq!(text.parse(), Ok(RecoveryDir(expected)), "{text}");
        }
        for text in ["", " ", "rec", "./rec", "../rec", "~", "~user/rec", " ~/rec", "$HOME/rec"] {
            let rule = "must be an absolute path or begin with ~/";
            assert_eq!(text.parse::<RecoveryDir>(), Err(rule), "{text:?}");
        }
    }
}
