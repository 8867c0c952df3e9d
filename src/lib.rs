//! A Terraform provider for DigiCert CertCentral.
//!
//! Terraform starts the program, shakes hands with it and calls it over gRPC; the program calls
//! CertCentral over HTTP. Between the two lies one idea: **unknown values are the engine's
//! business, not the resource's.** Terraform sends unknowns only while it validates and plans, and an
//! engine that follows the schema does both. So a resource is a plain struct of `T` and
//! `Option<T>`, declared once by [`model!`], and a few `async` functions that say what to call.
//!
//! # The way of a request
//!
//! ```text
//! Terraform ── gRPC ──▶ plugin      handshake, AutoMTLS, socket, log, end of the process
//!                         │
//!                      protocol     tfplugin5 messages ⇄ values: RPCs, msgpack, JSON, schemas
//!                         │
//!                      provider     provider block → client; the list of resources
//!                         │
//!                      resources    one file each: model, life, oddities of the wire
//!                       ╱   ╲      ╲
//!                resource   recovery  certcentral ── HTTPS ──▶ CertCentral
//! ```
//!
//! - [`plugin`] is the process: everything go-plugin expects. It knows no value and no object.
//! - [`protocol`] is the only place of protobuf and msgpack. Each RPC runs in a task of its own, so
//!   that neither a panic nor a broken connection can take a write's answer away.
//! - [`provider`] turns the provider block and the environment into a client. It calls nothing.
//! - [`resources`] are the objects of CertCentral. Adding one is a file there, a line in the
//!   provider's list, a row in the tests' lifecycle table and an example.
//! - [`resource`] says what a resource is and what holds for all of them: which value of an answer
//!   becomes state, what is kept when a step fails, and what is said about it.
//! - [`certcentral`] is the REST client: pace, retries, errors, lenient reading. It knows nothing of
//!   Terraform.
//! - [`recovery`] keeps on disk what a create was about to send and what came back, where it comes
//!   only once. It knows neither Terraform nor CertCentral.
//! - [`schema`] is pure: types, values, [`model!`], validation, planning, and the two ways between
//!   JSON and state. Everything may use it; it uses nothing but [`secret`].
//! - [`secret`] is a text that cannot be printed, and the filter every line passes on its way out.
//!
//! Dependencies point downwards only, `tonic` and `prost` appear in the first two, `reqwest` in the
//! client alone. A test holds this.
//!
//! # What nothing may break
//!
//! - An error after an object has come to be would make Terraform replace it. So once a create has
//!   had its effect, everything else is a warning ([`resource::Resource::create`]).
//! - A request that may have had an effect is not sent again ([`certcentral::Session::post`]), unless
//!   what it makes was looked for in vain.
//! - Where `recovery_dir` is set, nothing whose answer comes once is sent before that is on the disk
//!   ([`recovery::Journal::begin`]).
//! - An object leaves the state only if CertCentral itself says that it is gone, and says so to the
//!   account it was made in.
//! - A read that begins after a write sees it: what reads share ends with every write, with Configure,
//!   and after a minute ([`certcentral::Session::listed`]).
//! - A row of a list only confirms what is in state, and only what it carries: a value by the same value,
//!   an absent one by a row that has the key, or that lacks it where another row of the list has it. Whatever
//!   else a row shows, the object itself is read, unless `refresh_from_lists` is set.
//! - An answer becomes the state of an object only if it has the ID that was requested
//!   ([`certcentral::Session::object`]).
//! - Memory is bounded whatever is answered: bodies by bytes, trees by values, lists by what is kept of
//!   them (below 200 MiB in all; a test holds this).
//! - Text from an answer is printed without what a terminal obeys ([`certcentral::printable`]).
//! - What was planned is what is stored: only unknowns are filled in ([`schema::fill`]).

pub mod certcentral;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod recovery;
pub mod resource;
pub mod resources;
pub mod schema;
pub mod secret;
