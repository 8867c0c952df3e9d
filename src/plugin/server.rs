//! The gRPC server with all of its services, from the first connection to the exit of the process.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;

use super::connection::Server;
use super::lifetime::{Lifetime, Mode, Signals};
use super::listener::Listener;
use super::services::{Controller, Services, Stdio};
use crate::protocol::service::Service;

/// Serves until the process is to exit. Then the files of `listener` are removed.
pub(super) async fn run(
    provider: Service,
    listener: Listener,
    tls: Option<TlsAcceptor>,
    mode: Mode,
    signals: Signals,
) {
    log::debug!(address = listener.address().text, tls = tls.is_some(); "serving");
    let lifetime = Lifetime::new(mode);
    let writes = provider.writes_in_progress();
    let (cancel_pending, end_run) = (provider.cancel_pending(), provider.end_run());
    let controller = Controller {
        shutdown: lifetime.shutdown.clone(),
        delivered: lifetime.delivered.clone(),
        writes: writes.clone(),
    };
    let stdio =
        Stdio { shutdown: lifetime.shutdown.clone(), closed: lifetime.stdio_closed.clone() };
    let server = Server {
        services: Arc::new(Services { provider, controller, stdio }),
        tls,
        shutdown: lifetime.shutdown.clone(),
        open: lifetime.connections.clone(),
    };
    let serving = server.serve(listener);
    lifetime.run(signals.end(mode), writes, cancel_pending, end_run, serving).await;
}
