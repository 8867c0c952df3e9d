//! What go-plugin's host asks of any plugin: to leave, and a stream that tells whether the host lives.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};
use tonic::{Request, Response, Status};

use super::wire::grpc_controller_server::GrpcController;
use super::wire::grpc_stdio_server::GrpcStdio;
use super::wire::{Empty, StdioData};

/// Lets the host end the process.
pub(super) struct Controller {
    /// Cancelled when the host asks.
    pub(super) leaving: CancellationToken,
    /// Cancelled before that, if no write is under way.
    pub(super) delivered: CancellationToken,
    /// How many writes are under way.
    pub(super) writes: watch::Receiver<usize>,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        if *self.writes.borrow() == 0 {
            self.delivered.cancel();
        }
        self.leaving.cancel();
        Ok(Response::new(Empty {}))
    }
}

/// Holds the host's stream of output, which carries none: logs go to stderr.
pub(super) struct Stdio {
    /// Ends the stream, which would otherwise hold up a graceful end for ever.
    pub(super) leaving: CancellationToken,
    /// Cancelled when a stream has ended, whoever ended it.
    pub(super) host_gone: CancellationToken,
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Silence;

    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<Silence>, Status> {
        Ok(Response::new(Silence {
            leaving: Box::pin(self.leaving.clone().cancelled_owned()),
            _host_gone: self.host_gone.clone().drop_guard(),
        }))
    }
}

/// A stream without items. The server drops it when the host hangs up or dies.
pub(super) struct Silence {
    leaving: Pin<Box<WaitForCancellationFutureOwned>>,
    _host_gone: DropGuard,
}

impl Stream for Silence {
    type Item = Result<StdioData, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.leaving.as_mut().poll(cx));
        Poll::Ready(None)
    }
}
