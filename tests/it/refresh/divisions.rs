//! Divisions: from the list of containers, which has no pages, where it says enough.

use certcentral_sim::{Container, Fault, FaultKind, Options, Sim};
use serde_json::{Value, json};

use super::{far_away, made_in, object, refresh, requests};
use crate::host::{Host, Object};

const DIVISION: &str = "digicert_division";

/// An account with so many divisions below Division One, and the state of each. One more division has what
/// the others lack.
fn account(options: Options, divisions: u64) -> (Sim, Vec<Object>) {
    let sim = Sim::start(options).expect("loopback has a port");
    let private = made_in(&sim);
    let objects = sim.with(|world| {
        let full = world.containers.get_mut(&1003).expect("a division");
        full.description = Some("Full".into());
        full.allowed_domain_names = Some(vec!["example.com".into()]);
        let new = |id| Container::new(id, world.account.id, 1002, &format!("Division {id}"));
        let new: Vec<_> = (2001..=2000 + divisions).map(new).collect();
        let objects = new.iter().map(|it| object(&attributes(it), &private)).collect();
        world.containers.extend(new.into_iter().map(|it| (it.id, it)));
        objects
    });
    (sim, objects)
}

/// The state that a create leaves.
fn attributes(division: &Container) -> Value {
    json!({
        "id": division.id.to_string(),
        "public_id": division.public_id,
        "parent_id": division.parent_id.to_string(),
        "name": division.name,
        "description": null,
        "template_id": division.template_id.to_string(),
        "allowed_domain_names": null,
        "organization_ids": [],
        "deletion_protection": true,
        "is_active": true,
    })
}

#[tokio::test]
async fn many_divisions_take_one_request() {
    for (divisions, most) in [(1000, 2), (10, 2), (1, 1)] {
        let (sim, objects) = account(Options::default(), divisions);
        sim.fault(far_away("/container"));
        let host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, DIVISION, &objects).await;
        assert!(taken.len() <= most, "{divisions}: {taken:?}");
    }
}

#[tokio::test]
async fn a_division_that_differs_or_is_not_listed_is_read_itself() {
    let options = Options { container_list_has_inactive: false, ..Options::default() };
    let (sim, objects) = account(options, 20);
    sim.with(|world| {
        world.containers.get_mut(&2001).expect("a division").name = "Drifted".into();
        world.containers.get_mut(&2002).expect("a division").is_active = false;
        world.containers.get_mut(&2003).expect("a division").organization_assignments =
            vec![300_001];
    });
    let host = Host::without_retries(&sim).await;
    sim.take_requests();
    let found = refresh(&host, DIVISION, &objects).await;
    assert_eq!(found[0].attributes["name"], "Drifted");
    assert_eq!(found[1].attributes["is_active"], false);
    assert_eq!(found[2].attributes["organization_ids"], json!(["300001"]));
    let by_itself =
        sim.take_requests().iter().filter(|it| it.path.starts_with("/container/")).count();
    assert!((3..=5).contains(&by_itself), "{by_itself}");
}

#[tokio::test]
async fn what_no_row_carries_is_asked_of_each_division_unless_lists_are_trusted() {
    let options = Options { container_list_has_details: false, ..Options::default() };
    let (sim, objects) = account(options, 20);
    let host = Host::without_retries(&sim).await;
    let taken = requests(&host, &sim, DIVISION, &objects).await;
    assert_eq!(taken.iter().filter(|it| it.starts_with("GET /container/")).count(), 20);
    let trusting = json!({ "rate_limits": [], "max_retries": 0, "refresh_from_lists": true });
    let host = Host::start(&sim, trusting).await;
    let taken = requests(&host, &sim, DIVISION, &objects).await;
    assert!(taken.len() <= 2, "{taken:?}");
}

#[tokio::test]
async fn many_divisions_are_imported_from_the_list() {
    let (sim, objects) = account(Options::default(), 100);
    let mut host = Host::without_retries(&sim).await;
    sim.take_requests();
    for expected in &objects {
        let id = expected.attributes()["id"].as_str().expect("an ID").to_owned();
        let imported = host.import(DIVISION, &id).await.succeeded();
        let read = host.read(DIVISION, &imported.object).await.succeeded();
        let mut wanted = expected.attributes();
        // An import does not tell an empty set from none.
        wanted["organization_ids"] = Value::Null;
        assert_eq!(read.attributes, wanted);
    }
    let taken = sim.take_requests().len();
    assert!(taken <= 3, "{taken}");
}

#[tokio::test]
async fn an_answer_about_another_division_is_an_error() {
    let (sim, objects) = account(Options::default(), 1);
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("GET", "/container/2001", FaultKind::OtherObject { id: 1002 }));
    let read = host.read(DIVISION, &objects[0]).await;
    assert!(read.errors[0].contains("the response is about 1002 instead of 2001"));
    assert_eq!(read.attributes, objects[0].attributes());
    // Another process, whose first read is not answered by a list.
    let mut host = Host::without_retries(&sim).await;
    assert!(host.import(DIVISION, "2001").await.errors[0].contains("is about 1002"));
}

/// With `refresh_from_lists`, what rows lack is taken as unchanged. After a create whose last steps failed, the state
/// has what was planned and not what is there.
#[tokio::test]
async fn a_division_that_is_not_complete_is_read_itself_by_the_next_refresh() {
    let sim = Sim::start(Options::default()).expect("loopback has a port");
    let arguments = json!({ "rate_limits": [], "max_retries": 0, "refresh_from_lists": true });
    let mut host = Host::start(&sim, arguments.clone()).await;
    sim.fault(Fault::new("PUT", "/container/*/allowed-domain-names", FaultKind::status(403)));
    let mut made = Vec::new();
    for name in ["Sales", "Support", "Research"] {
        let config = json!({ "name": name, "allowed_domain_names": ["example.com"] });
        let created = host.apply(DIVISION, &Object::default(), Some(&config)).await.succeeded();
        assert_eq!(created.warnings.len(), 1, "{:?}", created.warnings);
        made.push(created.object);
    }
    sim.clear_faults();
    let mut host = Host::start(&sim, arguments).await;
    for object in made {
        let read = host.read(DIVISION, &object).await.succeeded();
        assert_eq!(read.attributes["allowed_domain_names"], Value::Null);
        // Once is enough.
        sim.take_requests();
        host.read(DIVISION, &read.object).await.succeeded();
        assert_eq!(sim.count("GET", "/container/"), 0);
    }
}
