//! Terraform or the provider is killed or interrupted, with the real CLI.

use std::process::{Child, Command, Stdio};

use certcentral_sim::{Fault, FaultKind, Options};

use crate::cli::Workspace;
use crate::fixtures::{MANAGED_SUBACCOUNT, Output, block_until};

/// Terraform during an apply, with an API request that has no response yet.
struct Waiting {
    workspace: Workspace,
    terraform: Child,
}

impl Waiting {
    fn new(method: &str, path: &str) -> Self {
        let workspace = Workspace::new(Options::default());
        workspace.write(MANAGED_SUBACCOUNT);
        Self::apply(workspace, Fault::new(method, path, FaultKind::Hang), method, path)
    }

    fn apply(workspace: Workspace, fault: Fault, method: &str, path: &str) -> Self {
        workspace.sim.fault(fault);
        let terraform = workspace
            .command(&["apply", "-auto-approve", "-input=false", "-no-color"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Terraform or OpenTofu must be on the PATH, or named by TF_CLI");
        let waiting = Self { workspace, terraform };
        block_until(|| waiting.workspace.sim.count(method, path) == 1);
        waiting
    }

    /// The provider processes of this Terraform. One of an earlier phase may still be exiting.
    fn providers(&self) -> Vec<String> {
        let children = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &self.terraform.id().to_string()])
            .output()
            .expect("ps is installed");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        children.split_whitespace().map(str::to_owned).collect()
    }
}

#[test]
fn a_killed_provider_fails_the_run() {
    for (method, path) in [("GET", "/account/subaccount"), ("POST", "/account")] {
        let waiting = Waiting::new(method, path);
        let providers = waiting.providers();
        assert!(!providers.is_empty(), "terraform runs a provider");
        signal("KILL", &providers);
        let Waiting { workspace, terraform } = waiting;
        let output = terraform.wait_with_output().expect("a child");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}");
        // It depends on whether the failure of the connection or of the call is detected first.
        let said = ["Plugin did not respond", "Request cancelled"];
        assert!(said.iter().any(|it| text.contains(it)), "{text}");
        assert!(workspace.state("digicert_subaccount.it").is_null());
        assert!(!providers.iter().any(|it| runs(it)));
    }
}

#[test]
fn a_provider_exits_when_terraform_is_killed() {
    let waiting = Waiting::new("GET", "/account/subaccount");
    let providers = waiting.providers();
    assert!(!providers.is_empty(), "terraform runs a provider");
    signal("KILL", &[waiting.terraform.id().to_string()]);
    waiting.workspace.sim.clear_faults();
    let Waiting { workspace, mut terraform } = waiting;
    terraform.wait().expect("a child");
    // The request without a response ends with the simulator.
    drop(workspace);
    block_until(|| !providers.iter().any(|it| runs(it)));
}

#[test]
fn after_a_second_interrupt_the_next_apply_adopts_the_response() {
    let mut workspace = Workspace::new(Options::default());
    workspace.write(MANAGED_SUBACCOUNT);
    let directory = workspace.path("recovery");
    workspace.set("DIGICERT_RECOVERY_DIR", directory.to_str().expect("UTF-8"));
    let hold = Fault::new("POST", "/account", FaultKind::Hold).with_effect();
    let mut waiting = Waiting::apply(workspace, hold, "POST", "/account");
    let providers = waiting.providers();
    // As with Ctrl-C: to Terraform and to the provider.
    let group = [&providers[..], &[waiting.terraform.id().to_string()]].concat();
    signal("INT", &group);
    let mut output = Output::of(waiting.terraform.stdout.take());
    output.wait_for("Interrupt received");
    signal("INT", &group);
    let mut errors = Output::of(waiting.terraform.stderr.take());
    errors.wait_for("Two interrupts received");
    waiting.workspace.sim.clear_faults();
    waiting.terraform.wait().expect("a child");
    block_until(|| !providers.iter().any(|it| runs(it)));

    let workspace = waiting.workspace;
    assert!(workspace.state("digicert_subaccount.it").is_null(), "Terraform did not wait for it");
    let text = workspace.apply();
    assert!(text.contains("restored from recovery_dir"), "{text}");
    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    assert_eq!(workspace.state("digicert_subaccount.it")["api_key"], key);
    assert_eq!(workspace.sim.count("POST", "/account"), 1);
    workspace.assert_empty_plan();
}

fn signal(name: &str, processes: &[String]) {
    // A provider of an earlier phase may have exited meanwhile; the current one is the last.
    let mut sent = false;
    for process in processes {
        let status = Command::new("kill").args([&format!("-{name}"), process]).status();
        sent = status.expect("kill is installed").success();
    }
    assert!(sent);
}

/// Whether a process exists and is not a zombie.
fn runs(process: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", process]).output();
    let state = String::from_utf8_lossy(&state.expect("ps is installed").stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}
