//! The command line: its arguments, and what each of them starts.

use std::io::{self, Write};
use std::process::ExitCode;

use lexopt::Arg::{Long, Value};

use crate::export;
use crate::plugin;

/// Runs the program from its arguments to its exit code.
pub fn run() -> ExitCode {
    plugin::report_panics();
    let result = parse(lexopt::Parser::from_env()).map_err(Error::from).and_then(execute);
    result.unwrap_or_else(|error| {
        plugin::write_line(&format!("terraform-provider-digicert: {error}"));
        ExitCode::FAILURE
    })
}

/// A command.
enum Command {
    /// Serve the host that started the process.
    Plugin,
    /// Serve any host that is given the address.
    Debug,
    /// Write configurations for the objects of an account.
    Export(Box<export::Options>),
    Version,
    Help,
}

/// Reads the arguments; Terraform passes none.
fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut command = Command::Plugin;
    while let Some(argument) = arguments.next()? {
        command = match argument {
            Long("version") => return Ok(Command::Version),
            Long("help") => return Ok(Command::Help),
            Long("debug") => Command::Debug,
            Value(name) if name == "export" => {
                return Ok(Command::Export(Box::new(export::Options::parse(&mut arguments)?)));
            }
            other => return Err(other.unexpected()),
        };
    }
    Ok(command)
}

fn execute(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Version => print(VERSION)?,
        Command::Help => print(HELP)?,
        Command::Debug => plugin::debug()?,
        Command::Export(options) if options.asks_for_help() => print(export::HELP)?,
        Command::Export(options) => print(&export::run(&options, plugin::write_line)?)?,
        Command::Plugin if plugin::is_started_by_host() => plugin::serve()?,
        Command::Plugin => {
            plugin::write_line(NOT_A_CLI);
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::Stdout)
}

/// Why the program failed.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}; try --help")]
    Arguments(#[from] lexopt::Error),
    #[error(transparent)]
    Plugin(#[from] plugin::Error),
    #[error(transparent)]
    Export(#[from] export::Error),
    #[error("cannot write to stdout: {0}")]
    Stdout(#[source] io::Error),
}

const VERSION: &str = concat!("terraform-provider-digicert ", env!("CARGO_PKG_VERSION"), "\n");

const HELP: &str = "\
Terraform provider for DigiCert CertCentral.

Terraform and OpenTofu start this program themselves; it needs no arguments.

Commands:
  export     write configurations and import blocks for the existing objects of an account:
             see export --help

Options:
  --debug    start the provider without a host and print the TF_REATTACH_PROVIDERS
             to attach Terraform with; stop it with Ctrl-C
  --version  print the version
  --help     print this help

Environment:
  TF_LOG_PROVIDER_DIGICERT   log level: trace, debug, info, warn, error, off
                             (else TF_LOG_PROVIDER, else TF_LOG)
  TF_PLUGIN_DIGICERT_LISTEN  \"tcp\" listens on 127.0.0.1 instead of a Unix socket; with --debug,
                             every user of this machine can then use the API key
";

/// For a person who runs the program without arguments.
const NOT_A_CLI: &str = "\
This program is a Terraform provider. Terraform and OpenTofu start it; it is not meant to be
run directly. To use it, add certcentral/digicert to the required_providers block of your
configuration and run terraform init. For its own commands and for debugging, see --help.";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<&'static str, String> {
        let command =
            parse(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())?;
        Ok(match command {
            Command::Plugin => "plugin",
            Command::Debug => "debug",
            Command::Export(options) if options.asks_for_help() => "help of export",
            Command::Export(_) => "export",
            Command::Version => "version",
            Command::Help => "help",
        })
    }

    #[test]
    fn arguments() {
        assert_eq!(parsed(&[]), Ok("plugin"));
        assert_eq!(parsed(&["--debug"]), Ok("debug"));
        assert_eq!(parsed(&["--debug", "--help"]), Ok("help"));
        assert_eq!(parsed(&["--version"]), Ok("version"));
        assert_eq!(parsed(&["export", "--out", "directory"]), Ok("export"));
        assert_eq!(parsed(&["export", "--help"]), Ok("help of export"));
        assert_eq!(parsed(&["--what"]), Err("invalid option '--what'".into()));
        assert_eq!(parsed(&["plan"]), Err("unexpected argument \"plan\"".into()));
    }
}
