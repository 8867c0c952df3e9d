//! A managed subaccount through Terraform's own commands, on a machine that knows nothing of DigiCert.
//!
//! Builds the provider, starts the simulator, makes a working folder and runs the real CLI in it.
#![expect(clippy::print_stdout, reason = "it talks to a person")]

mod cli;
mod folder;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use certcentral_sim::{Options, Sim};
use lexopt::Arg::{Long, Short, Value};

use cli::Cli;
use folder::Folder;

const USAGE: &str = "\
Takes one managed subaccount through terraform's commands, against a simulator

Usage: cargo run --example quickstart -- [--keep-running] [--no-build] [FOLDER]

  FOLDER           working folder; target/quickstart if left out
  --keep-running   leave the simulator up until Ctrl-C, to go on by hand
  --no-build       use the provider as it was built last
  --help           print this text

Environment:
  TF_CLI           the CLI to run; else terraform, else tofu, whichever is on the PATH
";

/// What a person would type in the folder, and what to make of it.
const STEPS: &[(&[&str], &str)] = &[
    (&["validate"], "The configuration fits the provider's schema."),
    (
        &["plan", "-out=first.tfplan"],
        "One subaccount to open. Its api_key is a (sensitive value), here and in every log.",
    ),
    (
        &["apply", "first.tfplan"],
        "The subaccount is open. Its api_key was shown this once and is in terraform.tfstate.",
    ),
    (
        &["plan", "-detailed-exitcode"],
        "State and simulator agree: nothing to do. Changes would have ended this with code 2.",
    ),
    (&["output"], "`output -raw api_key` would print the key."),
];

struct Arguments {
    folder: PathBuf,
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
    say("One managed subaccount through Terraform's commands, against a simulator of CertCentral.");
    say("Nothing leaves this machine.");

    let binary_folder = binary_folder()?;
    if arguments.build {
        build(&binary_folder)?;
    }
    let sim = Sim::start(Options::default())?;
    let folder = Folder::make(&arguments.folder, &binary_folder, &sim)?;
    folder.enter();
    say("This names the provider, the simulator and the simulator's key to the commands to come.");

    let cli = Cli::new(program, &folder);
    for (arguments, account) in STEPS {
        cli.run(arguments)?;
        println!();
        say(account);
        say(&asked(&sim));
    }
    if arguments.keep_running {
        keep_running(&folder, &sim);
    }
    println!();
    say("Done, and the simulator is gone. How to go on by hand:");
    say(&folder.shown("README.md"));
    Ok(())
}

/// The arguments, or `None` where help was asked for.
fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/quickstart");
    let mut arguments = Arguments { folder, keep_running: false, build: true };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("keep-running") => arguments.keep_running = true,
            Long("no-build") => arguments.build = false,
            Long("folder") => arguments.folder = parser.value()?.into(),
            Value(folder) => arguments.folder = folder.into(),
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

/// Where cargo puts the provider: the folder above the one of examples.
fn binary_folder() -> Result<PathBuf, Box<dyn Error>> {
    let example = std::env::current_exe()?;
    let folder = example.ancestors().nth(2).ok_or("it does not lie where cargo puts examples")?;
    Ok(folder.to_owned())
}

/// Builds the provider as this example was built.
fn build(binary_folder: &Path) -> Result<(), Box<dyn Error>> {
    let profile = match binary_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let target_folder = binary_folder.parent().unwrap_or(binary_folder);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo run` has set variables about this package, in which build scripts of others see a change.
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
        .arg("--target-dir")
        .arg(target_folder)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo build: {status}").into()) }
}

/// What the simulator was asked since the last look.
fn asked(sim: &Sim) -> String {
    let requests = sim.take_requests();
    if requests.is_empty() {
        return "The simulator was asked nothing.".to_owned();
    }
    let requests: Vec<_> = requests.iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    format!("The simulator was asked: {}.", requests.join(", "))
}

fn keep_running(folder: &Folder, sim: &Sim) -> ! {
    println!();
    say(&format!("The simulator stays at {} until Ctrl-C.", sim.base_url()));
    say(&format!("In another terminal, with {} beside it:", folder.shown("README.md")));
    folder.enter();
    loop {
        std::thread::park();
    }
}

/// A line of the account, told from what commands print.
fn say(text: &str) {
    println!("# {text}");
}
