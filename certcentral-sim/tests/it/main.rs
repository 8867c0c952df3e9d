//! The simulator from outside: through real HTTP, one simulator for each test.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod account;
mod client;
mod containers;
mod control;
mod custom_fields;
mod divisions;
mod faults;
mod invites;
mod keys;
mod new_organizations;
mod organizations;
mod readme;
mod requests;
mod service_users;
mod settings;
mod subaccounts;
mod users;
mod validations;
mod webhooks;
