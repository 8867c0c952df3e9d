//! A running simulator, as a test controls it.

use std::fmt;
use std::io::{self, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::connection::{Acceptor, Link, Open};
use crate::exchange::{PREFIX, Shared};
use crate::handle::Handle;
use crate::options::Options;
use crate::{control, endpoints};

/// A simulator on a thread of its own; dropping it closes every connection.
pub struct Sim {
    address: SocketAddr,
    handle: Handle,
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
        let handle = Handle::new(options);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let acceptor = {
            let _inside = runtime.enter();
            Acceptor::new(tokio::net::TcpListener::from_std(listener)?)
        };
        let open = acceptor.open();
        let (stop, stopped) = oneshot::channel();
        let router = router(Arc::clone(&handle.server));
        let thread = std::thread::Builder::new()
            .name("certcentral-sim".into())
            .spawn(move || run(&runtime, acceptor, router, stopped))?;
        Ok(Self { address, handle, open, stop: Some(stop), thread: Some(thread) })
    }

    /// Base of every path of the API: `http://127.0.0.1:PORT/services/v2`.
    pub fn base_url(&self) -> String {
        format!("http://{}{PREFIX}", self.address)
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
}

impl Deref for Sim {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
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

/// The API and the control requests.
pub(crate) fn router(server: Shared) -> Router {
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
