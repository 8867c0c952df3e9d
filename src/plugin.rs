//! The process Terraform starts: go-plugin's handshake, AutoMTLS, socket, services and end.
//!
//! [`run`] is all there is to call. It knows nothing of DigiCert and nothing of what the provider does
//! beyond the generated service trait and the work it has under way ([`Work`]).
//!
//! The way of a start, in the order of the modules: `cli` reads the arguments, `handshake` the
//! environment of the host; `listener` opens a socket and `tls` guards it; the handshake line goes to
//! stdout, and only then is the provider built. `connection` accepts, `services` answers what the host
//! asks of any plugin, `lifetime` decides when the process leaves, and `serve` ties these together.
//! `debug` prints what a person needs who starts the provider by hand, `logging` is the way to stderr.

mod cli;
mod connection;
mod debug;
mod handshake;
mod lifetime;
mod listener;
mod logging;
mod serve;
mod services;
mod tls;
mod wire;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::protocol::Work;
use crate::protocol::tfplugin5::provider_server::Provider;
use cli::Command;
use lifetime::Owner;
use listener::{Guard, Listener};
use tls::Tls;

/// Runs the process from its arguments to its exit code.
///
/// `provider` is called inside the runtime, once Terraform has been told where to connect.
pub fn run<P>(provider: impl FnOnce() -> P) -> ExitCode
where
    P: Provider + Work,
{
    logging::report_panics();
    match command(provider) {
        Ok(code) => code,
        Err(error) => {
            logging::write_line(&format!("terraform-provider-digicert: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn command<P>(provider: impl FnOnce() -> P) -> Result<ExitCode, Error>
where
    P: Provider + Work,
{
    match cli::parse(lexopt::Parser::from_env())? {
        Command::Version => print(&format!("{}\n", cli::VERSION))?,
        Command::Help => print(cli::HELP)?,
        Command::Debug => in_runtime(debug(provider))?,
        Command::Plugin if handshake::started_by_host(environment) => in_runtime(plugin(provider))?,
        Command::Plugin => {
            logging::write_line(cli::BY_HAND);
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn plugin<P>(provider: impl FnOnce() -> P) -> Result<(), Error>
where
    P: Provider + Work,
{
    logging::start(environment);
    let signals = lifetime::Signals::listen().map_err(Error::Signals)?;
    let tls =
        environment(handshake::CLIENT_CERTIFICATE).map(|pem| Tls::for_client(&pem)).transpose()?;
    let listener = listen(if tls.is_some() { Guard::Tls } else { Guard::None })?;
    let certificate = tls.as_ref().map(|tls| tls.certificate.as_slice());
    print(&handshake::line(&listener.address(), certificate))?;
    serve::serve(provider(), listener, tls.map(|tls| tls.acceptor), Owner::Host, signals).await;
    Ok(())
}

async fn debug<P>(provider: impl FnOnce() -> P) -> Result<(), Error>
where
    P: Provider + Work,
{
    logging::start(environment);
    let signals = lifetime::Signals::listen().map_err(Error::Signals)?;
    let listener = listen(Guard::None)?;
    print(&debug::invitation(&listener.address(), std::process::id()))?;
    serve::serve(provider(), listener, None, Owner::Person, signals).await;
    Ok(())
}

fn listen(guard: Guard) -> Result<Listener, Error> {
    let listener = Listener::bind(environment, guard)?;
    if let Some(warning) = listener.warning(guard) {
        logging::write_line(&warning);
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
    // A name that still resolves on a blocking thread is nothing to wait for.
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
enum Error {
    #[error("{0}; try --help")]
    Arguments(#[from] lexopt::Error),
    #[error("the runtime does not start: {0}")]
    Runtime(#[source] io::Error),
    #[error("signals cannot be received: {0}")]
    Signals(#[source] io::Error),
    #[error(transparent)]
    Listen(#[from] listener::Error),
    #[error(transparent)]
    Tls(#[from] tls::Error),
    #[error("stdout cannot be written: {0}")]
    Stdout(#[source] io::Error),
}
