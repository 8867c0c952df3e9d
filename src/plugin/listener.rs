//! The socket the host connects to: a Unix socket in a folder of its own, or a port of this machine.

use std::io;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

/// A bound socket. Dropping it removes what it left in the file system.
#[derive(Debug)]
pub(super) enum Listener {
    #[cfg(unix)]
    Unix(unix::Socket),
    Tcp(TcpListener, u16),
}

/// Bytes both ways, whatever carries them.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What keeps others away from a listener that they can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Mutual TLS: only the host is served.
    Tls,
    /// No TLS: a socket has the permissions of the file system, a port has nothing.
    None,
}

/// Where a listener can be reached, in the words of go-plugin.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) text: String,
}

impl Listener {
    /// Binds what the environment asks for. Needs a runtime around it.
    ///
    /// Where no Unix socket can be had, say because the path of the temporary directory is too long for
    /// one, a port takes its place; but not if the host named a directory or group for the socket, and
    /// not without TLS: whoever reaches the provider can have the API key of this process sent to a
    /// server of their own, and every local user reaches a port. A person may still ask for one.
    pub(super) fn bind(
        environment: impl Fn(&str) -> Option<String>,
        guard: Guard,
    ) -> Result<Self, Error> {
        if environment(LISTEN).is_some_and(|kind| kind.eq_ignore_ascii_case("tcp")) {
            return Self::bind_tcp(environment);
        }
        #[cfg(unix)]
        {
            let folder = environment("PLUGIN_UNIX_SOCKET_DIR");
            let group = environment("PLUGIN_UNIX_SOCKET_GROUP");
            match unix::Socket::bind(folder.as_deref(), group.as_deref()) {
                Ok(socket) => return Ok(Self::Unix(socket)),
                Err(error) if folder.is_some() || group.is_some() => return Err(error),
                Err(error) if guard == Guard::None => {
                    let reason = format!("{error}. Set TMPDIR to another directory");
                    return Err(Error::Unguarded(reason));
                }
                Err(error) => tracing::info!(%error, "listening on a port instead"),
            }
        }
        #[cfg(not(unix))]
        if guard == Guard::None {
            return Err(Error::Unguarded("this system has no Unix sockets".to_owned()));
        }
        Self::bind_tcp(environment)
    }

    fn bind_tcp(environment: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let range = port_range(environment)?;
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in range.clone() {
            match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                Ok(listener) => return Self::from_std(listener).map_err(Error::Tcp),
                Err(error) => last = error,
            }
        }
        Err(Error::Ports { range, error: last })
    }

    fn from_std(listener: std::net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self::Tcp(TcpListener::from_std(listener)?, port))
    }

    /// Where the host finds this listener.
    pub(super) fn address(&self) -> Address {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => Address { network: "unix", text: socket.path() },
            Self::Tcp(_, port) => Address { network: "tcp", text: format!("127.0.0.1:{port}") },
        }
    }

    /// What a person must know who asked for a port without TLS.
    pub(super) fn warning(&self, guard: Guard) -> Option<String> {
        match (self, guard) {
            (Self::Tcp(_, port), Guard::None) => Some(format!(
                "[WARN] Listening on 127.0.0.1:{port} without TLS: every user of this machine can connect, \
                 and have the API key of this environment sent to a server of their own."
            )),
            _ => None,
        }
    }

    /// Waits for the next peer.
    pub(super) async fn accept(&self) -> io::Result<Box<dyn Io>> {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => socket.accept().await,
            Self::Tcp(listener, _) => {
                let (stream, _) = listener.accept().await?;
                // Without it Nagle's algorithm and delayed acknowledgements cost 40 ms a call.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// Chooses the kind of socket; only `tcp` means anything.
const LISTEN: &str = "TF_PLUGIN_DIGICERT_LISTEN";

/// The ports the host allows; none named means whichever is free.
fn port_range(environment: impl Fn(&str) -> Option<String>) -> Result<RangeInclusive<u16>, Error> {
    let port = |name: &'static str| match environment(name) {
        None => Ok(0),
        Some(text) => text.trim().parse().map_err(|_| Error::Port { name, text }),
    };
    let range = port("PLUGIN_MIN_PORT")?..=port("PLUGIN_MAX_PORT")?;
    if range.is_empty() { Err(Error::EmptyRange(range)) } else { Ok(range) }
}

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{name} is not a port: {text:?}")]
    Port { name: &'static str, text: String },
    #[error("PLUGIN_MIN_PORT {} is above PLUGIN_MAX_PORT {}", .0.start(), .0.end())]
    EmptyRange(RangeInclusive<u16>),
    #[error("no port from {} to {} of 127.0.0.1 is free: {error}", .range.start(), .range.end())]
    Ports { range: RangeInclusive<u16>, error: io::Error },
    #[error(
        "{0}. To listen on 127.0.0.1 instead, where every user of this machine can connect and use the \
         API key of this environment, set {LISTEN}=tcp"
    )]
    Unguarded(String),
    #[error("the port cannot be listened on: {0}")]
    Tcp(#[source] io::Error),
    #[cfg(unix)]
    #[error("no Unix socket in {folder}: {error}")]
    Unix { folder: String, error: io::Error },
    #[cfg(unix)]
    #[error("PLUGIN_UNIX_SOCKET_GROUP names no group: {0:?}")]
    Group(String),
    #[cfg(unix)]
    #[error("the socket cannot be given to the group {group:?}: {error}")]
    Give { group: String, error: io::Error },
}

#[cfg(unix)]
mod unix;

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: &str, max: &str) -> Result<RangeInclusive<u16>, String> {
        let value = |name: &str| match name {
            "PLUGIN_MIN_PORT" => Some(min),
            "PLUGIN_MAX_PORT" => Some(max),
            _ => None,
        };
        port_range(|name| value(name).filter(|text| !text.is_empty()).map(Into::into))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn ports() {
        assert_eq!(range("10000", "25000"), Ok(10000..=25000));
        assert_eq!(range("", ""), Ok(0..=0));
        assert_eq!(range("3", "2"), Err("PLUGIN_MIN_PORT 3 is above PLUGIN_MAX_PORT 2".into()));
        assert_eq!(range("1", "x"), Err("PLUGIN_MAX_PORT is not a port: \"x\"".into()));
        assert_eq!(range("1", "65536"), Err("PLUGIN_MAX_PORT is not a port: \"65536\"".into()));
    }
}
