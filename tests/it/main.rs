//! The provider from outside, in one test binary.

mod mtls;
mod plugin;
mod terraform;
mod wire;
