//! The process of a provider, on a clock of its own.

use std::sync::Arc;
use std::time::Duration;

use terraform_provider_digicert::protocol::service::Service;
use terraform_provider_digicert::provider::Provider;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::plugin::Plugin;
use crate::defect::Defect;
use crate::invariant::{Invariant, Violation};
use crate::network::{Network, Signal};

/// A process. When it is dropped, whatever it was doing ends at the next wait, as with SIGKILL.
pub(crate) struct Process {
    runtime: Runtime,
    network: Arc<Network>,
    pub(crate) plugin: Plugin,
}

/// How a command ended.
pub(crate) enum Ended<T> {
    Done(T),
    Killed,
}

/// On the clock of the process. No command that ends takes so long.
const HANG: Duration = Duration::from_secs(8 * 60 * 60);

impl Process {
    pub(crate) fn start(network: Arc<Network>, defect: Option<Defect>) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .max_blocking_threads(1)
            .build()
            .expect("a runtime without I/O needs only memory");
        let transport = Arc::clone(&network);
        let service = Service::with(Provider::new().simulated(transport));
        Self { runtime, network, plugin: Plugin::new(service, defect) }
    }

    /// Runs a command in it, until it ends or the process is killed.
    pub(crate) fn run<T>(
        &self,
        command: impl Future<Output = Result<T, Violation>>,
    ) -> Result<Ended<T>, Violation> {
        let mut signal = self.network.signal();
        self.runtime.block_on(async {
            let killed = async { drop(signal.wait_for(|it| *it == Signal::Killed).await) };
            tokio::select! {
                biased;
                () = killed => Ok(Ended::Killed),
                ended = timeout(HANG, command) => match ended {
                    Ok(result) => result.map(Ended::Done),
                    Err(_) => Err(Violation::new(
                        Invariant::NoHang,
                        "the command did not end in 8 hours of the process's clock",
                    )),
                },
            }
        })
    }
}
