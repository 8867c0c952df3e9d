//! What is remembered of an object that is replaced: Terraform passes the planned private data of the new object to the
//! destroy of the old one, and stores what the destroy returns if it fails.

use certcentral_sim::{Fault, FaultKind, Sim};
use serde_json::{Value, json};

use crate::fixtures::sim;
use crate::host::{Host, Object};

const FIELD: &str = "digicert_custom_field";

fn config() -> Value {
    json!({ "label": "Cost center" })
}

/// A field, and the plan of its replacement: an update, and then a create with the private data of the first plan.
async fn replaced(sim: &Sim) -> (Object, Object) {
    let mut host = Host::without_retries(sim).await;
    let made = host.apply(FIELD, &Object::default(), Some(&config())).await.succeeded().object;
    let first = host.plan(FIELD, &made, Some(&config())).await.succeeded().object;
    let prior = Object { private: first.private, ..Object::default() };
    let planned = host.plan(FIELD, &prior, Some(&config())).await.succeeded().object;
    (made, planned)
}

/// The destroy of a replacement, as core asks for it.
async fn destroy(host: &mut Host<'_>, made: &Object, planned: Object) -> crate::host::Answered {
    let planned = Object { state: None, identity: None, private: planned.private };
    host.apply_planned(FIELD, made, planned, None).await
}

#[tokio::test]
async fn the_destroy_of_a_replacement_knows_the_account_of_the_object() {
    let sim = sim();
    let (made, planned) = replaced(&sim).await;
    sim.with(|world| world.custom_fields.clear());
    let mut host = Host::without_retries(&sim).await;
    destroy(&mut host, &made, planned).await.succeeded();
}

#[tokio::test]
async fn a_destroy_of_a_replacement_that_fails_forgets_nothing() {
    let sim = sim();
    let (made, planned) = replaced(&sim).await;
    sim.fault(Fault::new("DELETE", "*", FaultKind::status(503)).times(1));
    let mut host = Host::without_retries(&sim).await;
    let failed = destroy(&mut host, &made, planned).await;
    assert_eq!(failed.errors.len(), 1, "{:?}", failed.errors);
    assert_eq!(failed.object.private, made.private);
    // So the next read can tell that the field is gone.
    sim.with(|world| world.custom_fields.clear());
    let read = host.read(FIELD, &failed.object).await.succeeded();
    assert!(read.attributes.is_null());
}

#[tokio::test]
async fn the_identity_knows_the_account_of_an_object_without_private_data() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    let made = host.apply(FIELD, &Object::default(), Some(&config())).await.succeeded().object;
    sim.with(|world| world.custom_fields.clear());
    let lost = Object { private: Vec::new(), ..made };
    let unknown = Object { identity: None, ..lost.clone() };
    let read = host.read(FIELD, &unknown).await;
    assert!(read.errors[0].contains("does not record which account"), "{:?}", read.errors);
    let read = host.read(FIELD, &lost).await.succeeded();
    assert!(read.attributes.is_null());
}
