//! Exchanges with a server that each test controls.

mod check;
mod errors;
mod list_cache;
mod responses;
mod retries;
mod secrecy;
mod server;
mod shared;
mod stop;
mod tls;

use std::time::Duration;

use super::{Client, Session, Settings};
use crate::secret::Secret;

/// The API key of all tests.
const KEY: &str = "key-of-the-tests";

/// Settings for this base URL, without rate limits.
fn settings(url: &str) -> Settings {
    let mut settings = Settings::new(Secret::new(KEY));
    settings.base_url = url.parse().unwrap();
    settings.rate_limits.clear();
    settings
}

fn client(settings: Settings) -> Client {
    Client::with_first_bound(settings, Duration::from_millis(1)).unwrap()
}

fn session(url: &str) -> Session {
    client(settings(url)).session()
}
