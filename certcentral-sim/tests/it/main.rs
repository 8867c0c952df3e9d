//! The simulator from outside: through real HTTP, one simulator for each test.

mod client;
mod faults;
mod subaccounts;
mod wire;
