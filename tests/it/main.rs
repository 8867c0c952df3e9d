//! The provider from outside, in one test binary.

mod cli;
mod death;
mod host;
mod layers;
mod lifecycle;
mod mtls;
mod plugin;
mod recovery;
mod rpc;
mod subaccount;
mod terraform;
mod wire;
