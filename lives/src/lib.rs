//! Random lives of configurations under random faults, from a seed, held against a model.
//!
//! A life is a script ([`Script`]): configurations of a few resources that change, objects that other people change,
//! faults, interruptions and applies. [`play`] plays it: the provider's service and the simulator run in this process,
//! on a clock that jumps while everything waits, and a model of Terraform core calls the one and stores the state.
//! Whatever happens, the [`Invariant`]s hold. At its end, without faults, an apply succeeds once its errors were
//! followed, and changes nothing more.
//!
//! - `script` is the life as data, and `script::generate` makes one from a seed.
//! - `kinds` are the kinds of objects, a file each.
//! - `core` is Terraform: it plans, applies, and stores states.
//! - `network` is between provider and simulator: latency, kills, and a ledger of all writes.
//! - `life` plays a script, and `life::judge` holds it against the invariants.
//! - `shrink` leaves out of a script what its failure does not need.
//! - `defect` has a defect for each invariant, which shows that lives find it.

mod core;
mod defect;
mod invariant;
mod kinds;
mod life;
mod network;
mod script;
mod shrink;

pub use defect::Defect;
pub use invariant::{Invariant, Violation};
pub use life::{Failure, Statistics, play};
pub use script::{Script, generate};
pub use shrink::shrink;
