//! Builds a release of the provider and of the simulator: `cargo xtask dist`.
//!
//! [`product`] names the two programs, [`compile`] builds a binary, [`release`] packs it as a registry requires, and
//! [`components`] creates its SBOM. It is a library so that a test can pack the binary that it tests in the same way.

pub mod compile;
pub mod components;
pub mod platform;
pub mod product;
pub mod release;

use std::process::Command;

/// An error ends the program with its text.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Runs a program. If it fails, its output is in the error.
fn quietly(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("failed to start {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
