//! A webhook is activated once its endpoint has answered a challenge.

use std::time::Duration;

use certcentral_sim::{Fault, FaultKind, Options, WebhookStatus};
use serde_json::json;

use super::{ADDRESS, TYPE, activate, add, only, write};
use crate::cli::{Workspace, unwrapped};
use crate::fixtures::sim;
use crate::host::{Host, Object};

/// The endpoint sends the token of the challenge back to CertCentral.
fn answer_challenge(workspace: &Workspace) {
    workspace.sim.with(|world| {
        let webhook = only(world);
        assert!(webhook.challenge.take().is_some(), "a challenge was sent");
        webhook.is_verified = true;
    });
}

#[test]
fn an_answered_challenge_lets_the_next_apply_activate() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    let applied = unwrapped(&workspace.apply());
    let said = "CertCentral has sent a challenge with a token to \"https://hooks.example.com\". Within 30 minutes";
    assert!(applied.contains(said), "{applied}");
    let id = workspace.state(ADDRESS)["id"].as_str().expect("an ID").to_owned();
    assert!(applied.contains(&format!("`PUT /webhook/{id}/check-challenge`")), "{applied}");
    assert_eq!(workspace.state(ADDRESS)["active"], true);

    // Nobody has answered: the plan goes on, and the apply sends another challenge.
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains("The webhook is pending."), "{plan}");
    workspace.sim.clock_advance(Duration::from_secs(31 * 60));
    workspace.sim.take_requests();
    let applied = workspace.apply();
    assert!(applied.contains("Webhook not active yet"), "{applied}");
    let writes = workspace.writes(&id);
    assert_eq!(writes, ["PUT /webhook/{id}/activate", "PUT /webhook/{id}/send-challenge"]);

    answer_challenge(&workspace);
    workspace.assert_plan();
    workspace.sim.take_requests();
    let applied = workspace.apply();
    assert!(!applied.contains("has sent a challenge"), "{applied}");
    assert_eq!(workspace.writes(&id), ["PUT /webhook/{id}/activate"]);
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["status"], "active");
}

#[test]
fn another_endpoint_asks_for_another_challenge() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    workspace.apply();
    answer_challenge(&workspace);
    workspace.apply();
    write(&workspace, r#"endpoint = "https://other.example.com""#);
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains("Changing `endpoint` makes the webhook pending"), "{plan}");
    let applied = workspace.apply();
    assert!(applied.contains("Webhook not active yet"), "{applied}");
    assert_eq!(workspace.state(ADDRESS)["status"], "pending");
    answer_challenge(&workspace);
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn a_webhook_is_deactivated_and_activated_again() {
    let workspace = Workspace::new(Options::default());
    let block = |active| format!("endpoint = \"https://hooks.example.com\"\nactive = {active}");
    write(&workspace, &block(true));
    workspace.apply();
    answer_challenge(&workspace);
    workspace.apply();
    write(&workspace, &block(false));
    workspace.apply();
    workspace.assert_empty_plan();
    let state = workspace.state(ADDRESS);
    assert_eq!((&state["active"], &state["status"]), (&json!(false), &json!("inactive")));
    write(&workspace, &block(true));
    workspace.apply();
    workspace.assert_empty_plan();

    // Deactivated outside Terraform: drift, which the next apply ends.
    workspace.sim.with(|world| only(world).status = WebhookStatus::Inactive);
    let plan = workspace.assert_plan();
    assert!(plan.contains("~ active"), "{plan}");
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn an_inactive_webhook_whose_endpoint_never_answered_is_asked_to() {
    let workspace = Workspace::new(Options::default());
    add(&workspace, "https://hooks.example.com");
    workspace.sim.with(|world| only(world).status = WebhookStatus::Inactive);
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    let applied = workspace.apply();
    assert!(applied.contains("Webhook not active yet"), "{applied}");
    answer_challenge(&workspace);
    workspace.apply();
    workspace.assert_empty_plan();
}

#[tokio::test]
async fn a_challenge_that_is_not_sent_is_a_warning_of_a_create_and_an_error_of_an_update() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("PUT", "/webhook/*/send-challenge", FaultKind::status(503)));
    let config = json!({ "endpoint": "https://hooks.example.com" });
    let made = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded();
    assert!(made.warnings[0].contains("preparing its activation failed"), "{:?}", made.warnings);
    assert_eq!(made.attributes["status"], "pending");
    let failed = host.apply(TYPE, &made.object, Some(&config)).await;
    assert_eq!(failed.errors.len(), 1);
    assert_eq!(failed.attributes, made.attributes);
    sim.clear_faults();
    sim.with(|world| activate(only(world)));
    let active = host.apply(TYPE, &failed.object, Some(&config)).await.succeeded();
    assert_eq!(active.attributes["status"], "active");
}

#[tokio::test]
async fn a_step_that_fails_keeps_the_steps_before_it() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let config = json!({ "endpoint": "https://hooks.example.com", "active": true });
    let made = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded();
    sim.with(|world| activate(only(world)));
    let read = host.read(TYPE, &made.object).await.succeeded();
    assert_eq!(read.attributes["status"], "active");
    sim.fault(Fault::new("PUT", "/webhook/*/deactivate", FaultKind::status(503)));
    let config = json!({
        "endpoint": "https://hooks.example.com", "active": false, "events": ["domain_expired"],
    });
    let failed = host.apply(TYPE, &read.object, Some(&config)).await;
    assert_eq!(failed.errors.len(), 1);
    assert_eq!(failed.attributes["events"], json!(["domain_expired"]));
    assert_eq!(failed.attributes["active"], true);
    sim.clear_faults();
    let mended = host.apply(TYPE, &failed.object, Some(&config)).await.succeeded();
    assert_eq!(mended.attributes["status"], "inactive");
}
