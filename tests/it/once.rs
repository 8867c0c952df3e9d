//! One-time effects: a key that is returned once, an account that cannot be closed, an e-mail that is sent.

use std::process::{Command, Stdio};

use certcentral_sim::{Fault, FaultKind, MailKind, Options};
use serde_json::json;

use crate::cli::Workspace;
use crate::fixtures::{MANAGED_SUBACCOUNT, Output, block_until, managed_subaccount, sim};
use crate::host::{Host, Object};

#[tokio::test]
async fn a_truncated_response_is_used_as_far_as_it_was_received() {
    let mut outcomes = [0; 4];
    for bytes in (0..900).step_by(23) {
        let sim = sim();
        let mut host = Host::without_retries(&sim).await;
        sim.fault(Fault::new("POST", "/account", FaultKind::Truncated { bytes }).with_effect());
        let made = host
            .apply("digicert_subaccount", &Object::default(), Some(&managed_subaccount()))
            .await;
        let (id, key) = (&made.attributes["id"], &made.attributes["api_key"]);
        let what = format!("{bytes} bytes: {:?} {:?}", made.errors, made.warnings);
        assert_eq!(sim.with(|world| world.subaccounts.len()), 1, "{what}");
        assert_eq!(sim.count("POST", "/account"), 1, "{what}");
        match (id.is_string(), key.is_string()) {
            (true, true) => assert_eq!(*key, sim.issued_keys()[0], "{what}"),
            (true, false) => assert!(
                made.warnings.iter().any(|it| it.contains("did not contain its api_key")),
                "{what}"
            ),
            (false, true) => {
                assert!(
                    made.warnings.iter().any(|it| it.contains("truncated before its ID")),
                    "{what}"
                )
            }
            (false, false) => assert!(made.errors[0].contains("may have been created"), "{what}"),
        }
        if id.is_string() || key.is_string() {
            assert!(made.errors.is_empty(), "an error would taint it: {what}");
        }
        if !id.is_string() && key.is_string() {
            let read = host.read("digicert_subaccount", &made.object).await.succeeded();
            assert!(read.attributes["id"].is_string(), "a read finds it in the list: {what}");
            assert_eq!(read.attributes["api_key"], sim.issued_keys()[0]);
        }
        outcomes[usize::from(id.is_string()) * 2 + usize::from(key.is_string())] += 1;
    }
    // The simulator writes the key before the id.
    assert!(outcomes[0] > 0 && outcomes[1] > 0 && outcomes[3] > 0, "{outcomes:?}");
}

#[tokio::test]
async fn an_id_without_its_key_is_stored_with_a_warning() {
    let sim = sim();
    let mut host = Host::start(&sim, json!({})).await;
    let body = r#"{"id": 500001}"#.to_owned();
    let answer = FaultKind::Body { status: 201, content_type: "application/json".into(), body };
    sim.fault(Fault::new("POST", "/account", answer).with_effect());
    let made = host
        .apply("digicert_subaccount", &Object::default(), Some(&managed_subaccount()))
        .await
        .succeeded();
    assert_eq!(made.attributes["id"], "500001");
    assert!(made.attributes["api_key"].is_null());
    assert_eq!(made.attributes["organization"]["status"], "active", "the rest is read");
    assert!(made.warnings[0].contains("DigiCert support"), "{:?}", made.warnings);
}

#[test]
fn an_error_after_the_create_does_not_taint_the_object() {
    for kind in
        [FaultKind::status(500), FaultKind::status(403), FaultKind::Reset, FaultKind::status(404)]
    {
        let workspace = Workspace::new(Options::default());
        workspace.write(&format!(
            "provider \"digicert\" {{\n  max_retries = 0\n}}\n{MANAGED_SUBACCOUNT}"
        ));
        workspace.sim.fault(Fault::new("GET", "/account/subaccount/*", kind));
        let applied = workspace.apply();
        assert!(applied.contains("Subaccount not read yet"), "{applied}");
        let state = std::fs::read_to_string(workspace.path("terraform.tfstate")).expect("a state");
        assert!(!state.contains("tainted"), "{state}");
        let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
        assert_eq!(workspace.state("digicert_subaccount.it")["api_key"], key);

        workspace.sim.clear_faults();
        workspace.apply();
        workspace.assert_empty_plan();
        assert!(workspace.state("digicert_subaccount.it")["date_created"].is_string());
        assert_eq!(workspace.sim.count("POST", "/account"), 1);
    }
}

#[test]
fn an_interrupt_during_the_request_leaves_the_key_in_the_state() {
    let workspace = Workspace::new(Options::default());
    workspace.write(MANAGED_SUBACCOUNT);
    workspace.sim.fault(Fault::new("POST", "/account", FaultKind::Hold).with_effect());
    let mut terraform = workspace
        .command(&["apply", "-auto-approve", "-input=false", "-no-color"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the CLI is on the PATH");
    block_until(|| workspace.sim.count("POST", "/account") == 1);
    // As with Ctrl-C: to Terraform and to the provider.
    let group = terraform.id().to_string();
    let providers =
        Command::new("pgrep").args(["-P", &group]).output().expect("pgrep is installed");
    let providers = String::from_utf8_lossy(&providers.stdout).into_owned();
    let sent =
        Command::new("kill").arg("-INT").arg(&group).args(providers.split_whitespace()).status();
    assert!(sent.expect("kill is installed").success());
    let mut output = Output::of(terraform.stdout.take());
    output.wait_for("Interrupt received");
    workspace.sim.clear_faults();
    terraform.wait().expect("a child");

    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    assert_eq!(workspace.state("digicert_subaccount.it")["api_key"], key);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.sim.count("POST", "/account"), 1);
}

#[test]
fn two_hundred_users_are_created_once_each_despite_random_errors() {
    let workspace = Workspace::new(Options::default());
    workspace.write(
        r#"
        provider "digicert" {
          rate_limits = []
          max_retries = 12
        }
        resource "digicert_user" "it" {
          count          = 200
          username       = "user-${count.index}"
          first_name     = "User"
          last_name      = tostring(count.index)
          email          = "user-${count.index}@example.com"
          access_role_id = "5"
        }"#,
    );
    let before = workspace.sim.with(|world| world.users.len());
    workspace.sim.fault(Fault::any(
        "*",
        FaultKind::Storm { probability: 0.2, seed: 7, statuses: vec![429, 503], retry_after: None },
    ));
    workspace
        .run(&["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=60"])
        .succeeded();
    workspace.sim.clear_faults();
    workspace.assert_empty_plan();
    let (users, mails) =
        workspace.sim.with(|world| (world.users.len(), world.mails_of(MailKind::UserCreated)));
    assert_eq!((users - before, mails), (200, 200));
}
