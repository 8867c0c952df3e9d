//! Accepts connections, with the TLS handshake, and serves gRPC on them.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::listener::{Io, Listener};
use super::services::Services;

/// Serves connections.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) services: Arc<Services>,
    pub(super) tls: Option<TlsAcceptor>,
    /// Cancelled when the process is to exit.
    pub(super) shutdown: CancellationToken,
    /// Number of open connections.
    pub(super) open: watch::Sender<usize>,
}

impl Server {
    /// Accepts connections until the shutdown, then waits until the open ones have sent their responses.
    ///
    /// Each connection is a task of its own, so that a peer that stalls does not delay other peers.
    pub(super) async fn serve(self, listener: Listener) {
        loop {
            let socket = tokio::select! {
                socket = listener.accept() => socket,
                () = self.shutdown.cancelled() => break,
            };
            match socket {
                Ok(socket) => {
                    tokio::spawn(self.clone().serve_connection(socket));
                }
                Err(error) => {
                    log::warn!(error:%; "failed to accept a connection");
                    // Most likely the process has no file descriptor left. Without a pause the loop would spin.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(listener);
        // It does not fail: `self` holds the sender.
        drop(self.open.subscribe().wait_for(|open| *open == 0).await);
    }

    async fn serve_connection(self, socket: Box<dyn Io>) {
        let io: Box<dyn Io> = match &self.tls {
            None => socket,
            Some(tls) => match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(socket)).await {
                Ok(Ok(stream)) => Box::new(stream),
                Ok(Err(error)) => return log::warn!(error:%; "TLS handshake failed"),
                Err(_) => return log::warn!("TLS handshake timed out"),
            },
        };
        let io = TokioIo::new(Connection::new(io, self.open));
        let services = self.services;
        let service = service_fn(move |request| Arc::clone(&services).answer(request));
        let mut connection = pin!(
            http2::Builder::new(TokioExecutor::new())
                .max_concurrent_streams(None)
                .auto_date_header(false)
                .serve_connection(io, service)
        );
        let served = tokio::select! {
            served = &mut connection => served,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // An error means that the peer has disconnected, or that it does not use HTTP/2.
        drop(served);
    }
}

/// Far longer than the host needs: it runs on the same machine.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// An accepted connection, which is counted while it is open.
///
/// It does not offer vectored writes: then HTTP/2 collects the responses that are ready in one buffer, for one record of
/// TLS and one system call. With them it writes each response of more than 256 bytes by itself.
struct Connection {
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

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
