//! What happens around a process that dies, seen with the real CLI.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind, Options};

use crate::cli::{MANAGED_SUBACCOUNT, Workspace};
use crate::wire::DEADLINE;

/// Terraform in the midst of an apply whose call to the API is not answered.
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
        until(|| waiting.workspace.sim.count(method, path) == 1);
        waiting
    }

    /// The providers this Terraform has started: a phase leaves one behind for a moment.
    fn providers(&self) -> Vec<String> {
        let children = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &self.terraform.id().to_string()])
            .output()
            .expect("ps is there");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        children.split_whitespace().map(str::to_owned).collect()
    }
}

#[test]
fn a_provider_that_is_killed_is_an_error_of_the_run() {
    for (method, path) in [("GET", "/account/subaccount"), ("POST", "/account")] {
        let waiting = Waiting::new(method, path);
        let providers = waiting.providers();
        assert!(!providers.is_empty(), "terraform runs a provider");
        signal("KILL", &providers);
        let Waiting { workspace, terraform } = waiting;
        let output = terraform.wait_with_output().expect("a child");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}");
        // Which of the two depends on whether the connection or the call is found to be gone first.
        let said = ["Plugin did not respond", "Request cancelled"];
        assert!(said.iter().any(|it| text.contains(it)), "{text}");
        assert!(workspace.state("digicert_subaccount.it").is_null());
        assert!(!providers.iter().any(|it| runs(it)));
    }
}

#[test]
fn a_terraform_that_is_killed_leaves_no_provider_behind() {
    let waiting = Waiting::new("GET", "/account/subaccount");
    let providers = waiting.providers();
    assert!(!providers.is_empty(), "terraform runs a provider");
    signal("KILL", &[waiting.terraform.id().to_string()]);
    waiting.workspace.sim.clear_faults();
    let Waiting { workspace, mut terraform } = waiting;
    terraform.wait().expect("a child");
    // The call that is not answered ends with the simulator.
    drop(workspace);
    until(|| !providers.iter().any(|it| runs(it)));
}

#[test]
fn after_a_second_interrupt_the_next_apply_takes_the_answer_over() {
    let mut workspace = Workspace::new(Options::default());
    workspace.write(MANAGED_SUBACCOUNT);
    let directory = workspace.path("recovery");
    workspace.set("DIGICERT_RECOVERY_DIR", directory.to_str().expect("UTF-8"));
    // Longer than it takes to interrupt Terraform twice, and shorter than the provider stays after that.
    let delay = Fault::new("POST", "/account", FaultKind::Delay(Duration::from_millis(1300)));
    let mut waiting = Waiting::apply(workspace, delay.with_effect(), "POST", "/account");
    let providers = waiting.providers();
    // As Ctrl-C does it: to Terraform and to the provider.
    let group = [&providers[..], &[waiting.terraform.id().to_string()]].concat();
    signal("INT", &group);
    said(&mut waiting.terraform, "Interrupt received");
    signal("INT", &group);
    waiting.terraform.wait().expect("a child");
    until(|| !providers.iter().any(|it| runs(it)));

    let workspace = waiting.workspace;
    assert!(workspace.state("digicert_subaccount.it").is_null(), "Terraform did not wait for it");
    workspace.sim.clear_faults();
    let text = workspace.apply();
    assert!(text.contains("restored from recovery_dir"), "{text}");
    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    assert_eq!(workspace.state("digicert_subaccount.it")["api_key"], key);
    assert_eq!(workspace.sim.count("POST", "/account"), 1);
    workspace.assert_empty_plan();
}

/// Waits until a process has printed this.
fn said(process: &mut Child, text: &str) {
    let stdout = process.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(stdout).lines();
    assert!(lines.any(|line| line.expect("UTF-8").contains(text)), "it never said {text:?}");
    // What follows is read to the end, so that the process is not kept waiting.
    std::thread::spawn(move || lines.count());
}

fn signal(name: &str, processes: &[String]) {
    // One that a phase has left behind may end by itself meanwhile; the one at work is the last.
    let mut sent = false;
    for process in processes {
        let status = Command::new("kill").args([&format!("-{name}"), process]).status();
        sent = status.expect("kill is there").success();
    }
    assert!(sent);
}

/// Whether a process is there and more than a zombie.
fn runs(process: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", process]).output();
    let state = String::from_utf8_lossy(&state.expect("ps is there").stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// Waits until something is so; it fails if that takes absurdly long.
fn until(so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < DEADLINE, "it did not come to be");
        std::thread::sleep(Duration::from_millis(5));
    }
}
