//! The gRPC services that the host calls: the provider's, and those that go-plugin calls on any plugin, which are shutdown
//! and a stream of output.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::Request;
use hyper::body::Incoming;
use prost::Message as _;
use prost::bytes::Bytes;
use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};
use tonic::Status;

use super::wire::{Empty, StdioData};
use crate::protocol::grpc::{self, Answer, Call};
use crate::protocol::service::Service;

/// All services.
pub(super) struct Services {
    pub(super) provider: Service,
    pub(super) controller: Controller,
    pub(super) stdio: Stdio,
}

impl Services {
    /// Answers a request of the host.
    pub(super) fn answer(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let path = request.uri().path();
        let start: fn(&Self, Bytes) -> Call = match path {
            "/plugin.GRPCController/Shutdown" => |it, _| it.controller.shutdown(),
            "/plugin.GRPCStdio/StreamStdio" => |it, _| it.stdio.stream(),
            _ => match path.strip_prefix("/tfplugin5.Provider/").and_then(Service::rpc) {
                Some(start) => return grpc::answer(request, move |it| start(&self.provider, it)),
                // At once: the request may be a stream that never has a message, as that of the broker.
                None => {
                    return grpc::refuse(Status::unimplemented(format!(
                        "{path} is not implemented"
                    )));
                }
            },
        };
        grpc::answer(request, move |message| start(&self, message))
    }
}

/// Ends the process when the host requests it.
pub(super) struct Controller {
    /// Cancelled when the host requests a shutdown.
    pub(super) shutdown: CancellationToken,
    /// Cancelled before `shutdown` if no write is in progress.
    pub(super) delivered: CancellationToken,
    /// Number of writes in progress.
    pub(super) writes: watch::Receiver<usize>,
}

impl Controller {
    fn shutdown(&self) -> Call {
        if *self.writes.borrow() == 0 {
            self.delivered.cancel();
        }
        self.shutdown.cancel();
        Box::pin(async { Ok(grpc::one(Empty {}.encode_to_vec())) })
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

impl Stdio {
    fn stream(&self) -> Call {
        let stream = EmptyStream {
            shutdown: Box::pin(self.shutdown.clone().cancelled_owned()),
            _closed: self.closed.clone().drop_guard(),
        };
        Box::pin(async { Ok(grpc::many(stream)) })
    }
}

/// A stream without items, which ends at the shutdown. The server drops it when the host disconnects.
struct EmptyStream {
    shutdown: Pin<Box<WaitForCancellationFutureOwned>>,
    _closed: DropGuard,
}

impl Stream for EmptyStream {
    type Item = StdioData;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        ready!(self.shutdown.as_mut().poll(cx));
        Poll::Ready(None)
    }
}
