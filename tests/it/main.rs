//! The provider from outside, in one test binary.

mod cli;
mod examples;
mod lifecycle;
mod mtls;
mod plugin;
mod quickstart;
mod subaccount;
mod terraform;
mod wire;
