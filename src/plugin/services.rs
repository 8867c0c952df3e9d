//! The gRPC services that go-plugin calls on any plugin: shutdown, and a stream of output.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};
use tonic::{Request, Response, Status};

use super::wire::grpc_controller_server::GrpcController;
use super::wire::grpc_stdio_server::GrpcStdio;
use super::wire::{Empty, StdioData};

/// Ends the process when the host requests it.
pub(super) struct Controller {
    /// Cancelled when the host requests a shutdown.
    pub(super) shutdown: CancellationToken,
    /// Cancelled before `shutdown` if no write is in progress.
    pub(super) delivered: CancellationToken,
    /// Number of writes in progress.
    pub(super) writes: watch::Receiver<usize>,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        if *self.writes.borrow() == 0 {
            self.delivered.cancel();
        }
        self.shutdown.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Opens the host's stream of output. It carries none: logs go to stderr. Its end means that the host
/// has disconnected.
pub(super) struct Stdio {
    /// Ends the stream. A graceful shutdown of the server would wait for it.
    pub(super) shutdown: CancellationToken,
    /// Cancelled when a stream has ended, whichever side ended it.
    pub(super) closed: CancellationToken,
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = EmptyStream;

    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<EmptyStream>, Status> {
        Ok(Response::new(EmptyStream {
            shutdown: Box::pin(self.shutdown.clone().cancelled_owned()),
            _closed: self.closed.clone().drop_guard(),
        }))
    }
}

/// A stream without items, which ends at the shutdown. The server drops it when the host disconnects.
pub(super) struct EmptyStream {
    shutdown: Pin<Box<WaitForCancellationFutureOwned>>,
    _closed: DropGuard,
}

impl Stream for EmptyStream {
    type Item = Result<StdioData, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.shutdown.as_mut().poll(cx));
        Poll::Ready(None)
    }
}
