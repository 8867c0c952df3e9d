//! The directory: its path, whose it is, and which records it has.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::content::Intent;
use super::lock::DirLock;
use super::record::Unsent;
use super::{Error, file};

/// The directory that records are kept in, which need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryDir(PathBuf);

impl FromStr for RecoveryDir {
    type Err = &'static str;

    /// An absolute path, or one below the home directory. A relative path would depend on where Terraform
    /// is started, and so not be found by the next run.
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
        // Without a separator at its end, which would hide that it is a symbolic link.
        Ok(Self(path.components().collect()))
    }
}

/// A file that has the name of a record.
pub(super) struct Entry {
    pub(super) path: PathBuf,
    /// The run that wrote it ended in order.
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
    /// If it is not ours alone, or cannot be created.
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
    /// If what exists is not a directory of ours alone.
    pub(super) fn exists(&self) -> Result<bool, Error> {
        let metadata = match fs::symlink_metadata(&self.0) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(cause) => return Err(Error::io(&self.0, "access", cause)),
        };
        match unfit(&metadata) {
            None => Ok(true),
            Some(rule) => Err(Error::Directory { directory: self.0.clone(), rule }),
        }
    }

    /// The records of a scope, or of all, in the order they were created.
    pub(super) fn records(&self, scope: Option<u64>) -> Result<Vec<Entry>, Error> {
        let listed = |cause| Error::io(&self.0, "list", cause);
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(listed)? {
            let name = entry.map_err(listed)?.file_name();
            // Other files are ignored.
            let Some((of, ordinal, delivered)) = name.to_str().and_then(parse_name) else {
                continue;
            };
            if scope.is_none_or(|it| it == of) {
                records.push(((of, ordinal), Entry { path: self.0.join(&name), delivered }));
            }
        }
        records.sort_by_key(|(order, _)| *order);
        Ok(records.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Creates a record of the intent that survives this process and the machine.
    pub(super) fn create(&self, _lock: &DirLock, intent: &Intent) -> Result<Unsent, Error> {
        let line =
            intent.to_line().map_err(|cause| Error::io(&self.0, "add a record to", cause))?;
        for ordinal in 0..u32::MAX {
            let path = self.0.join(name(intent.scope, ordinal, RECORD));
            // Its name is needed at the end of the run.
            let taken = fs::symlink_metadata(path.with_extension(DELIVERED)).is_ok();
            let created = match taken {
                true => continue,
                false => file::options().create_new(true).open(&path),
            };
            match created {
                Ok(file) => return Unsent::write(path, Arc::new(file), &line),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(Error::io(&path, "create", cause)),
            }
        }
        Err(Error::io(&self.0, "add a record to", io::Error::other("it has too many records")))
    }
}

/// Extension of a record.
const RECORD: &str = "record";

/// Extension of a record once its run has ended in order.
pub(super) const DELIVERED: &str = "delivered";

fn name(scope: u64, ordinal: u32, extension: &str) -> String {
    format!("digicert-{scope}-{ordinal}.{extension}")
}

/// Scope and ordinal of the record of that name, and whether it was delivered.
fn parse_name(text: &str) -> Option<(u64, u32, bool)> {
    let (stem, extension) = text.strip_prefix("digicert-")?.rsplit_once('.')?;
    let (scope, ordinal) = stem.split_once('-')?;
    let (scope, ordinal) = (scope.parse().ok()?, ordinal.parse().ok()?);
    let delivered = extension == DELIVERED;
    // Not by another spelling, such as leading zeros.
    let spelled = name(scope, ordinal, if delivered { DELIVERED } else { RECORD });
    (spelled == text).then_some((scope, ordinal, delivered))
}

/// What makes it unfit to hold a key.
fn unfit(metadata: &Metadata) -> Option<String> {
    if !metadata.is_dir() {
        return Some("is not a directory (symbolic links are not allowed)".into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (owner, us) = (metadata.uid(), nix::unistd::geteuid().as_raw());
        if owner != us {
            return Some(format!(
                "is owned by UID {owner}, but Terraform runs as UID {us}: use a directory you own"
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
