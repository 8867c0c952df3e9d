//! `cargo run --example quickstart`, with the provider that is built already.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use certcentral_sim::{Options, Sim};
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{Ran, program};
use crate::process;

/// The example beside the provider; `cargo test` has built both.
fn quickstart(folder: &Path) -> Command {
    let provider = Path::new(env!("CARGO_BIN_EXE_terraform-provider-digicert"));
    let example = provider.with_file_name("examples").join("quickstart");
    assert!(example.exists(), "build it: cargo build --example quickstart");
    let mut command = process::command(&example.display().to_string());
    // What a person has set for a real account must not reach the simulator, nor the other way round.
    command.env("TF_CLI", program()).env("DIGICERT_ACCOUNT_ID", "1").env("TF_WORKSPACE", "other");
    command.arg("--no-build").arg(folder);
    command
}

fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    Ran { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
}

/// Runs what a person types in a shell in the folder, after its environment.sh.
fn type_in(folder: &Path, script: &str) -> Ran {
    let script = format!(". ./environment.sh; {script}").replace("terraform", &program());
    let mut shell = process::command("sh");
    run(shell.current_dir(folder).env("TF_CLI_ARGS", "-no-color").args(["-c", &script, "2>&1"]))
}

fn variable(folder: &Path, name: &str) -> String {
    type_in(folder, &format!("echo \"${name}\"")).succeeded().trim().to_owned()
}

fn subaccount(folder: &Path) -> Value {
    let state = std::fs::read_to_string(folder.join("terraform.tfstate")).expect("a state");
    let mut state: Value = serde_json::from_str(&state).expect("JSON");
    state["resources"][0]["instances"][0]["attributes"].take()
}

fn folder() -> (TempDir, PathBuf) {
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let folder = temporary.path().join("a new one");
    (temporary, folder)
}

#[test]
fn ends_with_a_subaccount_in_state_and_shows_no_key() {
    let (_temporary, folder) = folder();
    let text = run(&mut quickstart(&folder)).succeeded();
    for expected in [
        "validate\n",
        "+ api_key                            = (sensitive value)",
        "Apply complete! Resources: 1 added",
        "# Requests: GET /account, GET /account/subaccount, POST /account, GET /account/subaccount/500001.",
        "No changes.",
        "api_key = <sensitive>",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    let subaccount = subaccount(&folder);
    assert_eq!(subaccount["account_type"], "managed");
    let key = subaccount["api_key"].as_str().expect("a key");
    for key in [key, &variable(&folder, "DIGICERT_API_KEY")] {
        assert!(key.len() > 8 && !text.contains(key), "a key is shown");
    }
    let mode = folder.metadata().expect("it exists").permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "the state holds a key");
}

#[test]
fn a_second_start_keeps_existing_files() {
    let (_temporary, folder) = folder();
    run(&mut quickstart(&folder)).succeeded();
    let key = subaccount(&folder)["api_key"].clone();
    std::fs::write(folder.join("main.tf"), "nonsense").expect("the directory is writable");
    run(&mut quickstart(&folder)).succeeded();
    assert_ne!(subaccount(&folder)["api_key"], key);
    let earlier = folder.join("earlier/1");
    assert_eq!(subaccount(&earlier)["api_key"], key);
    assert_eq!(std::fs::read(earlier.join("main.tf")).expect("it was kept"), b"nonsense");
}

#[test]
fn a_directory_with_other_files_is_not_changed() {
    let (temporary, _) = folder();
    std::fs::write(temporary.path().join("main.tf"), "precious")
        .expect("the directory is writable");
    let text = run(&mut quickstart(temporary.path())).failed();
    assert!(text.contains("contains files that the quickstart did not create"), "{text}");
    assert_eq!(std::fs::read_dir(temporary.path()).expect("it exists").count(), 1);
}

/// The walk of the README in the folder, with the quickstart's simulator.
#[test]
fn goes_on_by_hand_while_it_keeps_running() {
    let (_temporary, folder) = folder();
    let _running = KeptRunning::start(&folder);
    let plan = "terraform plan -detailed-exitcode";
    type_in(&folder, plan).succeeded();

    edit(&folder, "quickstart", "renamed");
    let text = type_in(&folder, "terraform apply -auto-approve").succeeded();
    assert!(text.contains("0 added, 1 changed"), "{text}");

    edit(&folder, "Example Org", "Another Org");
    let text = type_in(&folder, plan).failed();
    assert!(text.contains("organization"), "{text}");
    edit(&folder, "Another Org", "Example Org");

    edit(&folder, "deletion_protection = false", "deletion_protection = true");
    type_in(&folder, "terraform apply -auto-approve").succeeded();
    let text = type_in(&folder, "terraform destroy -auto-approve").failed();
    assert!(text.contains("Object protected from deletion"), "{text}");

    type_in(&folder, "terraform state rm digicert_subaccount.example").succeeded();
    let text = type_in(&folder, "terraform apply -auto-approve").failed();
    assert!(text.contains("Subaccount already exists"), "{text}");
    edit(
        &folder,
        "terraform {",
        "import {\n to = digicert_subaccount.example\n id = 500001\n}\nterraform {",
    );
    type_in(&folder, "terraform apply -auto-approve").succeeded();
    type_in(&folder, plan).succeeded();
    assert!(subaccount(&folder)["api_key"].is_null());
}

/// The other walk of that README: an empty simulator in the place of the one that is gone.
#[test]
fn goes_on_by_hand_with_an_empty_simulator() {
    let (_temporary, folder) = folder();
    run(&mut quickstart(&folder)).succeeded();
    let sim = Sim::start(Options {
        port: variable(&folder, "SIMULATOR_PORT").parse().expect("a port"),
        api_key: Some(variable(&folder, "DIGICERT_API_KEY")),
        ..Options::default()
    })
    .expect("the port is free");
    let key = subaccount(&folder)["api_key"].clone();
    let text = type_in(&folder, "terraform plan").succeeded();
    assert!(text.contains("Object not found") && text.contains("1 to add"), "{text}");
    edit(&folder, "deletion_protection = false", "deletion_protection = true");
    type_in(&folder, "terraform apply -auto-approve").succeeded();
    type_in(&folder, "terraform plan -detailed-exitcode").succeeded();
    assert!(!subaccount(&folder)["api_key"].is_null());
    assert_ne!(subaccount(&folder)["api_key"], key);

    sim.with(|world| world.subaccounts.clear());
    let text = type_in(&folder, "terraform plan").failed();
    assert!(text.contains("Subaccount not found"), "{text}");
}

#[test]
fn takes_opentofu_where_there_is_no_terraform() {
    let (temporary, folder) = folder();
    let found = run(process::command("sh").args(["-c", &format!("command -v {}", program())]));
    symlink(found.succeeded().trim(), temporary.path().join("tofu"))
        .expect("the directory is writable");
    let mut quickstart = quickstart(&folder);
    let text = run(quickstart.env_remove("TF_CLI").env("PATH", temporary.path())).succeeded();
    assert!(text.contains("\n$ tofu validate\n"), "{text}");
}

#[test]
fn a_missing_cli_is_reported() {
    let (_temporary, folder) = folder();
    for (name, value, reason) in [
        ("PATH", "/nowhere", "neither terraform nor tofu is on the PATH"),
        ("TF_CLI", "/nowhere/terraform", "TF_CLI is \"/nowhere/terraform\", which cannot be run"),
    ] {
        let mut quickstart = quickstart(&folder);
        let ran = run(quickstart.env_remove("TF_CLI").env(name, value));
        assert_eq!(ran.code, Some(2));
        assert_eq!(
            ran.text,
            format!(
                "quickstart: {reason}. Install Terraform 1.0 or later from \
                 https://developer.hashicorp.com/terraform/install, or OpenTofu from \
                 https://opentofu.org/docs/intro/install/\n"
            )
        );
    }
    assert!(!folder.exists());
}

fn edit(folder: &Path, from: &str, to: &str) {
    let path = folder.join("main.tf");
    let text = std::fs::read_to_string(&path).expect("it exists");
    std::fs::write(path, text.replacen(from, to, 1)).expect("the directory is writable");
}

/// A quickstart that waits for Ctrl-C. It is killed when dropped.
struct KeptRunning(Child);

impl KeptRunning {
    fn start(folder: &Path) -> Self {
        let mut quickstart = quickstart(folder);
        let quickstart = quickstart.arg("--keep-running").stdout(Stdio::piped());
        let mut running = Self(quickstart.spawn().expect("it starts"));
        let mut lines = BufReader::new(running.0.stdout.take().expect("it is piped")).lines();
        let waits = |line: String| line.contains("until Ctrl-C");
        assert!(lines.by_ref().any(|line| line.is_ok_and(waits)), "it ended");
        // The last lines it prints: where to go on.
        let rest: Vec<_> = lines.map_while(Result::ok).take(4).collect();
        assert_eq!(rest.last().map(String::as_str), Some("$ . ./environment.sh"), "{rest:?}");
        running
    }
}

impl Drop for KeptRunning {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
