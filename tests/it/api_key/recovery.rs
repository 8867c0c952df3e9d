//! Rotations with `recovery_dir`: what a provider that was killed has left is settled by the next apply.

use certcentral_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use super::{KEY, active, config};
use crate::fixtures::{sim, until};
use crate::host::{Host, Object};

fn arguments(directory: &tempfile::TempDir) -> Value {
    json!({ "rate_limits": [], "max_retries": 0, "recovery_dir": directory.path().join("records") })
}

fn records(directory: &tempfile::TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(directory.path().join("records")).expect("it exists");
    let names = entries.map(|it| it.expect("an entry").file_name().display().to_string());
    names.filter(|name| name != ".lock").collect()
}

/// Rotates with a provider that is killed once the condition holds.
async fn kill_during_rotation(
    sim: &certcentral_sim::Sim,
    directory: &tempfile::TempDir,
    object: &Object,
    has_come: impl Fn() -> bool,
) {
    let mut host = Host::start(sim, arguments(directory)).await;
    let config = config("2", "0s");
    tokio::select! {
        _ = host.apply(KEY, object, Some(&config)) => panic!("it is held"),
        () = until(has_come) => {}
    }
}

#[tokio::test]
async fn a_rotation_that_was_killed_before_its_response_leaves_no_key() {
    let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
    let mut host = Host::start(&sim, arguments(&directory)).await;
    let created = host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded();
    let read = host.read(KEY, &created.object).await.succeeded();
    host.shut_down().await;
    sim.fault(Fault::new("POST", "/key/user/*", FaultKind::Hold).with_effect());
    let performed = || sim.with(|world| active(world).len() == 2);
    kill_during_rotation(&sim, &directory, &read.object, performed).await;
    sim.clear_faults();
    assert_eq!(records(&directory).len(), 1);

    let mut host = Host::start(&sim, arguments(&directory)).await;
    let applied = host.apply(KEY, &read.object, Some(&config("2", "0s"))).await.succeeded();
    assert_eq!(applied.attributes["id"], "700004");
    assert_eq!(
        sim.with(|world| active(world)),
        [700_004],
        "700003 was revoked, since nobody has it"
    );
    host.read(KEY, &applied.object).await.succeeded();
    assert_eq!(records(&directory), <[String; 0]>::default());
}

#[tokio::test]
async fn a_rotation_that_was_killed_after_its_response_is_adopted() {
    let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
    let mut host = Host::start(&sim, arguments(&directory)).await;
    let created = host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded();
    let read = host.read(KEY, &created.object).await.succeeded();
    host.shut_down().await;
    sim.fault(Fault::new("GET", "/key/700003", FaultKind::Hold));
    let is_reading = || sim.requests().iter().any(|it| it.path == "/key/700003");
    kill_during_rotation(&sim, &directory, &read.object, is_reading).await;
    sim.clear_faults();

    let mut host = Host::start(&sim, arguments(&directory)).await;
    let applied = host.apply(KEY, &read.object, Some(&config("2", "0s"))).await.succeeded();
    assert_eq!(applied.attributes["id"], "700003");
    assert!(
        applied.warnings[0].starts_with("API key restored from recovery_dir"),
        "{:?}",
        applied.warnings
    );
    assert_eq!(sim.count("POST", "/key/user/"), 2, "one for each of the two keys");
    assert_eq!(sim.with(|world| active(world)), [700_003]);
}

#[tokio::test]
async fn equal_names_neither_stop_a_create_nor_are_adopted() {
    let (sim, directory) = (sim(), tempfile::tempdir().expect("a temporary directory"));
    let mut host = Host::start(&sim, arguments(&directory)).await;
    host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded();
    host.shut_down().await;
    // The record of the first was delivered.
    let mut host = Host::start(&sim, arguments(&directory)).await;
    let second = host.apply(KEY, &Object::default(), Some(&config("1", "0s"))).await.succeeded();
    assert_eq!(second.attributes["id"], "700003");
    assert_eq!(sim.with(|world| active(world)), [700_002, 700_003]);
    assert_eq!(second.attributes["superseded_key_ids"], json!([]));
}
