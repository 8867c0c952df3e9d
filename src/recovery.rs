//! Records of creates whose response is returned only once: the provider argument `recovery_dir`.
//!
//! A record is a file. Before the POST it contains the intent: the request that is about to be sent. After
//! the POST it also contains the response. Both are synced to the disk. The process that wrote a record
//! holds a lock on it. When its run ends in order, Terraform has every response, and finished records are
//! renamed from `.record` to `.delivered`. A record alone then tells when its process was killed:
//!
//! | content | locked | the process | a later create |
//! | --- | --- | --- | --- |
//! | an incomplete intent | no | was killed before the POST | removes the record |
//! | an intent | no | was killed; the result of the POST is unknown | fails, for the same subject |
//! | an intent and a response | no | was killed; the response may not be in a state | adopts the response, for the same request |
//! | the same, delivered | no | ended in order; the response is in a state | fails, for the same request |
//! | any | yes | is running | ignores the record; fails, for the same request |
//!
//! A record is removed when its POST is refused, and when a read or a plan shows that its response is in a
//! state. With `--debug` one process serves many runs: a run has ended in order when the next one
//! configures the provider.
//!
//! All waits for locks and all work on the disk run on the blocking threads of the runtime. The modules:
//!
//! - `journal` is the interface: it begins a create and removes records. `begin` decides what the records
//!   mean for a create, and `record` is the record of a create that has begun.
//! - `directory` checks and lists the directory. `lock` has the lock on the directory and those on the
//!   records of this process. `name` has the names of records.
//! - `content` has the format of a record, `file` reads and writes one, and `responses` caches what was
//!   read.

mod begin;
mod blocking;
mod content;
mod directory;
mod error;
mod file;
mod journal;
mod lock;
mod name;
mod record;
mod responses;

#[cfg(test)]
mod tests;

pub use content::Create;
pub use directory::RecoveryDir;
pub use error::Error;
pub use journal::{Begin, Journal};
pub use lock::Locks;
pub use record::Record;
