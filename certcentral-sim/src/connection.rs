//! Connections that a fault can break: reset, closed without an answer, or cut within a body.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections that their handlers can break.
pub(crate) struct Acceptor {
    listener: TcpListener,
    /// Shared with every connection.
    open: Arc<()>,
}

impl Acceptor {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, open: Arc::default() }
    }

    /// Counts the connections from now on.
    pub(crate) fn open(&self) -> Open {
        Open(Arc::downgrade(&self.open))
    }
}

/// The connections that are open.
pub(crate) struct Open(Weak<()>);

impl Open {
    pub(crate) fn count(&self) -> usize {
        // One owner is the acceptor.
        self.0.strong_count().saturating_sub(1)
    }
}

impl Listener for Acceptor {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Otherwise a response in two writes waits for an acknowledgement. An error only costs time.
        let _ = stream.set_nodelay(true);
        let open = Arc::clone(&self.open);
        (Connection { stream, link: Link::default(), _open: open }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Lets a handler break its connection.
#[derive(Clone, Default)]
pub(crate) struct Link(Arc<OnceLock<Cut>>);

/// How a connection ends without an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// With a RST.
    Reset,
    /// With a FIN.
    Close,
}

impl Link {
    /// Makes the next write fail, upon which hyper drops the connection.
    pub(crate) fn cut(&self, cut: Cut) {
        // The first cut of a connection counts.
        let _ = self.0.set(cut);
    }

    /// Whether it is to end without an answer.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.get().is_some()
    }
}

impl Connected<IncomingStream<'_, Acceptor>> for Link {
    fn connect_info(stream: IncomingStream<'_, Acceptor>) -> Self {
        stream.io().link.clone()
    }
}

/// A TCP connection whose writes fail once its link is cut.
pub(crate) struct Connection {
    stream: TcpStream,
    link: Link,
    /// Counts this connection while it exists.
    _open: Arc<()>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(cut) = self.link.0.get() else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        if *cut == Cut::Reset {
            self.stream.set_zero_linger()?;
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A body that promises `promised` bytes and fails after `start`.
pub(crate) struct CutBody {
    start: Option<Bytes>,
    promised: u64,
    flushed: bool,
}

impl CutBody {
    pub(crate) fn new(start: Bytes, promised: u64) -> Self {
        Self { start: Some(start), promised, flushed: false }
    }
}

impl http_body::Body for CutBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(start) = self.start.take() {
            return Poll::Ready(Some(Ok(Frame::data(start))));
        }
        // Hyper flushes what it has when a body is not ready; an error at once would discard it.
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
