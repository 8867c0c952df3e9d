//! The provider from outside, in one test binary.

mod cli;
mod death;
mod examples;
mod faults;
mod host;
mod layers;
mod lifecycle;
mod mtls;
mod plugin;
mod quickstart;
mod rpc;
mod subaccount;
mod terraform;
mod user;
mod wire;
