//! Organizations: from their list with validations, where it says enough.

use certcentral_sim::{Fault, FaultKind, Options, Organization, Sim, Validation};
use serde_json::{Value, json};

use super::{far_away, made_in, object, refresh, requests};
use crate::host::{Host, Object};

const ORGANIZATION: &str = "digicert_organization";

/// An account with so many organizations more, and the state of each. One has what the others lack.
fn account(options: Options, organizations: u64) -> (Sim, Vec<Object>) {
    let sim = Sim::start(options).expect("loopback has a port");
    let private = made_in(&sim);
    let objects = sim.with(|world| {
        let now = world.now();
        let full = world.organizations.get_mut(&300_001).expect("an organization");
        full.assumed_name = Some("Full".into());
        full.address2 = Some("Floor 2".into());
        let new: Vec<_> = (400_001..=400_000 + organizations)
            .map(|id| {
                let mut new = world.organizations[&300_002].clone();
                (new.id, new.name) = (id, format!("Organization {id}"));
                new.validations = vec![Validation::pending("ov", now)];
                new
            })
            .collect();
        let objects = new.iter().map(|it| object(&attributes(it), &private)).collect();
        world.organizations.extend(new.into_iter().map(|it| (it.id, it)));
        objects
    });
    (sim, objects)
}

/// The state that a create leaves.
fn attributes(it: &Organization) -> Value {
    let pending = json!({
        "type": "ov", "status": "pending", "date_created": null, "validated_until": null,
    });
    json!({
        "id": it.id.to_string(), "name": it.name, "assumed_name": null, "display_name": it.name,
        "status": it.status, "is_active": true, "address": it.address, "address2": null,
        "zip": it.zip, "city": it.city, "state": it.state, "country": it.country,
        "telephone": it.telephone, "container_id": it.container_id.to_string(),
        "organization_contact": null, "validation_types": ["ov"], "verified_user_ids": null,
        "deletion_protection": true, "validations": [pending],
    })
}

#[tokio::test]
async fn many_organizations_take_a_request_a_page() {
    for (page_limit_max, organizations, most) in [(1000, 900, 3), (100, 900, 14), (1000, 1, 2)] {
        let options = Options { page_limit_max, ..Options::default() };
        let (sim, objects) = account(options, organizations);
        sim.fault(far_away("/organization"));
        let host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, ORGANIZATION, &objects).await;
        assert!(taken.len() <= most, "{organizations} by {page_limit_max}: {taken:?}");
    }
}

#[tokio::test]
async fn an_organization_that_differs_is_read_itself() {
    let (sim, objects) = account(Options::default(), 20);
    sim.with(|world| {
        let mut drift = |id: u64, drift: fn(&mut Organization)| {
            drift(world.organizations.get_mut(&id).expect("an organization"));
        };
        drift(400_001, |it| it.validations.clear());
        drift(400_002, |it| it.status = "inactive".into());
        // What cannot be changed is not read again.
        drift(400_003, |it| it.name = "Drifted".into());
        drift(400_004, |it| it.assumed_name = Some("Drifted".into()));
    });
    let host = Host::without_retries(&sim).await;
    let found = refresh(&host, ORGANIZATION, &objects).await;
    assert_eq!(found[0].attributes["validations"], json!([]));
    assert_eq!(found[1].attributes["status"], "inactive");
    assert_eq!(found[2].attributes["name"], "Organization 400003");
    assert_eq!(found[3].attributes["assumed_name"], Value::Null);
}

#[tokio::test]
async fn many_organizations_are_imported_from_the_list() {
    let (sim, objects) = account(Options::default(), 100);
    let mut host = Host::without_retries(&sim).await;
    sim.take_requests();
    for expected in &objects {
        let id = expected.attributes()["id"].as_str().expect("an ID").to_owned();
        let imported = host.import(ORGANIZATION, &id).await.succeeded();
        let read = host.read(ORGANIZATION, &imported.object).await.succeeded();
        let mut wanted = expected.attributes();
        wanted["validation_types"] = Value::Null;
        assert_eq!(read.attributes, wanted);
    }
    // The first one is read by itself: its existence, its attributes and its validations.
    let taken = sim.take_requests().len();
    assert!(taken <= 4, "{taken}");
}

#[tokio::test]
async fn an_import_does_not_take_a_value_as_missing_that_no_row_carries() {
    let (sim, _) = account(Options::default(), 20);
    sim.with(|world| {
        let full = world.organizations.get_mut(&300_001).expect("an organization");
        (full.assumed_name, full.address2) = (None, None);
    });
    let mut host = Host::without_retries(&sim).await;
    sim.take_requests();
    for id in 400_001..=400_020 {
        let imported = host.import(ORGANIZATION, &id.to_string()).await.succeeded();
        host.read(ORGANIZATION, &imported.object).await.succeeded();
    }
    let by_itself =
        |path: &str| path.starts_with("/organization/") && !path.ends_with("/validation");
    // Each is read once, and the first one is looked up before that.
    assert_eq!(sim.take_requests().iter().filter(|it| by_itself(&it.path)).count(), 21);
}

#[tokio::test]
async fn an_answer_about_another_organization_is_an_error() {
    let (sim, objects) = account(Options::default(), 1);
    let mut host = Host::without_retries(&sim).await;
    let other = FaultKind::OtherObject { id: 300_001 };
    sim.fault(Fault::new("GET", "/organization/400001", other));
    let read = host.read(ORGANIZATION, &objects[0]).await;
    assert!(read.errors[0].contains("the response is about 300001 instead of 400001"));
    assert_eq!(read.attributes, objects[0].attributes());
}
