//! The command `certcentral-sim`, which runs a simulator until it is interrupted or until a command ends.

use std::error::Error;
use std::ffi::OsString;
use std::io::{Write, stdout};
use std::process::{Command, ExitCode};

use certcentral_sim::{Options, Sim};
use lexopt::prelude::*;

const USAGE: &str = "\
A stateful DigiCert CertCentral simulator on loopback

Usage: certcentral-sim [--port PORT] [--api-key KEY] [--options JSON] [-- COMMAND...]

  --port PORT      port on 127.0.0.1; default: a free port
  --api-key KEY    API key of the parent account; default: random
  --options JSON   undocumented behavior, for example {\"ids_as_strings\":true}; see the README
  --help, -h       print this text
  COMMAND          runs with DIGICERT_BASE_URL, DIGICERT_API_KEY and DIGICERT_ACCOUNT_ID of the simulator,
                   which ends with it and has its exit code

Without COMMAND, prints the base URL and the API key, and runs until it is interrupted. For faults, recorded
requests, data and clock, see the README.
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("certcentral-sim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let Some(Arguments { options, command }) = arguments()? else {
        stdout().write_all(USAGE.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let sim = Sim::start(options)?;
    if let Some((program, arguments)) = command.split_first() {
        return run_command(&sim, program, arguments);
    }
    writeln!(stdout(), "DIGICERT_BASE_URL={}", sim.base_url())?;
    writeln!(stdout(), "DIGICERT_API_KEY={}", sim.api_key())?;
    loop {
        std::thread::park();
    }
}

/// Runs a command that uses the simulator, and nothing of a real account that is set in the environment.
fn run_command(
    sim: &Sim,
    program: &OsString,
    arguments: &[OsString],
) -> Result<ExitCode, Box<dyn Error>> {
    let status = Command::new(program)
        .args(arguments)
        .env("DIGICERT_BASE_URL", sim.base_url())
        .env("DIGICERT_API_KEY", sim.api_key())
        .env("DIGICERT_ACCOUNT_ID", sim.account_id().to_string())
        .env_remove("DIGICERT_RECOVERY_DIR")
        .status()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    // A command that a signal has ended has no code.
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What the command line says.
struct Arguments {
    options: Options,
    command: Vec<OsString>,
}

/// The arguments, or `None` for `--help`.
fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let mut options = Options::default();
    let (mut port, mut api_key) = (None, None);
    let mut command = Vec::new();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => port = Some(parser.value()?.parse()?),
            Long("api-key") => api_key = Some(parser.value()?.string()?),
            Long("options") => options = serde_json::from_str(&parser.value()?.string()?)?,
            Short('h') | Long("help") => return Ok(None),
            Value(program) => {
                command.push(program);
                command.extend(parser.raw_args()?);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    options.port = port.unwrap_or(options.port);
    options.api_key = api_key.or(options.api_key);
    Ok(Some(Arguments { options, command }))
}
