//! A Terraform provider for DigiCert CertCentral.
//!
//! Terraform starts the program, performs a handshake and calls it over gRPC. The program calls
//! CertCentral over HTTP. One idea connects the two: **unknown values are handled by the engine, never by
//! a resource.** Terraform sends unknown values only while it validates and plans, and the engine does
//! both, based on the schema. So a resource is a plain struct of `T` and `Option<T>`, declared once with
//! [`model!`], and a few `async` functions that call the API.
//!
//! # Path of a request
//!
//! ```text
//! Terraform ── gRPC ──▶ plugin      handshake, AutoMTLS, socket, log, exit of the process
//!                         │
//!                      protocol     tfplugin5 messages ⇄ values: RPCs, msgpack, JSON, schemas
//!                         │
//!                      provider     provider block → client; registry
//!                         │
//!                    data_sources  one file each: what is looked up, and by which arguments
//!                         │
//!                      resources    one file each: model, life cycle, encoding
//!                       ╱   ╲      ╲
//!                    kind   recovery  certcentral ── HTTPS ──▶ CertCentral
//! ```
//!
//! - [`cli`] parses the command line and runs the command.
//! - [`export`] is a command of its own: it writes configurations for the objects of an account. It uses the
//!   provider as Terraform does, by importing and reading.
//! - [`plugin`] is the process: everything that go-plugin expects. It does not depend on values or resources.
//! - [`protocol`] is the only layer with protobuf and msgpack. Each RPC runs in a task of its own, so
//!   that the response to a write is recorded even after a panic or with a broken connection.
//! - [`provider`] creates a client from the provider block and the environment, and checks once that the
//!   API key, the address and the account are right.
//! - [`resources`] are the objects of CertCentral. A new one is a file there, a line in the registry, a
//!   row in the life cycle table of the tests, and an example.
//! - [`data_sources`] look objects up. Their attributes are those of the resources. A new one is a file there,
//!   a line in the list and an example.
//! - [`kind`] defines what a resource is and implements what all resources share: which part of a
//!   response becomes state, which state remains after a failure, and which diagnostics are reported.
//! - [`certcentral`] is the REST client: rate limits, retries, errors, lenient decoding. It does not depend
//!   on Terraform.
//! - [`recovery`] records on disk what a create is about to send, and the response if the API returns it
//!   only once. To this layer, a request is a path, a subject and a body, and a response is bytes. It does
//!   not depend on Terraform or on CertCentral's objects.
//! - [`schema`] is pure: types, values, [`model!`], validation, planning, and the conversions between JSON
//!   and state. All layers may use it, and it uses only [`secret`].
//! - [`secret`] is a string that cannot be printed, and [`redact`] removes such strings from all output.
//!
//! Dependencies point downwards only. `tonic`, `hyper` and `prost` are used only in `plugin` and `protocol`,
//! and `reqwest` only in `certcentral`. Within a layer, files depend on each other in one direction. Tests
//! enforce this.
//!
//! # Invariants
//!
//! - After an error in a create, Terraform would replace the object. So once the object exists, a create
//!   reports only warnings ([`kind::Resource::create`]).
//! - A request that may have taken effect is not sent again ([`certcentral::Session::post`]), unless a
//!   search has shown that it had no effect.
//! - With `recovery_dir`, a request whose response is returned only once is not sent before its record is
//!   on disk ([`recovery::Journal::begin`]). A response is adopted only from the record of a process that
//!   was killed ([`recovery::Locks::deliver`]).
//! - An object is removed from the state only if CertCentral reports that it does not exist, to a key of
//!   the account that it was created in.
//! - A read that begins after a write sees its effect: what reads share ends with every write, with
//!   Configure, and after a minute ([`certcentral::Session::listed`]).
//! - A row of a list only confirms the state, and only the attributes in it: a value by the same value, and
//!   null by a row without the attribute, if the list returns the attribute in any row. Otherwise the object
//!   itself is read, unless `refresh_from_lists` is set. Objects that the API returns only in a list are read
//!   from their row.
//! - A response becomes the state of an object only if it has the ID that was requested
//!   ([`certcentral::Session::object`]).
//! - Memory is bounded for any response: bodies by their bytes, JSON by its values, lists by the stored part
//!   of their rows. A test keeps the total below 200 MiB.
//! - A write-only argument is in no plan and in no state ([`schema::remove_write_only`]).
//! - Text from a response is printed without control characters ([`certcentral::printable`]).
//! - The planned values become the state. Only unknown values are filled in ([`schema::apply_result`]).

pub mod certcentral;
pub mod cli;
pub mod data_sources;
pub mod export;
pub mod kind;
pub mod plugin;
pub mod protocol;
pub mod provider;
pub mod recovery;
pub mod redact;
pub mod resources;
pub mod schema;
pub mod secret;
