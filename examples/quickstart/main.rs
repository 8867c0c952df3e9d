//! Creates a managed subaccount with the real CLI, against a local simulator of CertCentral.
//!
//! Builds the provider, starts the simulator, creates a working directory and runs the CLI there.
#![expect(clippy::print_stdout, reason = "it prints for a person")]

mod cli;
mod directory;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use certcentral_sim::{Options, Sim};
use lexopt::Arg::{Long, Short, Value};

use cli::Cli;
use directory::Directory;

const USAGE: &str = "\
Creates one managed subaccount with Terraform, against a local simulator

Usage: cargo run --example quickstart -- [--keep-running] [--no-build] [DIRECTORY]

  DIRECTORY        working directory; default: target/quickstart
  --keep-running   keep the simulator running until Ctrl-C, to continue by hand
  --no-build       use the provider as it was built last
  --help           print this text

Environment:
  TF_CLI           CLI to run; default: terraform, or tofu if terraform is not on the PATH
";

/// Commands that a person would type in the directory, and what their output means.
const STEPS: &[(&[&str], &str)] = &[
    (&["validate"], "The configuration is valid."),
    (
        &["plan", "-out=first.tfplan"],
        "One subaccount to create. Its api_key is a (sensitive value), here and in every log.",
    ),
    (
        &["apply", "first.tfplan"],
        "The subaccount was created. Its api_key was returned once and is stored in terraform.tfstate.",
    ),
    (&["plan", "-detailed-exitcode"], "No changes. Exit code 2 would mean changes."),
    (&["output"], "`output -raw api_key` would print the key."),
];

struct Arguments {
    directory: PathBuf,
    keep_running: bool,
    build: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::from(if error.is::<cli::Missing>() { 2 } else { 1 })
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(arguments) = arguments()? else {
        print!("{USAGE}");
        return Ok(());
    };
    let program = cli::find()?;
    say("Creates one managed subaccount with Terraform, against a local simulator of CertCentral.");
    say(
        "No request leaves this machine. Terraform warns about development overrides in each command: this is",
    );
    say("how it finds the provider that was built here.");

    let binary_directory = binary_directory()?;
    if arguments.build {
        build(&binary_directory)?;
    }
    let sim = Sim::start(Options::default())?;
    let directory = Directory::create(&arguments.directory, &binary_directory, &sim)?;
    directory.enter();
    say("This sets the environment for the following commands.");

    let cli = Cli::new(program, &directory);
    for (arguments, meaning) in STEPS {
        cli.run(arguments)?;
        println!();
        say(meaning);
        say(&requests(&sim));
    }
    if arguments.keep_running {
        keep_running(&directory, &sim);
    }
    println!();
    say("Done. The simulator has ended. Next steps:");
    say(&directory.shown("README.md"));
    Ok(())
}

/// The arguments, or `None` for `--help`.
fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/quickstart");
    let mut arguments = Arguments { directory, keep_running: false, build: true };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("keep-running") => arguments.keep_running = true,
            Long("no-build") => arguments.build = false,
            Value(directory) => arguments.directory = directory.into(),
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

/// Where cargo writes the provider: the parent of the directory of examples.
fn binary_directory() -> Result<PathBuf, Box<dyn Error>> {
    let example = std::env::current_exe()?;
    let directory = example.ancestors().nth(2).ok_or("start it with `cargo run --example`")?;
    Ok(directory.to_owned())
}

/// Builds the provider in the profile of this example.
fn build(binary_directory: &Path) -> Result<(), Box<dyn Error>> {
    let profile = match binary_directory.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let target_directory = binary_directory.parent().unwrap_or(binary_directory);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo run` sets variables about this package. Other packages' build scripts would run again.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let own = ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|it| name.starts_with(it));
        if own || name == "OUT_DIR" {
            cargo.env_remove(&*name);
        }
    }
    println!("\n$ cargo build --bin terraform-provider-digicert --profile {profile}");
    let status = cargo
        .args(["build", "--bin", "terraform-provider-digicert", "--profile", profile])
        // Together with this example, cargo resolves the same features and compiles no dependency twice.
        .args(["--example", "quickstart"])
        .arg("--target-dir")
        .arg(target_directory)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo build: {status}").into()) }
}

/// The requests since the last call.
fn requests(sim: &Sim) -> String {
    let requests = sim.take_requests();
    if requests.is_empty() {
        return "No requests.".to_owned();
    }
    let requests: Vec<_> = requests.iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    format!("Requests: {}.", requests.join(", "))
}

fn keep_running(directory: &Directory, sim: &Sim) -> ! {
    println!();
    say(&format!("The simulator runs at {} until Ctrl-C.", sim.base_url()));
    say(&format!("Continue in another terminal, with {}:", directory.shown("README.md")));
    directory.enter();
    loop {
        std::thread::park();
    }
}

/// Prints a line of explanation, marked to set it apart from the output of commands.
fn say(text: &str) {
    println!("# {text}");
}
