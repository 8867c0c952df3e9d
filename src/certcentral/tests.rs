//! Exchanges with a server that does exactly what a test tells it.

mod answers;
mod check;
mod errors;
mod retries;
mod secrecy;
mod server;
mod sharing;
mod stop;
mod tls;
mod walk;

use std::time::Duration;

use super::{Client, Session, Settings};
use crate::secret::Secret;

/// The key every test sends.
const KEY: &str = "key-of-the-tests";

/// Settings for this address, with pauses nobody notices.
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
