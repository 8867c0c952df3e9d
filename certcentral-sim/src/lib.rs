//! A stateful simulator of DigiCert CertCentral on loopback.
//!
//! It follows the documentation of the Services API, rejects undocumented requests, keeps the objects
//! that are created, records every request and injects faults on demand. [`Options`] select behavior
//! that the documentation does not specify.
//!
//! ```
//! use certcentral_sim::{Fault, FaultKind, Options, Sim};
//!
//! # fn main() -> std::io::Result<()> {
//! let sim = Sim::start(Options::default())?;
//! println!("{} {}", sim.base_url(), sim.api_key());
//!
//! // The next POST /user is performed, but its response is lost.
//! sim.fault(Fault::new("POST", "/user", FaultKind::Reset).with_effect().times(1));
//!
//! // A person renames the administrator in the console.
//! sim.with(|world| world.users.values_mut().for_each(|it| it.first_name = "Eve".into()));
//!
//! assert_eq!(sim.count("POST", "/user"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! Modules: `connection` accepts connections that faults can break. `exchange` records a request,
//! applies its `fault` and calls its endpoint. `server` has the state behind one lock. `permissions`
//! decides what a key and its user may do. `endpoints` are functions on a [`World`], which check requests
//! by the tables in `rules`. `reply` formats responses as the options select. `control` has the control
//! requests of the binary. `in_process` is a simulator without a network.

mod call;
mod clock;
mod connection;
mod control;
mod endpoints;
mod exchange;
mod fault;
mod handle;
mod in_process;
mod key;
mod options;
mod permissions;
mod query;
mod reply;
mod rules;
mod server;
mod sim;
mod world;

pub use fault::{Fault, FaultKind};
pub use handle::Handle;
pub use in_process::{InProcess, Received, Sent};
pub use options::{
    CanceledSpelling, ContainerActivatePath, ContainerAssignments, InviteStatusFilter, Options,
    RateLimit, ServiceUsersPath, SettingsAnswer, SubaccountListKey, SubaccountReadable,
    TechnicalContact, UserManagement,
};
pub use server::Recorded;
pub use sim::Sim;
pub use world::{
    Account, AccountEmails, ApiKey, ApiKeyStatus, Challenge, Contact, Container, ContainerTemplate,
    CustomField, Invite, InviteStatus, Mail, MailKind, Organization, Subaccount, User, Validation,
    ValidationStatus, VerifiedUser, Webhook, WebhookSettings, WebhookStatus, World,
};
