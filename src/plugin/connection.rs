//! From an accepted socket to a connection the gRPC server may trust.

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

/// Accepts until the receiving end of `accepted` is gone, and counts what is open in `open`.
///
/// Every TLS handshake runs in a task of its own, so that a peer that is stuck or hostile keeps nobody
/// waiting.
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
                tokio::spawn(admit(socket, tls.clone(), accepted.clone(), open.clone()));
            }
            Err(error) => {
                warn!(%error, "a connection was not accepted");
                // Out of file descriptors, most likely: asking again at once would only spin.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn admit(
    socket: Box<dyn Io>,
    tls: Option<TlsAcceptor>,
    accepted: mpsc::Sender<io::Result<Connection>>,
    open: watch::Sender<usize>,
) {
    let io: Box<dyn Io> = match tls {
        None => socket,
        Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(socket)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return warn!(%error, "a connection failed its TLS handshake"),
            Err(_) => return warn!("a connection took too long over its TLS handshake"),
        },
    };
    // Nobody receives any more once the process is about to leave.
    drop(accepted.send(Ok(Connection::new(io, open))).await);
}

/// Longer than any honest peer on the same machine takes.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// An admitted connection, counted for as long as it is open.
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
