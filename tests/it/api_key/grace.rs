//! Grace periods: the old key stays active until a plan shows that it is due.

use certcentral_sim::Options;
use serde_json::json;

use super::{KEY, active, config};
use crate::cli::Workspace;
use crate::fixtures::sim;
use crate::host::{Host, Object};

#[test]
fn a_superseded_key_is_revoked_once_it_is_due() {
    let workspace = Workspace::new(Options::default());
    let block = |trigger: &str, grace: &str| {
        workspace.write_block(
            KEY,
            &format!(
                "user_id = \"110001\"\nname = \"pipeline\"\nrotation_triggers = {{ at = {trigger:?} }}\ngrace_period = {grace:?}"
            ),
        );
    };
    let it = || workspace.state("digicert_api_key.it");
    block("1", "24h");
    workspace.apply();
    block("2", "24h");
    let plan = workspace.assert_plan();
    assert!(plan.contains("+ \"700002\","), "the plan shows what is superseded: {plan}");
    workspace.apply();
    assert_eq!(it()["superseded_key_ids"], json!(["700002"]));
    workspace.assert_empty_plan();
    block("3", "24h");
    workspace.apply();
    assert_eq!(it()["superseded_key_ids"], json!(["700002", "700003"]));
    assert_eq!(workspace.sim.with(|world| active(world)), [700_002, 700_003, 700_004]);
    workspace.assert_empty_plan();
    // A shorter period makes both due.
    block("3", "0s");
    let plan = workspace.assert_plan();
    assert!(plan.contains("- \"700002\","), "{plan}");
    workspace.sim.take_requests();
    workspace.apply();
    let revoked =
        ["700002", "700003"].map(|id| format!("PUT /key/{id}/status {{\"status\":\"revoked\"}}"));
    assert_eq!(workspace.writes(""), revoked);
    workspace.assert_empty_plan();
    // A destroy revokes what is left.
    block("4", "24h");
    workspace.apply();
    workspace.destroy();
    assert_eq!(workspace.sim.with(|world| active(world)), <[u64; 0]>::default());
}

#[tokio::test]
async fn a_grace_period_begins_anew_without_private_data() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let first = host.apply(KEY, &Object::default(), Some(&config("1", "24h"))).await.succeeded();
    let second = host.apply(KEY, &first.object, Some(&config("2", "24h"))).await.succeeded();
    let lost = Object { private: Vec::new(), ..second.object };
    let read = host.read(KEY, &lost).await.succeeded();
    let plan = host.plan(KEY, &read.object, Some(&config("2", "24h"))).await;
    assert_eq!(plan.attributes["superseded_key_ids"], json!(["700002"]));
}

#[tokio::test]
async fn a_period_that_has_passed_shows_an_update() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let first = host.apply(KEY, &Object::default(), Some(&config("1", "24h"))).await.succeeded();
    let second = host.apply(KEY, &first.object, Some(&config("2", "24h"))).await.succeeded();
    let mut private: serde_json::Value =
        serde_json::from_slice(&second.object.private).expect("JSON");
    private["own"]["superseded"]["700002"] = json!(1);
    let later = Object { private: private.to_string().into_bytes(), ..second.object };
    let applied = host.apply(KEY, &later, Some(&config("2", "24h"))).await.succeeded();
    assert_eq!(applied.attributes["superseded_key_ids"], json!([]));
    assert_eq!(applied.attributes["id"], "700003");
    assert_eq!(sim.with(|world| active(world)), [700_003]);
}
