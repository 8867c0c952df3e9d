//! The provider from outside, in one test binary.

mod account_settings;
mod cli;
mod death;
mod examples;
mod faults;
mod host;
mod layers;
mod lifecycle;
mod mtls;
mod organization_contacts;
mod plugin;
mod quickstart;
mod recovery;
mod refresh;
mod rpc;
mod subaccount;
mod subaccount_invite;
mod terraform;
mod user;
mod wire;
