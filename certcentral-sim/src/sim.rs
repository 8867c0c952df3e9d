//! A running simulator, as a test controls it.

use std::fmt;
use std::io::{self, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::connection::{Acceptor, Link, Open};
use crate::exchange::{PREFIX, Shared};
use crate::fault::Fault;
use crate::options::Options;
use crate::server::{Recorded, Server};
use crate::world::World;
use crate::{control, endpoints, key};

/// A simulator on a thread of its own; dropping it closes every connection.
pub struct Sim {
    address: SocketAddr,
    api_key: String,
    server: Shared,
    open: Open,
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
        let acceptor = {
            let _inside = runtime.enter();
            Acceptor::new(tokio::net::TcpListener::from_std(listener)?)
        };
        let open = acceptor.open();
        let (stop, stopped) = oneshot::channel();
        let router = router(Arc::clone(&server));
        let thread = std::thread::Builder::new()
            .name("certcentral-sim".into())
            .spawn(move || run(&runtime, acceptor, router, stopped))?;
        Ok(Self { address, api_key, server, open, stop: Some(stop), thread: Some(thread) })
    }

    /// Base of every path of the API: `http://127.0.0.1:PORT/services/v2`.
    pub fn base_url(&self) -> String {
        format!("http://{}{PREFIX}", self.address)
    }

    /// Key of the parent account's administrator.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// ID of the parent account.
    pub fn account_id(&self) -> u64 {
        self.with(|world| world.account.id)
    }

    /// Requests so far, in order of arrival.
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.state().record.values().cloned().collect()
    }

    /// Requests so far, in order of arrival; removes them from the record.
    pub fn take_requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.server.state().record).into_values().collect()
    }

    /// Number of requests with this method whose path has this prefix.
    pub fn count(&self, method: &str, path_prefix: &str) -> usize {
        let state = self.server.state();
        let counted = |it: &&Recorded| it.method == method && it.path.starts_with(path_prefix);
        state.record.values().filter(counted).count()
    }

    /// Waits until every connection that was closed so far has been processed to its end. What a process sent
    /// before it was killed has then arrived, and its requests that are still held or delayed are dropped.
    ///
    /// Connections that stay open would make it wait for ever.
    pub fn wait_for_disconnects(&self) -> io::Result<()> {
        // Connections are accepted in order: when this one has been closed, the earlier ones are counted.
        let mut last = TcpStream::connect(self.address)?;
        last.shutdown(Shutdown::Write)?;
        last.read_to_end(&mut Vec::new())?;
        while self.open.count() > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Reads or changes the data directly, without the API. No request is answered while `look` runs, so
    /// `look` must not send one.
    pub fn with<R>(&self, look: impl FnOnce(&mut World) -> R) -> R {
        look(&mut self.server.state().world)
    }

    /// Injects a fault into the requests that match it from now on.
    pub fn fault(&self, fault: Fault) {
        self.server.state().faults.arm(fault);
    }

    /// Removes all faults and releases the answers that [`FaultKind::Hold`](crate::FaultKind::Hold) holds.
    pub fn clear_faults(&self) {
        self.server.state().faults.clear();
    }

    /// The one-time keys that were returned, oldest first, without [`Sim::api_key`].
    pub fn issued_keys(&self) -> Vec<String> {
        self.with(|world| world.issued.clone())
    }

    /// Moves the clock forward. Dates and the expiry of invites, validations and challenges depend on it.
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
fn run(runtime: &Runtime, acceptor: Acceptor, router: Router, stopped: oneshot::Receiver<()>) {
    let service = router.into_make_service_with_connect_info::<Link>();
    runtime.block_on(async {
        tokio::select! {
            _ = axum::serve(acceptor, service) => {}
            _ = stopped => {}
        }
    });
}
