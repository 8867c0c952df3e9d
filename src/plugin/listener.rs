//! The socket that the host connects to: a Unix socket in a directory of its own, or a TCP port.

use std::io;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

/// A bound socket. Its files are removed when it is dropped.
#[derive(Debug)]
pub(super) enum Listener {
    #[cfg(unix)]
    Unix(unix::Socket),
    Tcp(TcpListener, u16),
}

/// A connection of any kind.
pub(super) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What restricts a listener to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Mutual TLS. No other client is served.
    Tls,
    /// No TLS. A Unix socket has its file permissions; a port is open to every local user.
    None,
}

/// The address of a listener, as go-plugin writes it.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) text: String,
}

impl Listener {
    /// Binds the socket that the environment specifies. It needs a runtime.
    ///
    /// If a Unix socket cannot be created, for example because the path of the temporary directory is too
    /// long for one, a port is used instead. This does not apply if the host names a directory or a group
    /// for the socket, or without TLS: every local user can connect to a port, and a client can make the
    /// provider send its API key to any server. A port without TLS must be requested explicitly.
    pub(super) fn bind(
        environment: impl Fn(&str) -> Option<String>,
        guard: Guard,
    ) -> Result<Self, Error> {
        if environment(LISTEN).is_some_and(|kind| kind.eq_ignore_ascii_case("tcp")) {
            return Self::bind_tcp(environment);
        }
        #[cfg(unix)]
        {
            let directory = environment("PLUGIN_UNIX_SOCKET_DIR");
            let group = environment("PLUGIN_UNIX_SOCKET_GROUP");
            match unix::Socket::bind(directory.as_deref(), group.as_deref()) {
                Ok(socket) => return Ok(Self::Unix(socket)),
                Err(error) if directory.is_some() || group.is_some() => return Err(error),
                Err(error) if guard == Guard::None => {
                    let reason = format!("{error}. Set TMPDIR to another directory");
                    return Err(Error::Unguarded(reason));
                }
                Err(error) => log::info!(error:%; "using a TCP port instead"),
            }
        }
        #[cfg(not(unix))]
        if guard == Guard::None {
            return Err(Error::Unguarded("this system does not support Unix sockets".to_owned()));
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

    /// The address to connect to.
    pub(super) fn address(&self) -> Address {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => Address { network: "unix", text: socket.path() },
            Self::Tcp(_, port) => Address { network: "tcp", text: format!("127.0.0.1:{port}") },
        }
    }

    /// The warning about a port without TLS.
    pub(super) fn warning(&self, guard: Guard) -> Option<String> {
        match (self, guard) {
            (Self::Tcp(_, port), Guard::None) => Some(format!(
                "[WARN] Listening on 127.0.0.1:{port} without TLS: every user of this machine can connect, \
                 and can make the provider send its API key to any server."
            )),
            _ => None,
        }
    }

    /// Waits for the next connection.
    pub(super) async fn accept(&self) -> io::Result<Box<dyn Io>> {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => socket.accept().await,
            Self::Tcp(listener, _) => {
                let (stream, _) = listener.accept().await?;
                // Otherwise Nagle's algorithm and delayed acknowledgements add 40 ms to each call.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// The variable that chooses the kind of socket. `tcp` is its only value.
const LISTEN: &str = "TF_PLUGIN_DIGICERT_LISTEN";

/// The ports that the host allows. Without limits, the system chooses one.
fn port_range(environment: impl Fn(&str) -> Option<String>) -> Result<RangeInclusive<u16>, Error> {
    let port = |name: &'static str| match environment(name) {
        None => Ok(0),
        Some(text) => text.trim().parse().map_err(|_| Error::Port { name, text }),
    };
    let range = port("PLUGIN_MIN_PORT")?..=port("PLUGIN_MAX_PORT")?;
    if range.is_empty() { Err(Error::EmptyRange(range)) } else { Ok(range) }
}

/// Why no socket could be bound.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{name} is not a port number: {text:?}")]
    Port { name: &'static str, text: String },
    #[error("PLUGIN_MIN_PORT {} is above PLUGIN_MAX_PORT {}", .0.start(), .0.end())]
    EmptyRange(RangeInclusive<u16>),
    #[error("no port from {} to {} of 127.0.0.1 is free: {error}", .range.start(), .range.end())]
    Ports { range: RangeInclusive<u16>, error: io::Error },
    #[error(
        "{0}. To listen on 127.0.0.1 instead, where every user of this machine can connect and use the \
         API key of the provider, set {LISTEN}=tcp"
    )]
    Unguarded(String),
    #[error("cannot listen on a port: {0}")]
    Tcp(#[source] io::Error),
    #[cfg(unix)]
    #[error("cannot create a Unix socket in {directory}: {error}")]
    Unix { directory: String, error: io::Error },
    #[cfg(unix)]
    #[error("PLUGIN_UNIX_SOCKET_GROUP is not an existing group: {0:?}")]
    Group(String),
    #[cfg(unix)]
    #[error("cannot change the group of the socket to {group:?}: {error}")]
    ChangeGroup { group: String, error: io::Error },
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
        assert_eq!(range("1", "x"), Err("PLUGIN_MAX_PORT is not a port number: \"x\"".into()));
        assert_eq!(
            range("1", "65536"),
            Err("PLUGIN_MAX_PORT is not a port number: \"65536\"".into())
        );
    }
}
