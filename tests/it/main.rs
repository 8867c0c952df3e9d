//! The provider from outside, in one test binary.

mod cli;
mod layers;
mod lifecycle;
mod mtls;
mod plugin;
mod subaccount;
mod terraform;
mod wire;
