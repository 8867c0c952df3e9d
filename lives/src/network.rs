//! What is between the provider and CertCentral: latency, interruptions, and a ledger of what was done.

mod write;

pub(crate) use write::Entry;
use write::Watched;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use certcentral_sim::{InProcess, World};
use fastrand::Rng;
use terraform_provider_digicert::certcentral::{Broken, Received, Sending, Sent, Transport};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::defect::Defect;

/// What the process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Plan,
    Apply,
}

/// Something that happens to the process at its n-th event: before a request arrives, or before its response does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    None,
    /// SIGKILL to the provider. Core saves what it has.
    KillProvider(usize),
    /// SIGKILL to core and provider. What was applied so far is saved.
    KillBoth(usize),
    /// Ctrl-C.
    Stop(usize),
}

/// What other people do.
pub(crate) type Meddling = Box<dyn FnOnce(&mut World) + Send>;

/// The events of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Running,
    Stopped,
    Killed,
}

/// The connection of one process to CertCentral.
pub(crate) struct Network {
    pub(crate) sim: Arc<InProcess>,
    random: Mutex<Rng>,
    phase: Mutex<Phase>,
    interruption: Interruption,
    events: AtomicUsize,
    signal: watch::Sender<Signal>,
    ledger: Mutex<Vec<Entry>>,
    /// Requests that find no connection, per thousand.
    unreached: u32,
    /// What other people do at this event of the apply.
    meddling: Mutex<Option<(usize, Meddling)>>,
    /// Applies that core waits for.
    pub(crate) applying: AtomicUsize,
    /// Whether one apply was in flight at the kill.
    pub(crate) killed_alone: AtomicBool,
    stopped_at: Mutex<Option<Instant>>,
    /// A request that began although Ctrl-C ends what waits.
    late: Mutex<Option<String>>,
    defect: Option<Defect>,
}

/// How long after Ctrl-C a request may begin, if nothing fails: what core had begun may call the provider once more, and
/// then waits for the rate limit.
const GRACE: Duration = Duration::from_secs(6);

impl Network {
    pub(crate) fn new(
        sim: Arc<InProcess>,
        seed: u64,
        interruption: Interruption,
        unreached: u32,
        meddling: Option<(usize, Meddling)>,
        defect: Option<Defect>,
    ) -> Self {
        Self {
            sim,
            random: Mutex::new(Rng::with_seed(seed)),
            phase: Mutex::new(Phase::Plan),
            interruption,
            events: AtomicUsize::new(0),
            signal: watch::Sender::new(Signal::Running),
            ledger: Mutex::default(),
            unreached,
            meddling: Mutex::new(meddling),
            applying: AtomicUsize::new(0),
            killed_alone: AtomicBool::new(false),
            stopped_at: Mutex::default(),
            late: Mutex::default(),
            defect,
        }
    }

    pub(crate) fn enter(&self, phase: Phase) {
        *locked(&self.phase) = phase;
    }

    pub(crate) fn phase(&self) -> Phase {
        *locked(&self.phase)
    }

    pub(crate) fn signal(&self) -> watch::Receiver<Signal> {
        self.signal.subscribe()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.signal.borrow() == Signal::Stopped
    }

    pub(crate) fn take_ledger(&self) -> Vec<Entry> {
        std::mem::take(&mut locked(&self.ledger))
    }

    /// The next event of the process. Nothing follows a kill.
    async fn event(&self) {
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        match self.interruption {
            // In a plan there is nothing to lose: the interruption comes in the apply.
            _ if self.phase() == Phase::Plan => self.events.store(0, Ordering::Relaxed),
            Interruption::KillProvider(at) | Interruption::KillBoth(at) if number >= at => {
                let alone = self.applying.load(Ordering::Relaxed) == 1;
                self.killed_alone.store(alone, Ordering::Relaxed);
                self.signal.send_replace(Signal::Killed);
                std::future::pending::<()>().await;
            }
            Interruption::Stop(at) if number == at => {
                *locked(&self.stopped_at) = Some(Instant::now());
                self.signal.send_replace(Signal::Stopped);
            }
            _ => {}
        }
        self.meddle(number);
        let latency = locked(&self.random).u64(1..40);
        sleep(Duration::from_millis(latency)).await;
    }

    /// Other people use the account while the apply runs.
    fn meddle(&self, event: usize) {
        let mut meddling = locked(&self.meddling);
        let is_due =
            self.phase() == Phase::Apply && meddling.as_ref().is_some_and(|(at, _)| event >= *at);
        if let Some((_, meddle)) = meddling.take_if(|_| is_due) {
            self.sim.with(|world| meddle(world));
        }
    }

    pub(crate) fn take_late(&self) -> Option<String> {
        locked(&self.late).take()
    }

    /// Notes a request that begins long after Ctrl-C.
    fn watch(&self, sent: &Sent<'_>) {
        let since = locked(&self.stopped_at).map(|it| it.elapsed()).filter(|it| *it > GRACE);
        if let Some(since) = since {
            let late = format!("{} {} begins {since:?} after Ctrl-C", sent.method, sent.path);
            *locked(&self.late) = Some(late);
        }
    }

    async fn exchange(&self, sent: Sent<'_>) -> Result<Received, Broken> {
        self.watch(&sent);
        self.event().await;
        if self.unreached > 0 && locked(&self.random).u32(..1000) < self.unreached {
            return Err(Broken::NotReached);
        }
        if let Some(defect) = self.defect {
            self.send_more(defect, &sent).await;
        }
        let Some((received, index)) = self.send_once(&sent).await else {
            self.event().await;
            return Err(Broken::NoAnswer);
        };
        self.event().await;
        if let Some(index) = index {
            let mut ledger = locked(&self.ledger);
            // Without the quote behind it, nobody knows where it ends.
            let has = |key: &String| contains(&received.body, format!("{key}\"").as_bytes());
            if let Some(entry) = ledger.get_mut(index) {
                entry.has_keys = !entry.keys.is_empty() && entry.keys.iter().all(has);
            }
        }
        Ok(received)
    }

    /// Sends what a defect sends beside a request.
    async fn send_more(&self, defect: Defect, sent: &Sent<'_>) {
        if defect.sends_twice(sent) {
            self.send_once(sent).await;
        }
        let is_own = |it: &&certcentral_sim::User| it.username.starts_with("user-");
        let users: Vec<_> =
            self.sim.with(|world| world.users.values().filter(is_own).map(|it| it.id).collect());
        if let Some((method, path)) = defect.adds(sent, self.phase(), &users) {
            let api_key = sent.api_key;
            self.send_once(&Sent { method, path: &path, query: &[], api_key, body: None }).await;
        }
    }

    /// Sends a request. The number of a write in the ledger is returned with the response.
    async fn send_once(&self, sent: &Sent<'_>) -> Option<(Received, Option<usize>)> {
        let watched = (sent.method != "GET").then(|| Watched::begin(self, sent));
        let index = watched.as_ref().map(|it| it.index);
        let body = sent.body.map(<[u8]>::to_vec);
        let path_and_query = with_query(sent.path, sent.query);
        let key = sent.api_key.expose();
        let request = certcentral_sim::Sent {
            method: sent.method,
            path_and_query: &path_and_query,
            key,
            body,
        };
        let received = self.sim.send(request).await?;
        drop(watched);
        let received = Received {
            status: received.status,
            content_type: received.content_type,
            retry_after: received.retry_after,
            body: received.body,
            complete: received.complete,
        };
        Some((received, index))
    }
}

impl Transport for Network {
    fn send<'a>(&'a self, sent: Sent<'a>) -> Sending<'a> {
        Box::pin(self.exchange(sent))
    }
}

fn with_query(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    form_urlencoded::Serializer::for_suffix(format!("{path}?"), path.len() + 1)
        .extend_pairs(query)
        .finish()
}

/// Whether these bytes contain the others.
pub(crate) fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|it| it == part)
}

/// The content of a mutex, also after a panic that a life reports.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
