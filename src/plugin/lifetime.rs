//! Decides when the process exits, and what it finishes first.

use std::future::pending;
use std::io;
use std::pin::pin;
use std::time::Duration;

use log::{info, warn};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Who started the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A host. If it is killed, it does not request a shutdown.
    Plugin,
    /// A person, with `--debug`. Hosts come and go until Ctrl-C.
    Debug,
}

/// The events that end the process.
#[derive(Clone)]
pub(super) struct Lifetime {
    pub(super) mode: Mode,
    /// Cancelled when the process is to exit, because the host requests it or for another reason.
    pub(super) shutdown: CancellationToken,
    /// Cancelled before `shutdown` if the host requests it while no write is in progress. The host then has
    /// every response, and the run ends in order. If a write is in progress, as after a second Ctrl-C, the
    /// host will not receive its response.
    pub(super) delivered: CancellationToken,
    /// Cancelled when the host's stream of output has ended.
    pub(super) stdio_closed: CancellationToken,
    /// Number of open connections.
    pub(super) connections: watch::Sender<usize>,
}

impl Lifetime {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            shutdown: CancellationToken::new(),
            delivered: CancellationToken::new(),
            stdio_closed: CancellationToken::new(),
            connections: watch::Sender::new(0),
        }
    }

    /// Runs `server` until there is a reason to exit. Then it finishes, within a time limit, the `writes`
    /// in progress and the responses that the server still has to send.
    ///
    /// Requests to the API that have not been sent by then are cancelled with `cancel_pending`. If the host
    /// has every response, `end_run` is run.
    pub(super) async fn run(
        &self,
        signal: impl Future<Output = ()>,
        mut writes: watch::Receiver<usize>,
        cancel_pending: impl Fn(),
        end_run: impl Future<Output = ()>,
        server: impl Future,
    ) {
        let server = async {
            server.await;
            self.shutdown.cancel();
        };
        let finish = async {
            self.shutdown.cancelled().await;
            cancel_pending();
            if self.delivered.is_cancelled() {
                end_run.await;
            }
            // An error means that the service was dropped, so that no write is in progress.
            drop(writes.wait_for(|writes| *writes == 0).await);
        };
        let mut work = pin!(async { tokio::join!(server, finish) });
        let limit = tokio::select! {
            limit = self.reason_to_exit(signal) => limit,
            _ = &mut work => return,
        };
        self.shutdown.cancel();
        if timeout(limit, work).await.is_err() {
            warn!("exiting with unfinished requests");
        }
    }

    /// Waits for a reason to exit. Returns the time limit for unfinished work.
    async fn reason_to_exit(&self, signal: impl Future<Output = ()>) -> Duration {
        let has_host = self.mode == Mode::Plugin;
        tokio::select! {
            () = self.shutdown.cancelled() => return SHUTDOWN_TIMEOUT,
            () = self.host_disconnected(), if has_host => info!("Terraform has exited"),
            () = self.no_connections(), if has_host => info!("no client connected"),
            () = signal => info!("received a signal to exit"),
        }
        ORPHAN_TIMEOUT
    }

    /// Resolves when the host's stream has ended and no request for a shutdown followed: a host that
    /// ends the process in order closes its stream, too.
    async fn host_disconnected(&self) {
        self.stdio_closed.cancelled().await;
        sleep(DISCONNECT_TIMEOUT).await;
    }

    /// Resolves when no client has been connected for [`CONNECT_TIMEOUT`].
    async fn no_connections(&self) {
        let mut connections = self.connections.subscribe();
        // Neither wait fails: `self` holds the sender.
        while timeout(CONNECT_TIMEOUT, connections.wait_for(|count| *count > 0)).await.is_ok() {
            drop(connections.wait_for(|count| *count == 0).await);
        }
    }
}

/// After a request for a shutdown. The host kills the process two seconds after it.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(1500);

/// Without a host. The response to a write in progress is worth recording.
const ORPHAN_TIMEOUT: Duration = Duration::from_secs(30);

/// Between the end of the host's stream and its request for a shutdown.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The host allows a plugin the same time to start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);

/// Signals of the operating system, caught from the moment this exists.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    /// Starts to catch signals: from now on Ctrl-C does not kill the process.
    pub(super) fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: signal(SignalKind::hangup())?,
            })
        }
        #[cfg(windows)]
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for a signal that ends the process.
    ///
    /// Ctrl-C does not end a plugin: the terminal sends it to the whole process group, so that the host
    /// receives it, too, and decides. A terminal that is closed kills the host, but a write in progress
    /// must be finished.
    pub(super) async fn end(mut self, mode: Mode) {
        #[cfg(unix)]
        let terminate = async {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.hangup.recv() => {}
            }
        };
        #[cfg(windows)]
        let terminate = pending::<()>();
        let interrupt = async {
            while self.interrupt.recv().await.is_some() {
                if mode == Mode::Debug {
                    return;
                }
            }
            pending().await
        };
        tokio::select! {
            () = terminate => {}
            () = interrupt => {}
        }
    }
}

#[cfg(test)]
mod tests;
