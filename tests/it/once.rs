//! What exists once: a key that is shown once, an account that cannot be closed, a mail that was sent.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certcentral_sim::{Fault, FaultKind, MailKind, Options, Sim};
use serde_json::{Value, json};

use crate::cli::{MANAGED_SUBACCOUNT, Workspace};
use crate::host::{Host, Object};
use crate::wire::DEADLINE;

fn managed() -> Value {
    json!({
        "account_type": "managed",
        "allowed_grandchildren": [],
        "user": { "first_name": "Ada", "last_name": "Example", "email": "ada@example.com" },
        "organization": {
            "name": "Example Org", "address": "1 Example Street", "zip": "84043", "city": "Lehi",
            "state": "Utah", "country": "US",
        },
    })
}

#[tokio::test]
async fn an_answer_cut_anywhere_gives_what_had_arrived() {
    let mut outcomes = [0; 4];
    for bytes in (0..900).step_by(23) {
        let sim = Sim::start(Options::default()).expect("loopback has a port");
        let mut host = Host::start(&sim, json!({ "rate_limits": [], "max_retries": 0 })).await;
        sim.fault(Fault::new("POST", "/account", FaultKind::Truncated { bytes }).with_effect());
        let made = host.apply("digicert_subaccount", &Object::default(), Some(&managed())).await;
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
async fn an_id_without_its_key_is_kept_with_a_loud_warning() {
    let sim = Sim::start(Options::default()).expect("loopback has a port");
    let mut host = Host::start(&sim, json!({})).await;
    let body = r#"{"id": 500001}"#.to_owned();
    let answer = FaultKind::Body { status: 201, content_type: "application/json".into(), body };
    sim.fault(Fault::new("POST", "/account", answer).with_effect());
    let made =
        host.apply("digicert_subaccount", &Object::default(), Some(&managed())).await.succeeded();
    assert_eq!(made.attributes["id"], "500001");
    assert!(made.attributes["api_key"].is_null());
    assert_eq!(made.attributes["organization"]["status"], "active", "the rest is read");
    assert!(made.warnings[0].contains("DigiCert support"), "{:?}", made.warnings);
}

#[test]
fn whatever_follows_the_answer_the_object_is_kept_and_not_tainted() {
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
    let delay = FaultKind::Delay(Duration::from_secs(1));
    workspace.sim.fault(Fault::new("POST", "/account", delay).with_effect());
    let mut terraform = workspace
        .command(&["apply", "-auto-approve", "-input=false", "-no-color"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the CLI is on the PATH");
    let begin = Instant::now();
    while workspace.sim.count("POST", "/account") == 0 {
        assert!(begin.elapsed() < DEADLINE, "nothing was sent");
        std::thread::sleep(Duration::from_millis(5));
    }
    // As Ctrl-C does it: to Terraform and to the provider.
    let group = terraform.id().to_string();
    let providers = Command::new("pgrep").args(["-P", &group]).output().expect("pgrep is there");
    let providers = String::from_utf8_lossy(&providers.stdout).into_owned();
    let sent =
        Command::new("kill").arg("-INT").arg(&group).args(providers.split_whitespace()).status();
    assert!(sent.expect("kill is there").success());
    terraform.wait().expect("a child");

    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    assert_eq!(workspace.state("digicert_subaccount.it")["api_key"], key);
    workspace.sim.clear_faults();
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.sim.count("POST", "/account"), 1);
}

#[test]
fn two_hundred_users_through_a_storm_exist_once_each() {
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
