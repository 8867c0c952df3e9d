//! A field is created once, whatever becomes of the response and of the lists.

use certcentral_sim::{Fault, FaultKind, Sim};
use serde_json::{Value, json};

use super::TYPE;
use crate::fixtures::sim;
use crate::host::{Host, Object};

const PATH: &str = "/account/metadata";

fn config() -> Value {
    json!({ "label": "Cost center" })
}

/// Lets the first list pass, and fails the second one.
fn fail_second_list(sim: &Sim) {
    sim.fault(Fault::new("GET", PATH, FaultKind::status(503)).after(1));
}

#[tokio::test]
async fn a_field_whose_response_was_lost_is_found_in_the_list() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", PATH, FaultKind::Reset).with_effect());
    let made = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert!(made.warnings[0].starts_with("Custom field adopted"), "{:?}", made.warnings);
    assert_eq!(sim.count("POST", PATH), 1);
    let id = sim.with(|world| world.custom_fields.keys().next().copied());
    assert_eq!(made.attributes["id"], id.expect("a field").to_string());
}

#[tokio::test]
async fn a_field_that_the_complete_list_lacks_is_an_error_without_state() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", PATH, FaultKind::Reset));
    let failed = host.apply(TYPE, &Object::default(), Some(&config())).await;
    assert!(failed.errors[0].contains("no new custom field was found"), "{:?}", failed.errors);
    assert!(failed.errors[0].contains("Apply again."), "{:?}", failed.errors);
    assert!(failed.attributes.is_null());
    assert_eq!(sim.count("POST", PATH), 1, "never repeated");
    sim.clear_faults();
    host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    assert_eq!(sim.with(|world| world.custom_fields.len()), 1);
}

#[tokio::test]
async fn a_field_without_response_and_list_is_an_error_that_says_to_look() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", PATH, FaultKind::Reset).with_effect());
    fail_second_list(&sim);
    let failed = host.apply(TYPE, &Object::default(), Some(&config())).await;
    assert!(failed.errors[0].contains("Look for the field"), "{:?}", failed.errors);
    assert!(failed.attributes.is_null());
}

/// A created field whose ID is not known yet.
async fn unlisted(host: &mut Host<'_>, sim: &Sim) -> Object {
    fail_second_list(sim);
    let made = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    sim.clear_faults();
    assert!(made.warnings[0].starts_with("Custom field not listed yet"), "{:?}", made.warnings);
    assert!(made.attributes["id"].is_null());
    assert_eq!(made.attributes["label"], "Cost center");
    made.object
}

#[tokio::test]
async fn a_field_that_was_not_listed_is_found_by_the_next_read() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let first = host.apply(TYPE, &Object::default(), Some(&config())).await.succeeded();
    let made = unlisted(&mut host, &sim).await;
    let hidden = sim.with(|world| world.custom_fields.pop_last().expect("the new field"));
    let read = host.read(TYPE, &made).await.succeeded();
    assert!(read.warnings[0].contains("its ID is unknown"), "{:?}", read.warnings);
    assert!(read.attributes["id"].is_null(), "the first field is another one");
    sim.with(|world| world.custom_fields.insert(hidden.0, hidden.1));
    let read = host.read(TYPE, &read.object).await.succeeded();
    assert_eq!(read.attributes["id"], hidden.0.to_string());
    assert_ne!(read.attributes["id"], first.attributes["id"]);
    let planned = host.plan(TYPE, &read.object, Some(&config())).await.succeeded();
    assert_eq!(planned.attributes, read.attributes);
}

#[tokio::test]
async fn a_field_that_was_not_listed_is_changed_and_deleted_all_the_same() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let made = unlisted(&mut host, &sim).await;
    let config = json!({ "label": "Cost centre" });
    let changed = host.apply(TYPE, &made, Some(&config)).await.succeeded();
    let (id, label) = sim.with(|world| (super::only(world).id, super::only(world).label.clone()));
    assert_eq!(
        (label.as_str(), &changed.attributes["id"]),
        ("Cost centre", &json!(id.to_string()))
    );
    host.apply(TYPE, &changed.object, None).await.succeeded();
    let made = unlisted(&mut host, &sim).await;
    host.apply(TYPE, &made, None).await.succeeded();
    assert_eq!(sim.with(|world| world.custom_fields.len()), 0);
}

#[tokio::test]
async fn a_field_without_id_and_private_data_is_never_another_one() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let made = unlisted(&mut host, &sim).await;
    let lost = Object { private: Vec::new(), ..made };
    let read = host.read(TYPE, &lost).await.succeeded();
    assert!(read.attributes["id"].is_null() && read.warnings[0].contains("import it"));
    let deleted = host.apply(TYPE, &lost, None).await;
    assert!(deleted.errors[0].starts_with("Custom field without an ID"), "{:?}", deleted.errors);
    assert_eq!(sim.with(|world| world.custom_fields.len()), 1);
}

#[tokio::test]
async fn a_field_that_was_not_listed_is_found_again_after_a_failed_delete() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let made = unlisted(&mut host, &sim).await;
    sim.fault(Fault::new("DELETE", "*", FaultKind::Reset).times(1));
    let failed = host.apply(TYPE, &made, None).await;
    assert_eq!(failed.errors.len(), 1, "{:?}", failed.errors);
    let read = host.read(TYPE, &failed.object).await.succeeded();
    let id = sim.with(|world| super::only(world).id);
    assert_eq!(read.attributes["id"], id.to_string());
}
