//! The command `certcentral-sim`, which runs a simulator until it is interrupted.

use std::error::Error;
use std::io::{Write, stdout};
use std::process::ExitCode;

use certcentral_sim::{Options, Sim};
use lexopt::prelude::*;

const USAGE: &str = "\
A stateful DigiCert CertCentral simulator on loopback

Usage: certcentral-sim [--port PORT] [--api-key KEY] [--options JSON]

  --port PORT      port on 127.0.0.1; default: a free port
  --api-key KEY    API key of the parent account; default: random
  --options JSON   undocumented behavior, for example {\"ids_as_strings\":true}; see the README

Prints the base URL and the API key. For faults, recorded requests, data and clock, see the README.
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certcentral-sim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = arguments()? else {
        stdout().write_all(USAGE.as_bytes())?;
        return Ok(());
    };
    let sim = Sim::start(options)?;
    writeln!(stdout(), "DIGICERT_BASE_URL={}", sim.base_url())?;
    writeln!(stdout(), "DIGICERT_API_KEY={}", sim.api_key())?;
    loop {
        std::thread::park();
    }
}

/// The options, or `None` for `--help`.
fn arguments() -> Result<Option<Options>, Box<dyn Error>> {
    let mut options = Options::default();
    let (mut port, mut api_key) = (None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => port = Some(parser.value()?.parse()?),
            Long("api-key") => api_key = Some(parser.value()?.string()?),
            Long("options") => options = serde_json::from_str(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    options.port = port.unwrap_or(options.port);
    options.api_key = api_key.or(options.api_key);
    Ok(Some(options))
}
