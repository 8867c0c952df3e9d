//! The gRPC server with all its services, from its first connection to its end.

use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tracing::debug;

use super::connection;
use super::lifetime::{Lifetime, Owner, Signals};
use super::listener::Listener;
use super::services::{Controller, Stdio};
use super::wire::grpc_controller_server::GrpcControllerServer;
use super::wire::grpc_stdio_server::GrpcStdioServer;
use crate::protocol::Work;
use crate::protocol::tfplugin5::provider_server::{Provider, ProviderServer};

/// Serves until it is time to leave; whatever `listener` left in the file system goes with it.
pub(super) async fn serve<P: Provider + Work>(
    provider: P,
    listener: Listener,
    tls: Option<TlsAcceptor>,
    owner: Owner,
    signals: Signals,
) {
    debug!(address = listener.address().text, tls = tls.is_some(), "serving");
    let lifetime = Lifetime::new(owner);
    let (writes, stop) = (provider.writes_in_flight(), provider.abandon());
    let delivered = provider.delivered();
    let (accepted, connections) = mpsc::channel(1);
    let accepting = connection::accept(listener, tls, accepted, lifetime.open.clone());
    let controller = Controller {
        leaving: lifetime.leaving.clone(),
        delivered: lifetime.delivered.clone(),
        writes: writes.clone(),
    };
    let stdio = Stdio { leaving: lifetime.leaving.clone(), host_gone: lifetime.host_gone.clone() };
    let server = Server::builder()
        .add_service(
            ProviderServer::new(provider)
                .max_decoding_message_size(LARGEST_MESSAGE)
                .max_encoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(GrpcControllerServer::new(controller))
        .add_service(GrpcStdioServer::new(stdio))
        .serve_with_incoming_shutdown(
            ReceiverStream::new(connections),
            lifetime.leaving.clone().cancelled_owned(),
        );
    let serving = async { tokio::join!(server, accepting).0 };
    lifetime.run(signals.end(owner), writes, stop, delivered, serving).await;
}

/// As in Terraform's own library for providers; tonic's default of 4 MiB is too small for some states.
const LARGEST_MESSAGE: usize = 256 << 20;
