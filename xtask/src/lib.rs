//! Builds a release of the provider: `cargo xtask dist`.
//!
//! [`compile`] builds the binary, [`release`] packs it for a registry, [`components`] lists its packages.
//! They are a library, so that a test can pack its binary with the same code.

pub mod compile;
pub mod components;
pub mod platform;
pub mod release;

use std::process::Command;

/// An error ends the program with its text.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The name of the package, the binary and the files of a release.
pub const NAME: &str = "terraform-provider-digicert";

/// Runs a program. If it fails, the error has its output.
fn quietly(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("{program} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
