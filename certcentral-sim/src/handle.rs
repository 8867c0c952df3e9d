//! What tests see of a simulator: its key, its data, its requests and its faults.

use std::sync::Arc;
use std::time::Duration;

use crate::exchange::Shared;
use crate::fault::Fault;
use crate::key;
use crate::options::Options;
use crate::server::{Recorded, Server};
use crate::world::World;

/// Looks at a simulator and changes it, without the API.
pub struct Handle {
    api_key: String,
    pub(crate) server: Shared,
}

impl Handle {
    pub(crate) fn new(options: Options) -> Self {
        let api_key = options.api_key.clone().unwrap_or_else(key::make);
        let server = Arc::new(Server::new(options, api_key.clone()));
        Self { api_key, server }
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

    /// The one-time keys that were returned, oldest first, without [`Handle::api_key`].
    pub fn issued_keys(&self) -> Vec<String> {
        self.with(|world| world.issued.clone())
    }

    /// Moves the clock forward. Dates and the expiry of invites, validations and challenges depend on it.
    pub fn clock_advance(&self, by: Duration) {
        self.with(|world| world.advance(by));
    }
}
