//! The plugin process: everything that go-plugin expects of a program that Terraform starts.
//!
//! [`serve`] and [`debug`] run it. It serves the provider's [`Service`], and waits for writes in progress
//! before it exits. It does not depend on values or resources.
//!
//! The modules, in the order in which a start uses them:
//!
//! 1. `handshake` reads the host's environment.
//! 2. `listener` opens a socket, and `tls` restricts it to the host.
//! 3. `handshake` writes the address to stdout. Only then is the service created.
//! 4. `connection` accepts connections, and `services` has the gRPC services that go-plugin calls.
//! 5. `lifetime` decides when the process exits, and `server` runs everything until then.
//!
//! `reattach` has the instructions that `--debug` prints, and `logging` writes to stderr.

mod connection;
mod handshake;
mod lifetime;
mod listener;
mod logging;
mod reattach;
mod server;
mod services;
mod tls;
mod wire;

use std::io::{self, Write};

use crate::protocol::service::Service;
use lifetime::{Mode, Signals};
use listener::{Guard, Listener};
use tls::Tls;

pub use logging::{report_panics, write_line};

/// Whether Terraform or OpenTofu started the process.
pub fn is_started_by_host() -> bool {
    handshake::is_started_by_host(environment)
}

/// Serves the host that started the process, until the host or a signal ends it.
///
/// # Errors
///
/// When the process cannot begin to serve.
pub fn serve() -> Result<(), Error> {
    in_runtime(async {
        logging::start(environment);
        let signals = Signals::listen().map_err(Error::Signals)?;
        let client = environment(handshake::CLIENT_CERTIFICATE);
        let tls = client.map(|pem| Tls::for_client(&pem)).transpose()?;
        let listener = listen(if tls.is_some() { Guard::Tls } else { Guard::None })?;
        let certificate = tls.as_ref().map(|tls| tls.certificate.as_slice());
        print(&handshake::line(&listener.address(), certificate))?;
        let acceptor = tls.map(|tls| tls.acceptor);
        server::run(Service::new(), listener, acceptor, Mode::Plugin, signals).await;
        Ok(())
    })
}

/// Serves every host that connects, until Ctrl-C; prints how to attach one.
///
/// # Errors
///
/// When the process cannot begin to serve.
pub fn debug() -> Result<(), Error> {
    in_runtime(async {
        logging::start(environment);
        let signals = Signals::listen().map_err(Error::Signals)?;
        let listener = listen(Guard::None)?;
        print(&reattach::instructions(&listener.address(), std::process::id()))?;
        server::run(Service::new(), listener, None, Mode::Debug, signals).await;
        Ok(())
    })
}

fn listen(guard: Guard) -> Result<Listener, Error> {
    let listener = Listener::bind(environment, guard)?;
    if let Some(warning) = listener.warning(guard) {
        write_line(&warning);
    }
    Ok(listener)
}

/// One thread is enough: requests wait for DigiCert, not for the processor.
fn in_runtime(task: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let result = runtime.block_on(task);
    // The process does not wait for blocking threads, such as one that resolves a host name.
    runtime.shutdown_background();
    result
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::Stdout)
}

/// Why the process could not begin to serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The runtime of the `async` functions does not start.
    #[error("cannot start the runtime: {0}")]
    Runtime(#[source] io::Error),
    /// Signals of the operating system cannot be received.
    #[error("cannot receive signals: {0}")]
    Signals(#[source] io::Error),
    /// There is no socket for the host.
    #[error(transparent)]
    Listen(#[from] listener::Error),
    /// There is no TLS for the socket.
    #[error(transparent)]
    Tls(#[from] tls::Error),
    /// The host cannot be given the address.
    #[error("cannot write to stdout: {0}")]
    Stdout(#[source] io::Error),
}
