//! The provider from outside, in one test binary.

mod cli;
mod lifecycle;
mod mtls;
mod plugin;
mod subaccount;
mod terraform;
mod user;
mod wire;
