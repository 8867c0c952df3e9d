//! Validations of organizations.

use std::time::Duration;

use certcentral_sim::{Options, Sim, Validation, VerifiedUser, World};
use jiff::Span;
use serde_json::{Value, json};

use crate::client::get;

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
