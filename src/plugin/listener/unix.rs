//! A Unix socket that only this user, and a group named by the host, can connect to.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::net::UnixListener;

use super::{Error, Io};

/// A socket in a directory that is removed with it.
#[derive(Debug)]
pub(in crate::plugin) struct Socket {
    listener: UnixListener,
    directory: TempDir,
}

impl Socket {
    /// Binds a socket in a new directory inside `parent`, by default the temporary directory. A `group` is
    /// allowed to connect.
    pub(super) fn bind(parent: Option<&str>, group: Option<&str>) -> Result<Self, Error> {
        let parent = parent.map_or_else(std::env::temp_dir, PathBuf::from);
        let (listener, directory) = bind_in(&parent)
            .map_err(|error| Error::Unix { directory: parent.display().to_string(), error })?;
        let socket = Self { listener, directory };
        if let Some(group) = group {
            let gid = gid(group).ok_or_else(|| Error::Group(group.to_owned()))?;
            socket
                .change_group(gid)
                .map_err(|error| Error::ChangeGroup { group: group.to_owned(), error })?;
        }
        Ok(socket)
    }

    /// Allows the group to connect to the socket. For that it may enter the directory, but not list it.
    fn change_group(&self, gid: u32) -> io::Result<()> {
        for (path, mode) in [(self.file(), 0o660), (self.directory.path().into(), 0o710)] {
            chown(&path, None, Some(gid))?;
            fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join(NAME)
    }

    pub(super) fn path(&self) -> String {
        self.file().display().to_string()
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Io>> {
        let (stream, _) = self.listener.accept().await?;
        Ok(Box::new(stream))
    }
}

/// Short: the whole path may have about 100 bytes.
const NAME: &str = "s";

fn bind_in(parent: &Path) -> io::Result<(UnixListener, TempDir)> {
    let private = Permissions::from_mode(0o700);
    let directory =
        tempfile::Builder::new().prefix("digicert-").permissions(private).tempdir_in(parent)?;
    let path = directory.path().join(NAME);
    // The handshake line cannot contain other paths.
    if path.to_str().is_none_or(|path| path.contains(['|', '\n'])) {
        return Err(io::ErrorKind::InvalidFilename.into());
    }
    Ok((UnixListener::bind(path)?, directory))
}

/// The ID of a group that is given by its ID or its name. As in go-plugin, a numeric name is an ID.
fn gid(group: &str) -> Option<u32> {
    group.parse().ok().or_else(|| {
        nix::unistd::Group::from_name(group).ok().flatten().map(|group| group.gid.as_raw())
    })
}
