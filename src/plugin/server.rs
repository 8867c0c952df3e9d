//! The gRPC server with all of its services, from the first connection to the exit of the process.

use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tracing::debug;

use super::connection;
use super::lifetime::{Lifetime, Mode, Signals};
use super::listener::Listener;
use super::services::{Controller, Stdio};
use super::wire::grpc_controller_server::GrpcControllerServer;
use super::wire::grpc_stdio_server::GrpcStdioServer;
use crate::protocol::service::Service;
use crate::protocol::tfplugin5::provider_server::ProviderServer;

/// Serves until the process is to exit. Then the files of `listener` are removed.
pub(super) async fn run(
    service: Service,
    listener: Listener,
    tls: Option<TlsAcceptor>,
    mode: Mode,
    signals: Signals,
) {
    debug!(address = listener.address().text, tls = tls.is_some(), "serving");
    let lifetime = Lifetime::new(mode);
    let writes = service.writes_in_progress();
    let (cancel_pending, end_run) = (service.cancel_pending(), service.end_run());
    let (accepted, connections) = mpsc::channel(1);
    let accepting = connection::accept(listener, tls, accepted, lifetime.connections.clone());
    let controller = Controller {
        shutdown: lifetime.shutdown.clone(),
        delivered: lifetime.delivered.clone(),
        writes: writes.clone(),
    };
    let stdio =
        Stdio { shutdown: lifetime.shutdown.clone(), closed: lifetime.stdio_closed.clone() };
    let server = Server::builder()
        .add_service(
            ProviderServer::new(service)
                .max_decoding_message_size(MAX_MESSAGE_SIZE)
                .max_encoding_message_size(MAX_MESSAGE_SIZE),
        )
        .add_service(GrpcControllerServer::new(controller))
        .add_service(GrpcStdioServer::new(stdio))
        .serve_with_incoming_shutdown(
            ReceiverStream::new(connections),
            lifetime.shutdown.clone().cancelled_owned(),
        );
    let serving = async { tokio::join!(server, accepting).0 };
    lifetime.run(signals.end(mode), writes, cancel_pending, end_run, serving).await;
}

/// As in Terraform's own library for providers. The 4 MiB that tonic allows are too few for some states.
const MAX_MESSAGE_SIZE: usize = 256 << 20;
