//! When the process leaves, and what it waits for before it does.

use std::future::pending;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Whose process this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Terraform started it and may die without a word.
    Host,
    /// Somebody runs it with `--debug`, for one host after the other, until Ctrl-C.
    Person,
}

/// What tells that it is time to leave.
#[derive(Clone)]
pub(super) struct Lifetime {
    pub(super) owner: Owner,
    /// Cancelled when the host asks the process to leave, or when it leaves for another reason.
    pub(super) leaving: CancellationToken,
    /// Cancelled before `leaving` if the host asks while no write is under way: it has every answer, and
    /// the run ends in order. A host that asks in the midst of one, as after a second Ctrl-C, lacks answers.
    pub(super) delivered: CancellationToken,
    /// Cancelled when the host's stream of output has ended.
    pub(super) host_gone: CancellationToken,
    /// How many connections are open.
    pub(super) open: watch::Sender<usize>,
}

impl Lifetime {
    pub(super) fn new(owner: Owner) -> Self {
        let (leaving, host_gone) = (CancellationToken::new(), CancellationToken::new());
        let (delivered, open) = (CancellationToken::new(), watch::Sender::new(0));
        Self { owner, leaving, delivered, host_gone, open }
    }

    /// Runs `server` until there is a reason to leave, then finishes what must not be cut off: writes
    /// in flight, and answers the server still owes. What has not been sent by then is stopped. Runs
    /// `delivered` if the host has every answer.
    pub(super) async fn run(
        &self,
        signal: impl Future<Output = ()>,
        mut writes: watch::Receiver<usize>,
        stop: impl Fn(),
        delivered: impl Future<Output = ()>,
        server: impl Future,
    ) {
        let server = async {
            server.await;
            self.leaving.cancel();
        };
        let recorded = async {
            self.leaving.cancelled().await;
            stop();
            if self.delivered.is_cancelled() {
                delivered.await;
            }
            // An error means that the provider is gone, and with it its writes.
            drop(writes.wait_for(|writes| *writes == 0).await);
        };
        let mut work = pin!(async { tokio::join!(server, recorded) });
        let patience = tokio::select! {
            patience = self.reason(signal) => patience,
            _ = &mut work => return,
        };
        self.leaving.cancel();
        if timeout(patience, work).await.is_err() {
            warn!("leaving with work unfinished");
        }
    }

    /// Waits for a reason to leave, and tells how long it lets unfinished work go on.
    async fn reason(&self, signal: impl Future<Output = ()>) -> Duration {
        let host = self.owner == Owner::Host;
        tokio::select! {
            () = self.leaving.cancelled() => return ASKED,
            () = self.hung_up(), if host => info!("the host is gone"),
            () = self.deserted(), if host => info!("nobody is connected"),
            () = signal => info!("ended by a signal"),
        }
        ALONE
    }

    /// Waits for the host's stream to end, and a moment more: an orderly goodbye ends it too.
    async fn hung_up(&self) {
        self.host_gone.cancelled().await;
        sleep(GOODBYE).await;
    }

    /// Waits until there has been no connection for as long as a host may take to make its first.
    async fn deserted(&self) {
        let mut open = self.open.subscribe();
        // `self` holds the sender, so that neither wait can fail.
        while timeout(LONELY, open.wait_for(|open| *open > 0)).await.is_ok() {
            drop(open.wait_for(|open| *open == 0).await);
        }
    }
}

/// The host kills the process two seconds after it has asked it to leave.
const ASKED: Duration = Duration::from_millis(1500);

/// Nobody waits any more, but a write that costs money has an answer worth recording.
const ALONE: Duration = Duration::from_secs(30);

const GOODBYE: Duration = Duration::from_secs(1);

/// The host's own limit for a plugin to start.
const LONELY: Duration = Duration::from_secs(60);

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
    /// From here on Ctrl-C does not kill the process.
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
    /// Ctrl-C does not end a host's plugin: it reaches the whole process group, so the host hears it too
    /// and says what is to stop. A terminal that is closed kills the host, but must not kill a write.
    pub(super) async fn end(mut self, owner: Owner) {
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
                if owner == Owner::Person {
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
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// Milliseconds a process stays in which `events` happen, with a server that ends when told to.
    async fn stays<E>(
        owner: Owner,
        events: impl FnOnce(Lifetime, watch::Sender<usize>) -> E,
    ) -> u128
    where
        E: Future<Output = ()>,
    {
        stays_to_deliver(owner, async {}, events).await
    }

    /// The same, with something to do if the host has every answer.
    async fn stays_to_deliver<E>(
        owner: Owner,
        delivered: impl Future<Output = ()>,
        events: impl FnOnce(Lifetime, watch::Sender<usize>) -> E,
    ) -> u128
    where
        E: Future<Output = ()>,
    {
        let (lifetime, writes) = (Lifetime::new(owner), watch::Sender::new(0));
        let begin = Instant::now();
        let server = lifetime.leaving.clone().cancelled_owned();
        let running = lifetime.run(pending(), writes.subscribe(), || {}, delivered, server);
        let happening = async {
            events(lifetime.clone(), writes).await;
            pending::<()>().await;
        };
        tokio::select! {
            () = running => begin.elapsed().as_millis(),
            () = happening => unreachable!("it is pending"),
        }
    }

    async fn seconds(seconds: u64) {
        sleep(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn asked_it_leaves_at_once() {
        let asked = async |life: Lifetime, _| life.leaving.cancel();
        assert_eq!(stays(Owner::Host, asked).await, 0);
        assert_eq!(stays(Owner::Person, asked).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn asked_it_finishes_a_write_but_not_for_long() {
        let short = async |life: Lifetime, writes: watch::Sender<usize>| {
            writes.send_replace(1);
            life.leaving.cancel();
            seconds(1).await;
            writes.send_replace(0);
        };
        assert_eq!(stays(Owner::Host, short).await, 1000);

        let long = async |life: Lifetime, writes: watch::Sender<usize>| {
            writes.send_replace(1);
            life.leaving.cancel();
            seconds(10).await;
            drop(writes);
        };
        assert_eq!(stays(Owner::Host, long).await, 1500);
    }

    #[tokio::test(start_paused = true)]
    async fn it_delivers_only_where_the_host_has_every_answer() {
        let count = std::cell::Cell::new(0);
        let deliver = || async { count.set(count.get() + 1) };
        let asked = async |life: Lifetime, _| life.leaving.cancel();
        let gone = async |life: Lifetime, _| life.host_gone.cancel();
        stays_to_deliver(Owner::Host, deliver(), asked).await;
        stays_to_deliver(Owner::Host, deliver(), gone).await;
        assert_eq!(count.get(), 0);

        let delivered = async |life: Lifetime, _| {
            life.delivered.cancel();
            life.leaving.cancel();
        };
        assert_eq!(stays_to_deliver(Owner::Host, deliver(), delivered).await, 0);
        assert_eq!(count.get(), 1);
        assert_eq!(stays_to_deliver(Owner::Host, pending(), delivered).await, 1500);
    }

    #[tokio::test(start_paused = true)]
    async fn without_its_host_it_waits_for_writes_to_be_recorded() {
        let gone = async |life: Lifetime, _| life.host_gone.cancel();
        assert_eq!(stays(Owner::Host, gone).await, 1000);

        let writing = async |life: Lifetime, writes: watch::Sender<usize>| {
            writes.send_replace(2);
            life.host_gone.cancel();
            seconds(20).await;
            writes.send_replace(0);
        };
        assert_eq!(stays(Owner::Host, writing).await, 20_000);

        let stuck = async |life: Lifetime, writes: watch::Sender<usize>| {
            writes.send_replace(1);
            life.host_gone.cancel();
            seconds(100).await;
            drop(writes);
        };
        assert_eq!(stays(Owner::Host, stuck).await, 31_000);
    }

    #[tokio::test(start_paused = true)]
    async fn it_leaves_when_nobody_connects() {
        assert_eq!(stays(Owner::Host, async |_, _| {}).await, 60_000);

        let brief_visit = async |life: Lifetime, _| {
            seconds(50).await;
            life.open.send_replace(1);
            seconds(100).await;
            life.open.send_replace(0);
        };
        assert_eq!(stays(Owner::Host, brief_visit).await, 210_000);
    }

    #[tokio::test(start_paused = true)]
    async fn started_by_a_person_it_outlives_hosts() {
        let hosts = async |life: Lifetime, _| {
            life.host_gone.cancel();
            seconds(1000).await;
            life.leaving.cancel();
        };
        assert_eq!(stays(Owner::Person, hosts).await, 1_000_000);
    }
}
