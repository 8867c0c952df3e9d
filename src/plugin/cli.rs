//! Arguments of the command line, and the texts for people who start the provider themselves.

use lexopt::Arg::Long;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Serve the host that started the process.
    Plugin,
    /// Serve whoever is told the address.
    Debug,
    Version,
    Help,
}

/// Reads the arguments; Terraform passes none.
pub(super) fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut command = Command::Plugin;
    while let Some(argument) = arguments.next()? {
        command = match argument {
            Long("version") => return Ok(Command::Version),
            Long("help") => return Ok(Command::Help),
            Long("debug") => Command::Debug,
            other => return Err(other.unexpected()),
        };
    }
    Ok(command)
}

/// Name and version, as `--version` prints them.
pub(super) const VERSION: &str = concat!("terraform-provider-digicert ", env!("CARGO_PKG_VERSION"));

/// The answer to `--help`.
pub(super) const HELP: &str = "\
Terraform provider for DigiCert CertCentral.

Terraform and OpenTofu start this program themselves; it needs no arguments.

Options:
  --debug    serve without a host and print the TF_REATTACH_PROVIDERS that leads
             terraform here; Ctrl-C ends it
  --version  print the version
  --help     print this text

Environment:
  TF_LOG_PROVIDER_DIGICERT   level of the log: trace, debug, info, warn, error, off
                             (else TF_LOG_PROVIDER, else TF_LOG)
  TF_PLUGIN_DIGICERT_LISTEN  \"tcp\" listens on 127.0.0.1 instead of a Unix socket; with --debug,
                             every user of this machine can then use the API key
";

/// What somebody reads who starts the program like any other.
pub(super) const BY_HAND: &str = "\
This program is a Terraform provider and is not meant to be run by hand: Terraform and
OpenTofu start it. To use it, name certcentral/digicert in the required_providers block
of your configuration and run terraform init. For debugging there is --debug; see --help.";

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())
    }

    #[test]
    fn arguments() {
        assert_eq!(parsed(&[]), Ok(Command::Plugin));
        assert_eq!(parsed(&["--debug"]), Ok(Command::Debug));
        assert_eq!(parsed(&["--debug", "--help"]), Ok(Command::Help));
        assert_eq!(parsed(&["--version"]), Ok(Command::Version));
        assert_eq!(parsed(&["--what"]), Err("invalid option '--what'".into()));
        assert_eq!(parsed(&["plan"]), Err("unexpected argument \"plan\"".into()));
    }
}
