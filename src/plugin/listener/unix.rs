//! A Unix socket that only this user, or one group the host names, can reach.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::net::UnixListener;

use super::{Error, Io};

/// A socket named `s` in a folder that is removed with it.
#[derive(Debug)]
pub(in crate::plugin) struct Socket {
    listener: UnixListener,
    folder: TempDir,
}

impl Socket {
    /// Binds a socket inside `parent` (else the temporary folder), for `group` too if there is one.
    pub(super) fn bind(parent: Option<&str>, group: Option<&str>) -> Result<Self, Error> {
        let parent = parent.map_or_else(std::env::temp_dir, PathBuf::from);
        let (listener, folder) = in_new_folder(&parent)
            .map_err(|error| Error::Unix { folder: parent.display().to_string(), error })?;
        let socket = Self { listener, folder };
        if let Some(group) = group {
            let gid = gid(group).ok_or_else(|| Error::Group(group.to_owned()))?;
            socket.give_to(gid).map_err(|error| Error::Give { group: group.to_owned(), error })?;
        }
        Ok(socket)
    }

    /// Lets the group connect, and step through the folder on the way, but not look around in it.
    fn give_to(&self, gid: u32) -> io::Result<()> {
        for (path, mode) in [(self.file(), 0o660), (self.folder.path().into(), 0o710)] {
            chown(&path, None, Some(gid))?;
            fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }

    pub(super) fn path(&self) -> String {
        self.file().display().to_string()
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Io>> {
        let (stream, _) = self.listener.accept().await?;
        Ok(Box::new(stream))
    }
}

/// Short, because the whole path has about a hundred bytes to live in.
const NAME: &str = "s";

fn in_new_folder(parent: &Path) -> io::Result<(UnixListener, TempDir)> {
    let private = Permissions::from_mode(0o700);
    let folder =
        tempfile::Builder::new().prefix("digicert-").permissions(private).tempdir_in(parent)?;
    let path = folder.path().join(NAME);
    // The handshake line has no way to spell anything else.
    if path.to_str().is_none_or(|path| path.contains(['|', '\n'])) {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    Ok((UnixListener::bind(path)?, folder))
}

/// A group by its number or its name, numbers first as go-plugin does.
fn gid(group: &str) -> Option<u32> {
    group.parse().ok().or_else(|| {
        nix::unistd::Group::from_name(group).ok().flatten().map(|group| group.gid.as_raw())
    })
}
