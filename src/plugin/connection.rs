//! Accepts connections, with the TLS handshake, for the gRPC server.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tonic::transport::server::Connected;
use tracing::warn;

use super::listener::{Io, Listener};

/// Accepts connections until `accepted` is closed, and counts the open ones in `open`.
///
/// Each TLS handshake runs in a task of its own, so that a peer that stalls does not delay other peers.
pub(super) async fn accept(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    accepted: mpsc::Sender<io::Result<Connection>>,
    open: watch::Sender<usize>,
) {
    loop {
        let socket = tokio::select! {
            socket = listener.accept() => socket,
            () = accepted.closed() => return,
        };
        match socket {
            Ok(socket) => {
                tokio::spawn(accept_tls(socket, tls.clone(), accepted.clone(), open.clone()));
            }
            Err(error) => {
                warn!(%error, "failed to accept a connection");
                // Most likely the process has no file descriptor left. Without a pause the loop would spin.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn accept_tls(
    socket: Box<dyn Io>,
    tls: Option<TlsAcceptor>,
    accepted: mpsc::Sender<io::Result<Connection>>,
    open: watch::Sender<usize>,
) {
    let io: Box<dyn Io> = match tls {
        None => socket,
        Some(tls) => match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(socket)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return warn!(%error, "TLS handshake failed"),
            Err(_) => return warn!("TLS handshake timed out"),
        },
    };
    // An error means that the server is shutting down.
    drop(accepted.send(Ok(Connection::new(io, open))).await);
}

/// Far longer than the host needs: it runs on the same machine.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// An accepted connection, which is counted while it is open.
pub(super) struct Connection {
    io: Box<dyn Io>,
    open: watch::Sender<usize>,
}

impl Connection {
    fn new(io: Box<dyn Io>, open: watch::Sender<usize>) -> Self {
        open.send_modify(|open| *open += 1);
        Self { io, open }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.send_modify(|open| *open -= 1);
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
