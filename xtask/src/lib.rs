//! What a release of the provider is made with: `cargo xtask dist`.
//!
//! [`compile`] makes a binary, [`release`] packs it as a registry wants it, [`components`] lists what is in it.
//! They are a library so that a test can pack the binary it tests by the same lines.

pub mod compile;
pub mod components;
pub mod platform;
pub mod release;

use std::process::Command;

/// Failures end the program with their text; nothing here looks into one.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The name of the package, the binary and the files of a release.
pub const NAME: &str = "terraform-provider-digicert";

/// Runs a program that must succeed; what it says is shown if it does not.
fn quietly(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("{program} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
