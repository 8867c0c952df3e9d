//! Validations of organizations.

use std::time::Duration;

use certcentral_sim::{Options, Sim, Validation, VerifiedUser, World};
use jiff::Span;
use serde_json::{Value, json};

use crate::client::{Answer, get, post};

const ORGANIZATION: u64 = 300_001;

fn read(sim: &Sim) -> Value {
    get(sim, &format!("/organization/{ORGANIZATION}/validation")).json()["validations"].clone()
}

fn add(world: &mut World, validation_type: &str) {
    let validation = Validation::pending(validation_type, world.now());
    world.organizations.get_mut(&ORGANIZATION).unwrap().validations.push(validation);
}

fn first(world: &mut World) -> &mut Validation {
    &mut world.organizations.get_mut(&ORGANIZATION).unwrap().validations[0]
}

#[test]
fn a_validation_is_pending_until_it_is_active_and_expires() {
    let sim = Sim::start(Options::default()).unwrap();
    assert_eq!(read(&sim), json!([]));
    sim.with(|world| add(world, "ev"));
    let pending = json!([{
        "type": "ev", "name": "EV", "description": "Extended Organization Validation (EV)",
        "status": "pending", "verified_users": [],
    }]);
    assert_eq!(read(&sim), pending);
    sim.with(|world| {
        let until = world.now().checked_add(Span::new().days(30)).unwrap();
        let (first_name, last_name) = ("Ana".into(), "Example".into());
        first(world).activate(until);
        first(world).verified_users.push(VerifiedUser { id: 9, first_name, last_name });
    });
    let active = read(&sim)[0].clone();
    assert_eq!(active["status"], "active");
    assert!(active["validated_until"].as_str().unwrap().ends_with("+00:00"), "{active}");
    assert!(active["date_created"].is_string());
    let user = json!({ "id": 9, "first_name": "Ana", "last_name": "Example" });
    assert_eq!(active["verified_users"], json!([user]));
    sim.clock_advance(Duration::from_secs(31 * 86_400));
    assert_eq!(read(&sim)[0]["status"], "expired");
    assert_eq!(get(&sim, "/organization/9/validation").codes(), "not_found|organization");
}

#[test]
fn a_list_of_organizations_can_have_validations() {
    let options = Options { pending_validation_has_date: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    sim.with(|world| add(world, "ov"));
    let rows =
        |query: &str| get(&sim, &format!("/organization{query}")).json()["organizations"].clone();
    assert_eq!(rows("")[0].get("validations"), None);
    let with = rows("?include_validation=true");
    assert_eq!((&with[0]["validations"], &with[1]["validations"]), (&read(&sim), &json!([])));
    assert!(with[0]["validations"][0]["date_created"].is_string());
    assert_eq!(rows("?include_validation=false")[0].get("validations"), None);
}

fn submit(sim: &Sim, validations: Value) -> Answer {
    let body = json!({ "validations": validations });
    post(sim, &format!("/organization/{ORGANIZATION}/validation"), body)
}

fn person(first_name: &str) -> Value {
    json!({
        "first_name": first_name, "last_name": "Example", "job_title": "SRE",
        "telephone": "555-0100", "email": "bo@example.com",
    })
}

#[test]
fn an_organization_is_submitted_for_validation() {
    let sim = Sim::start(Options::default()).unwrap();
    sim.with(|world| world.users.get_mut(&110_001).unwrap().telephone = Some("555-0100".into()));
    let ev = json!({ "type": "ev", "verified_users": [{ "id": 110_001 }, person("Bo")] });
    let answer = submit(&sim, json!([{ "type": "ov" }, ev]));
    assert_eq!((answer.status, &*answer.text), (204, ""));
    let cs = json!({ "type": "cs", "verified_users": [person("Bo")] });
    assert_eq!(submit(&sim, json!([cs])).status, 204);
    let validations = read(&sim);
    let types = [0, 1, 2].map(|it: usize| validations[it]["type"].as_str().unwrap());
    assert_eq!(types, ["ov", "ev", "cs"]);
    let users = validations[1]["verified_users"].clone();
    assert_eq!((&users[0]["first_name"], &users[1]["first_name"]), (&json!("Ada"), &json!("Bo")));
    assert_ne!(users[0]["id"], 110_001);
    assert_eq!(validations[2]["verified_users"][0], users[1]);
    let contacts = get(&sim, "/organization/300001").json()["verified_contacts"].clone();
    assert_eq!(contacts, users);
}

#[test]
fn submissions_are_checked() {
    let sim = Sim::start(Options::default()).unwrap();
    let verified = "invalid_field|validations.verified_users";
    for (validations, code) in [
        (json!([]), "invalid_field|validations"),
        (json!([{ "type": "dv" }]), "invalid_field|validations[0].type"),
        (json!([{ "type": "ov" }, { "type": "ov" }]), "invalid_field|validations"),
        (json!([{ "type": "ev" }]), "missing_field|validations[0].verified_users"),
        (json!([{ "type": "ev", "verified_users": [{ "id": 9 }] }]), verified),
        // The administrator has no telephone number.
        (json!([{ "type": "ev", "verified_users": [{ "id": 110_001 }] }]), verified),
        (json!([{ "type": "ev", "verified_users": [{ "first_name": "Bo" }] }]), verified),
    ] {
        assert_eq!(submit(&sim, validations).codes(), code);
    }
    assert_eq!(read(&sim), json!([]));
    let options = Options { verified_users_always_required: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let answer = submit(&sim, json!([{ "type": "ov" }]));
    assert_eq!(answer.codes(), "missing_field|validations[0].verified_users");
}

#[test]
fn a_validation_can_be_submitted_again() {
    for (resubmitted_validation_is_pending, status) in [(true, "pending"), (false, "active")] {
        let options = Options { resubmitted_validation_is_pending, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        submit(&sim, json!([{ "type": "ov", "verified_users": [person("Bo")] }]));
        sim.with(|world| {
            let until = world.now().checked_add(Span::new().days(30)).unwrap();
            first(world).activate(until);
        });
        submit(&sim, json!([{ "type": "ov", "verified_users": [person("Cy")] }]));
        let again = read(&sim);
        assert_eq!((again.as_array().unwrap().len(), &again[0]["status"]), (1, &json!(status)));
        assert_eq!(again[0].get("validated_until").is_some(), status == "active");
        assert_eq!(again[0]["verified_users"].as_array().unwrap().len(), 2);
    }
}
