//! The real Terraform or OpenTofu.

use std::error::Error;
use std::fmt;
use std::io::{IsTerminal, stdout};
use std::process::{Command, Stdio};

use crate::directory::Directory;

/// A CLI that runs in the directory.
pub(crate) struct Cli<'a> {
    program: String,
    directory: &'a Directory,
}

impl<'a> Cli<'a> {
    pub(crate) fn new(program: String, directory: &'a Directory) -> Self {
        Self { program, directory }
    }

    /// Runs a command that must succeed, and prints it as a person would type it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
        let typed = format!("{} {}", self.program, arguments.join(" "));
        println!("\n$ {typed}");
        let mut command = command(&self.program);
        command.current_dir(&self.directory.path).envs(self.directory.environment.iter().cloned());
        if !stdout().is_terminal() {
            command.env("TF_CLI_ARGS", "-no-color");
        }
        let status = command.args(arguments).stdin(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(format!("{typed}: {status}").into()) }
    }
}

/// The CLI in `TF_CLI`, or else the first one on the PATH.
pub(crate) fn find() -> Result<String, Missing> {
    let named = std::env::var("TF_CLI").ok();
    let candidates = match &named {
        Some(program) => vec![program.as_str()],
        None => vec!["terraform", "tofu"],
    };
    let found = candidates.into_iter().find(|program| runs(program)).map(str::to_owned);
    found.ok_or(Missing { named })
}

fn runs(program: &str) -> bool {
    let output = command(program).arg("version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}

/// A command that does not check for updates, without environment variables that are meant for another
/// provider, account or directory.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let foreign = name.starts_with("TF_") && !name.starts_with("TF_LOG");
        if foreign || name.starts_with("DIGICERT_") {
            command.env_remove(&*name);
        }
    }
    command.env("CHECKPOINT_DISABLE", "1");
    command
}

/// No CLI was found.
#[derive(Debug)]
pub(crate) struct Missing {
    named: Option<String>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.named {
            Some(program) => write!(f, "TF_CLI is {program:?}, which cannot be run. ")?,
            None => f.write_str("neither terraform nor tofu is on the PATH. ")?,
        }
        f.write_str(
            "Install Terraform 1.0 or later from https://developer.hashicorp.com/terraform/install, or OpenTofu from \
             https://opentofu.org/docs/intro/install/",
        )
    }
}

impl Error for Missing {}
