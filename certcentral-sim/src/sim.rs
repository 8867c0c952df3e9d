//! A running simulator and the hold a test has on it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::exchange::{PREFIX, Shared};
use crate::fault::Fault;
use crate::options::Options;
use crate::server::{Recorded, Server};
use crate::wire::{Link, Wire};
use crate::world::World;
use crate::{control, endpoints, key};

/// A simulator on a thread of its own; dropping it closes every connection.
pub struct Sim {
    address: SocketAddr,
    api_key: String,
    server: Shared,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts a simulator on loopback.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let api_key = options.api_key.clone().unwrap_or_else(key::make);
        let server = Arc::new(Server::new(options, api_key.clone()));
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let wire = {
            let _inside = runtime.enter();
            Wire(tokio::net::TcpListener::from_std(listener)?)
        };
        let (stop, stopped) = oneshot::channel();
        let router = router(Arc::clone(&server));
        let thread = std::thread::Builder::new()
            .name("certcentral-sim".into())
            .spawn(move || run(&runtime, wire, router, stopped))?;
        Ok(Self { address, api_key, server, stop: Some(stop), thread: Some(thread) })
    }

    /// Base of every path of the API: `http://127.0.0.1:PORT/services/v2`.
    pub fn base_url(&self) -> String {
        format!("http://{}{PREFIX}", self.address)
    }

    /// Key of the parent account's administrator.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Number of the parent account.
    pub fn account_id(&self) -> u64 {
        self.with(|world| world.account.id)
    }

    /// Requests so far, in the order they came.
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.state().record.values().cloned().collect()
    }

    /// Requests so far, which are then forgotten.
    pub fn take_requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.server.state().record).into_values().collect()
    }

    /// Number of requests with this method whose path starts so.
    pub fn count(&self, method: &str, path_prefix: &str) -> usize {
        let state = self.server.state();
        let counted = |it: &&Recorded| it.method == method && it.path.starts_with(path_prefix);
        state.record.values().filter(counted).count()
    }

    /// Looks at the world or changes it behind the API's back. No request is answered meanwhile,
    /// so `look` must not make one.
    pub fn with<R>(&self, look: impl FnOnce(&mut World) -> R) -> R {
        look(&mut self.server.state().world)
    }

    /// Lets requests go wrong from now on.
    pub fn fault(&self, fault: Fault) {
        self.server.state().faults.arm(fault);
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.server.state().faults.clear();
    }

    /// Every key that was shown once, oldest first; [`Sim::api_key`] is not among them.
    pub fn issued_keys(&self) -> Vec<String> {
        self.with(|world| world.issued.clone())
    }

    /// Moves the clock of the world forward; dates and the expiry of invites go by it.
    pub fn clock_advance(&self, by: Duration) {
        self.with(|world| world.advance(by));
    }
}

impl fmt::Debug for Sim {
    /// Without the key, so that no log of a test has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the server's thread has been printed already.
            let _ = thread.join();
        }
    }
}

fn router(server: Shared) -> Router {
    Router::new().nest(PREFIX, endpoints::routes()).merge(control::routes()).with_state(server)
}

/// Serves until the other end of `stopped` is dropped; the connections end with the runtime.
fn run(runtime: &Runtime, wire: Wire, router: Router, stopped: oneshot::Receiver<()>) {
    let service = router.into_make_service_with_connect_info::<Link>();
    runtime.block_on(async {
        tokio::select! {
            _ = axum::serve(wire, service) => {}
            _ = stopped => {}
        }
    });
}
