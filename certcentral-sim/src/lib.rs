//! A stateful stand-in for DigiCert CertCentral on loopback.
//!
//! It answers as the pages of the Services API say, is strict about what it is sent, remembers
//! what was made, records every request, and breaks on demand. Where the pages are silent, it can
//! do either ([`Options`]).
//!
//! ```
//! use certcentral_sim::{Fault, FaultKind, Options, Sim};
//!
//! # fn main() -> std::io::Result<()> {
//! let sim = Sim::start(Options::default())?;
//! println!("{} {}", sim.base_url(), sim.api_key());
//!
//! // The next POST /user is carried out, but its answer is lost.
//! sim.fault(Fault::new("POST", "/user", FaultKind::Reset).with_effect().times(1));
//!
//! // Somebody renames the administrator in the console.
//! sim.with(|world| world.users.values_mut().for_each(|it| it.first_name = "Eve".into()));
//!
//! assert_eq!(sim.count("POST", "/user"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! How it is built: `wire` accepts connections that can be broken, `exchange` leads a request
//! past the `fault`s to its endpoint, `server` holds the state behind one lock, `endpoints` are
//! plain functions on a [`World`] guarded by the tables of `rules`, `reply` gives the answers the
//! spelling that the options ask for, and `control` is the same over HTTP for the binary.

mod call;
mod clock;
mod connection;
mod control;
mod endpoints;
mod exchange;
mod fault;
mod key;
mod options;
mod query;
mod reply;
mod rules;
mod server;
mod sim;
mod world;

pub use fault::{Fault, FaultKind};
pub use options::{
    CanceledSpelling, ContainerAssignments, Options, RateLimit, SettingsAnswer, SubaccountListKey,
    SubaccountReadable, TechnicalContact, UserManagement,
};
pub use server::Recorded;
pub use sim::Sim;
pub use world::{
    Account, Contact, Container, Invite, InviteStatus, Mail, MailKind, Organization, Subaccount,
    User, World,
};
