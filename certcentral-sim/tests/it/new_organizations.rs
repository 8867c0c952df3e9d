//! Organizations that are created and deleted.

use certcentral_sim::{Options, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, post};

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// A body with everything that is required.
fn organization(name: &str) -> Value {
    json!({
        "name": name, "address": "1 Example Street", "city": "Exampletown", "state": "Utah",
        "zip": "00001", "country": "us", "telephone": "555-0100",
        "organization_contact": {
            "first_name": "Ana", "last_name": "Example", "email": "ana@example.com",
        },
    })
}

fn create(sim: &Sim, name: &str) -> Answer {
    post(sim, "/organization", organization(name))
}

#[test]
fn an_organization_is_created_read_and_deleted() {
    let sim = start();
    let mut body = organization("New Org");
    body["assumed_name"] = json!("New");
    body["container"] = json!({ "id": 1002 });
    body["organization_contact"]["telephone_extension"] = json!("12");
    let answer = post(&sim, "/organization", body);
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].clone();
    assert_eq!(answer.json(), json!({ "id": id }));
    let path = format!("/organization/{id}");
    let read = get(&sim, &path).json();
    assert_eq!((&read["status"], &read["is_active"]), (&json!("active"), &json!(true)));
    assert_eq!(read["display_name"], "New Org (New)");
    assert_eq!((&read["container"]["id"], &read["country"]), (&json!(1002), &json!("us")));
    assert_eq!(read["organization_contact"]["telephone_extension"], "12");
    assert_ne!(read["organization_contact"]["id"], id);
    sim.with(|world| {
        let id = id.as_u64().unwrap();
        world.containers.get_mut(&1002).unwrap().organization_assignments = vec![id, 300_002];
    });
    let deleted = delete(&sim, &path);
    assert_eq!((deleted.status, &*deleted.text), (204, ""));
    assert_eq!(get(&sim, &path).codes(), "not_found|organization");
    let assigned = sim.with(|world| world.containers[&1002].organization_assignments.clone());
    assert_eq!(assigned, [300_002]);
}

#[test]
fn organizations_are_checked() {
    let sim = start();
    let mut body = organization("New Org");
    body["country"] = json!("usa");
    body["zip"] = json!("0".repeat(41));
    body["organization_contact"] = json!({ "first_name": "Ana", "contact_type": "x" });
    body["status"] = json!("active");
    body.as_object_mut().unwrap().remove("telephone");
    assert_eq!(
        post(&sim, "/organization", body).codes(),
        "unknown_field|status invalid_field|zip invalid_field|country missing_field|telephone \
         unknown_field|organization_contact.contact_type \
         missing_field|organization_contact.last_name missing_field|organization_contact.email"
    );
    for (name, value, code) in [
        ("name", json!("x".repeat(65)), "invalid_field|name"),
        ("assumed_name", json!("x".repeat(60)), "invalid_field|assumed_name"),
        ("container", json!({ "id": 9 }), "invalid_field|container"),
        ("validations", json!([]), "invalid_field|validations"),
        ("validations", json!([{ "type": "dv" }]), "invalid_field|validations[0].type"),
    ] {
        let mut body = organization("New Org");
        body[name] = value;
        assert_eq!(post(&sim, "/organization", body).codes(), code);
    }
    let mut body = organization(&"x".repeat(64));
    assert_eq!(post(&sim, "/organization", body.clone()).status, 201);
    body["name"] = json!("New");
    body["assumed_name"] = json!("x".repeat(58));
    assert_eq!(post(&sim, "/organization", body).status, 201);
    assert_eq!(sim.with(|world| world.organizations.len()), 4);
}

#[test]
fn a_duplicate_is_refused_unless_the_check_is_skipped() {
    let sim = start();
    let answer = create(&sim, "EXAMPLE ORG LLC");
    assert_eq!((answer.status, &*answer.codes()), (400, "duplicate_organization"));
    let mut body = organization("Example Org LLC");
    body["skip_duplicate_org_check"] = json!(true);
    let answer = post(&sim, "/organization", body);
    assert_eq!(answer.status, 201);
    assert_ne!(answer.json()["id"], 300_001);

    let options = Options { duplicate_organization_reused: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let answer = create(&sim, "Example Org LLC");
    assert_eq!((answer.status, answer.json()), (201, json!({ "id": 300_001 })));
    assert_eq!(sim.with(|world| world.organizations.len()), 2);
}

#[test]
fn the_first_organization_cannot_be_deleted() {
    let sim = start();
    let answer = delete(&sim, "/organization/300001");
    assert_eq!((answer.status, &*answer.codes()), (400, "cannot_delete_first_organization"));
    assert_eq!(delete(&sim, "/organization/9").codes(), "not_found|organization");

    let sim = Sim::start(Options { deleted_with_ok: true, ..Options::default() }).unwrap();
    let answer = delete(&sim, "/organization/300002");
    assert_eq!((answer.status, &*answer.text), (200, ""));
}

#[test]
fn a_country_has_upper_and_lower_case() {
    let body = || {
        let mut body = organization("New Org");
        body["country"] = json!("US");
        body
    };
    let options = Options { lower_case_location: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let id = post(&sim, "/organization", body()).json()["id"].clone();
    let read = get(&sim, &format!("/organization/{id}")).json();
    assert_eq!((&read["country"], &read["state"]), (&json!("us"), &json!("utah")));

    let options = Options { upper_case_country_accepted: false, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    assert_eq!(post(&sim, "/organization", body()).codes(), "invalid_field|country");
    assert_eq!(create(&sim, "New Org").status, 201);
}

#[test]
fn a_new_organization_can_be_submitted_for_validation() {
    let sim = start();
    let mut body = organization("New Org");
    body["validations"] = json!([{ "type": "ov" }]);
    let id = post(&sim, "/organization", body).json()["id"].clone();
    let read = get(&sim, &format!("/organization/{id}/validation")).json();
    assert_eq!(read["validations"][0]["type"], "ov");
    assert_eq!(read["validations"][0]["status"], "pending");
}
