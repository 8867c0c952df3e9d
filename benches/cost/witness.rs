//! Runs between Terraform and the provider, and records the cost of each provider process.
//!
//! Terraform starts a provider for every phase and waits for it, so its resource usage is known to
//! Terraform only. Terraform therefore starts this benchmark, which starts the provider.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::{BINARY, system};

/// Name of the variable with the file of the records, which Terraform passes on.
pub(crate) const RECORD: &str = "COST_RECORD";

/// The file of the records, if this process runs in place of the provider.
pub(crate) fn record() -> Option<PathBuf> {
    std::env::var_os(RECORD).map(PathBuf::from)
}

/// Runs the provider in this process's place: same environment, same streams.
pub(crate) fn run(record: &Path) {
    let mut provider = Command::new(BINARY).spawn().expect("cargo has built it");
    let mut peak = 0;
    while !system::has_ended(provider.id()) {
        peak = system::resident(provider.id()).map_or(peak, |(_, peak)| peak);
        std::thread::sleep(Duration::from_millis(10));
    }
    // The kernel keeps the data until the process is waited for.
    let spent = system::processor_time(provider.id()).as_micros();
    provider.wait().expect("it is a child");
    let own = system::processor_time(std::process::id()).as_micros();
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(record)
        .expect("the directory is writable");
    // One write, since several of these may end at once.
    file.write_all(format!("{spent} {own} {peak}\n").as_bytes())
        .expect("the directory is writable");
}

/// Cost of all provider processes of one command.
pub(crate) struct Cost {
    pub(crate) processes: usize,
    pub(crate) provider: Duration,
    /// The witness's own, which is neither the provider's nor Terraform's.
    pub(crate) witness: Duration,
    /// KiB of the largest process.
    pub(crate) peak: u64,
}

/// Reads the records.
pub(crate) fn costs(record: &Path) -> Cost {
    let notes = std::fs::read_to_string(record).expect("Terraform has started a provider");
    let numbers = |line: &str| -> Vec<u64> { line.split(' ').flat_map(str::parse).collect() };
    let lines: Vec<_> = notes.lines().map(numbers).collect();
    Cost {
        processes: lines.len(),
        provider: Duration::from_micros(lines.iter().map(|it| it[0]).sum()),
        witness: Duration::from_micros(lines.iter().map(|it| it[1]).sum()),
        peak: lines.iter().map(|it| it[2]).max().unwrap_or_default(),
    }
}
