//! The simulator from outside: through real HTTP, one simulator for each test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod client;
mod control;
mod faults;
mod invites;
mod organizations;
mod readme;
mod requests;
mod settings;
mod subaccounts;
mod users;
