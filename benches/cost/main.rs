//! Benchmarks: startup, memory, binary size, RPCs, growth, hostile responses. See `benches/README.md`.
//!
//! They measure the binary of the bench profile, which is the release profile, as a process, over
//! the plugin protocol and under the real Terraform, against the simulator.
//! Only the codec and the redaction are called directly.
#![expect(clippy::print_stdout, reason = "the tables are what it is for")]

mod export;
mod growth;
mod host;
mod hostile;
mod inside;
mod instructions;
mod objects;
mod plan;
mod report;
mod rpc;
mod start;
mod system;
mod witness;

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/it/export/account.rs"]
mod account;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/it/fixtures.rs"]
mod fixtures;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/it/mtls.rs"]
mod mtls;
#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../tests/it/process.rs"]
mod process;

use report::Table;

/// The provider, as released.
const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-digicert");

/// Extent of the measurements.
#[derive(Clone, Copy)]
struct Effort {
    /// Fewer repetitions and fewer objects, for a quick comparison.
    quick: bool,
}

/// A group of measurements.
type Section = (&'static str, fn(Effort) -> Vec<Table>);

/// In the order they are printed.
const SECTIONS: &[Section] = &[
    ("start", start::tables),
    ("plan", plan::tables),
    ("export", export::tables),
    ("growth", growth::tables),
    ("rpc", rpc::tables),
    ("inside", inside::tables),
    ("hostile", hostile::tables),
    ("instructions", instructions::tables),
];

fn main() {
    if let Some(record) = witness::record() {
        return witness::run(&record);
    }
    // Cargo adds `--bench`.
    let arguments: Vec<_> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let (flags, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|it| it.starts_with("--"));
    let known = |name: &&String| SECTIONS.iter().any(|(known, _)| known == name);
    if flags.iter().any(|flag| *flag != "--quick") || !names.iter().all(known) {
        let sections: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
        println!("usage: cargo bench --bench cost -- [--quick] [{}]…", sections.join("|"));
        return;
    }
    let effort = Effort { quick: !flags.is_empty() };
    println!("{}", system::machine());
    for (name, tables) in SECTIONS {
        if names.is_empty() || names.iter().any(|it| it == name) {
            tables(effort).iter().for_each(|table| print!("{table}"));
        }
    }
    println!("\nLoad average at the end: {}.", system::load());
}

/// A runtime of one thread, as the provider's own.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime").block_on(work)
}
