//! An account has one webhook: it is created once, or adopted.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::{Value, json};

use super::{ADDRESS, OLD_SECRET, TYPE, activate, add, only, write};
use crate::cli::{Workspace, unwrapped};
use crate::fixtures::sim;
use crate::host::{Host, Object};

#[test]
fn the_existing_webhook_is_adopted_with_a_warning() {
    let workspace = Workspace::new(Options::default());
    add(&workspace, "https://existing.example.com");
    write(&workspace, "endpoint = \"https://hooks.example.com\"\nactive = false");
    let applied = unwrapped(&workspace.apply());
    assert!(applied.contains("with the endpoint \"https://existing.example.com\""), "{applied}");
    assert_eq!(workspace.sim.count("POST", "/webhook"), 0);
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["events"], json!(["domain_expired"]), "they are kept");
    workspace.sim.with(|world| {
        assert_eq!(only(world).endpoint, "https://hooks.example.com");
        assert_eq!(only(world).secret(), Some(OLD_SECRET));
    });
}

#[test]
fn an_adopted_webhook_is_deactivated_if_it_is_to_be_inactive() {
    let workspace = Workspace::new(Options::default());
    add(&workspace, "https://hooks.example.com");
    workspace.sim.with(|world| activate(only(world)));
    write(&workspace, "endpoint = \"https://hooks.example.com\"\nactive = false");
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(ADDRESS)["status"], "inactive");
}

#[test]
fn a_second_webhook_of_a_configuration_is_an_error() {
    let workspace = Workspace::new(Options::default());
    workspace.write(
        r#"
        resource "digicert_webhook" "it" {
          count    = 2
          endpoint = "https://hooks.example.com/${count.index}"
          active   = false
        }"#,
    );
    let failed = workspace.apply_fails();
    assert!(failed.contains("Multiple webhooks"), "{failed}");
    assert_eq!(workspace.sim.with(|world| world.webhooks.len()), 1);
}

#[test]
fn a_renamed_resource_keeps_the_webhook_active() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, r#"endpoint = "https://hooks.example.com""#);
    workspace.apply();
    workspace.sim.with(|world| activate(only(world)));
    workspace.write(
        "resource \"digicert_webhook\" \"renamed\" {\n  endpoint = \"https://hooks.example.com\"\n}",
    );
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state("digicert_webhook.renamed")["status"], "active");
}

fn config() -> Value {
    json!({ "endpoint": "https://hooks.example.com", "active": false })
}

#[tokio::test]
async fn a_webhook_whose_response_was_lost_is_found() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", "/webhook", FaultKind::Reset).with_effect());
    let made = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert!(made.warnings[0].starts_with("Webhook found"), "{:?}", made.warnings);
    assert_eq!(made.attributes["id"], sim.with(|world| only(world).id).to_string());
    assert_eq!(sim.count("POST", "/webhook"), 1);
}

#[tokio::test]
async fn a_webhook_that_is_not_found_is_an_error_without_state() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    for fault in [
        Fault::new("POST", "/webhook", FaultKind::Reset),
        Fault::new("POST", "/webhook", FaultKind::Truncated { bytes: 3 }).with_effect(),
    ] {
        let has_effect = fault.effect;
        sim.fault(fault);
        if has_effect {
            sim.fault(Fault::new("GET", "/webhook", FaultKind::status(503)).after(1));
        }
        let failed = host.apply(TYPE, &Object::default(), Some(&config())).await;
        assert!(failed.errors[0].contains("Apply again: an existing webhook is adopted"));
        assert!(failed.attributes.is_null());
        sim.clear_faults();
    }
    let made = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert!(made.warnings[0].starts_with("Webhook adopted"), "{:?}", made.warnings);
    assert_eq!(sim.with(|world| world.webhooks.len()), 1);
}

#[tokio::test]
async fn a_webhook_that_is_not_read_after_its_creation_is_read_later() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("GET", "/webhook", FaultKind::status(503)).after(1));
    let made = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert!(made.warnings[0].starts_with("Webhook not read yet"), "{:?}", made.warnings);
    assert!(made.attributes["events"].is_null());
    sim.clear_faults();
    let read = host.read(TYPE, &made.object).await.succeeded();
    assert_eq!(read.attributes["events"], json!(["certificate_issued"]));
}
