//! The provider from outside, in one test binary.

mod account_settings;
mod cli;
mod configure;
mod death;
mod docs;
mod examples;
mod faults;
mod guides;
mod host;
mod install;
mod layers;
mod lifecycle;
mod mtls;
mod once;
mod organization_contacts;
mod plugin;
mod proxy;
mod quickstart;
mod recovery;
mod refresh;
mod rpc;
mod subaccount;
mod subaccount_invite;
mod terraform;
mod user;
mod wire;
