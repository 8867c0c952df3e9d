//! A rotation that fails anywhere: the object keeps an active key, and a later apply leaves exactly one.

use certcentral_sim::{Fault, FaultKind, Options, Sim};
use serde_json::json;

use super::{KEY, active, config};
use crate::fixtures::sim;
use crate::host::{Host, Object};

async fn created(host: &mut Host<'_>) -> Object {
    host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded().object
}

/// Reads and applies until nothing is left to do. Returns the last state.
async fn finish(host: &mut Host<'_>, object: &Object, trigger: &str) -> serde_json::Value {
    let read = host.read(KEY, object).await.succeeded();
    let applied = host.apply(KEY, &read.object, Some(&config(trigger, "0s"))).await.succeeded();
    let read = host.read(KEY, &applied.object).await.succeeded();
    assert_eq!(read.attributes["superseded_key_ids"], json!([]));
    read.attributes
}

#[tokio::test]
async fn a_revocation_that_fails_is_made_up_for() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    sim.fault(Fault::new("PUT", "/key/*/status", FaultKind::status(503)).times(1));
    let failed = host.apply(KEY, &object, Some(&config("2", "0s"))).await;
    assert!(failed.errors[0].starts_with("Cannot update digicert_api_key"), "{:?}", failed.errors);
    assert_eq!(failed.attributes["id"], "700003", "the new key is current");
    assert_eq!(failed.attributes["superseded_key_ids"], json!(["700002"]));
    assert_eq!(sim.with(|world| active(world)), [700_002, 700_003]);
    // Nothing but the revocation is left to do.
    let plan = host.plan(KEY, &failed.object, Some(&config("2", "0s"))).await;
    assert_eq!(plan.attributes["superseded_key_ids"], json!([]));
    assert_eq!(plan.attributes["id"], "700003");
    finish(&mut host, &failed.object, "2").await;
    assert_eq!(sim.with(|world| active(world)), [700_003]);
}

#[tokio::test]
async fn a_key_without_a_response_is_revoked() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    sim.fault(Fault::new("POST", "/key/user/*", FaultKind::Reset).with_effect().times(1));
    let failed = host.apply(KEY, &object, Some(&config("2", "0s"))).await;
    let error = &failed.errors[0];
    assert!(error.starts_with("API key may have been created: "), "{error}");
    assert!(error.contains("API key 700003 has appeared since. It was revoked"), "{error}");
    assert!(error.contains("The current key stays active. Apply again."), "{error}");
    assert_eq!(failed.attributes["id"], "700002");
    assert_eq!(sim.with(|world| active(world)), [700_002]);
    let state = finish(&mut host, &failed.object, "2").await;
    assert_eq!(state["id"], "700004");
    assert_eq!(sim.with(|world| active(world)), [700_004]);
}

#[tokio::test]
async fn a_key_without_a_response_that_cannot_be_revoked_is_superseded() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    sim.fault(Fault::new("POST", "/key/user/*", FaultKind::Reset).with_effect().times(1));
    sim.fault(Fault::new("PUT", "/key/*/status", FaultKind::status(503)).times(1));
    let failed = host.apply(KEY, &object, Some(&config("2", "0s"))).await;
    assert!(failed.errors[0].contains("revoking it failed"), "{:?}", failed.errors);
    let read = host.read(KEY, &failed.object).await.succeeded();
    assert_eq!(read.attributes["superseded_key_ids"], json!(["700003"]));
    // The trigger is set back: the key that nobody has is revoked all the same.
    finish(&mut host, &read.object, "1").await;
    assert_eq!(sim.with(|world| active(world)), [700_002]);
}

#[tokio::test]
async fn keys_that_cannot_be_listed_are_settled_later() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    sim.fault(Fault::new("POST", "/key/user/*", FaultKind::Reset).with_effect().times(1));
    sim.fault(Fault::new("GET", "/key", FaultKind::status(503)).after(1).times(1));
    let failed = host.apply(KEY, &object, Some(&config("2", "0s"))).await;
    assert!(
        failed.errors[0].contains("Listing the API keys of the user failed"),
        "{:?}",
        failed.errors
    );
    assert_eq!(sim.with(|world| active(world)), [700_002, 700_003]);
    // Also without a refresh.
    let applied = host.apply(KEY, &failed.object, Some(&config("2", "0s"))).await.succeeded();
    assert_eq!(applied.attributes["id"], "700004");
    assert_eq!(sim.with(|world| active(world)), [700_004]);
}

#[tokio::test]
async fn a_response_without_the_key_revokes_it() {
    let sim = Sim::start(Options { key_created_without_secret: true, ..Options::default() })
        .expect("loopback has a port");
    let mut host = Host::without_retries(&sim).await;
    let failed = host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await;
    assert!(failed.errors[0].starts_with("API key not returned: "), "{:?}", failed.errors);
    assert!(failed.object.state.is_none());
    assert_eq!(sim.with(|world| active(world)), <[u64; 0]>::default());
}

#[tokio::test]
async fn a_create_without_a_response_revokes_the_one_key_that_has_appeared() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", "/key/user/*", FaultKind::Reset).with_effect().times(1));
    let failed = host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await;
    assert!(
        failed.errors[0].contains("API key 700002 has appeared since. It was revoked"),
        "{:?}",
        failed.errors
    );
    assert!(failed.object.state.is_none());
    assert_eq!(sim.with(|world| active(world)), <[u64; 0]>::default());
    host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded();
}

#[tokio::test]
async fn a_truncated_response_is_used_as_far_as_it_was_received() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    let secret = "A-KEY-OF-A-TRUNCATED-RESPONSE";
    let body = format!("{{\"api_key\":\"{secret}\",\"id\":70");
    let cut = FaultKind::Body { status: 201, content_type: "application/json".into(), body };
    sim.fault(Fault::new("POST", "/key/user/*", cut).with_effect().times(1));
    let applied = host.apply(KEY, &object, Some(&config("2", "0s"))).await.succeeded();
    assert_eq!(applied.attributes["api_key"], secret);
    assert_eq!(applied.attributes["id"], "700003", "the only new key");
    assert_eq!(sim.with(|world| active(world)), [700_003]);
}

#[tokio::test]
async fn a_key_that_was_revoked_elsewhere_is_rotated_while_others_are_superseded() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let object = created(&mut host).await;
    let grace = host.apply(KEY, &object, Some(&config("2", "24h"))).await.succeeded();
    assert_eq!(grace.attributes["superseded_key_ids"], json!(["700002"]));
    sim.with(|world| {
        let current = world.api_keys.get_mut(&700_003).expect("the current key");
        current.status = certcentral_sim::ApiKeyStatus::Revoked;
    });
    let read = host.read(KEY, &grace.object).await.succeeded();
    assert_eq!(read.attributes["status"], "revoked");
    let plan = host.plan(KEY, &read.object, Some(&config("2", "24h"))).await;
    assert_eq!(plan.attributes["id"], "unknown");
    let applied = host.apply(KEY, &read.object, Some(&config("2", "24h"))).await.succeeded();
    assert_eq!(applied.attributes["superseded_key_ids"], json!(["700002"]));
    assert_eq!(sim.with(|world| active(world)), [700_002, 700_004]);
}
