//! Organizations and their contacts.

use certcentral_sim::{Options, Sim, TechnicalContact};
use serde_json::{Value, json};

use crate::client::{Answer, get, put};

fn start(technical_contact: TechnicalContact) -> Sim {
    let options = Options { technical_contact, language_id_readable: true, ..Options::default() };
    Sim::start(options).unwrap()
}

fn contact(contact_type: &str, first_name: &str) -> Value {
    json!({
        "contact_type": contact_type, "first_name": first_name, "last_name": "Example",
        "email": "ana@example.com",
    })
}

fn send(sim: &Sim, contacts: Value) -> Answer {
    put(sim, "/organization/300001/contact", json!({ "contacts": contacts }))
}

#[test]
fn organizations_are_listed_without_contacts() {
    let sim = start(TechnicalContact::Hidden);
    let list = get(&sim, "/organization").json();
    assert_eq!(list["page"]["total"], 2);
    assert_eq!(list["organizations"][0].get("organization_contact"), None);
    let found = get(&sim, "/organization?filters[search]=300002").json();
    assert_eq!(found["organizations"][0]["name"], "Example Second Org");
    assert_eq!(get(&sim, "/organization/9").codes(), "not_found|organization");
}

#[test]
fn organizations_are_filtered() {
    let sim = start(TechnicalContact::Hidden);
    sim.with(|world| {
        let organization = world.organizations.get_mut(&300_002).unwrap();
        organization.container_id = 1002;
        organization.status = "inactive".into();
    });
    let ids = |query: &str| -> Vec<u64> {
        let body = get(&sim, &format!("/organization?{query}")).json();
        let rows = body["organizations"].as_array().unwrap().clone();
        rows.iter().map(|it| it["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids("container_id=1002"), [300_002]);
    assert_eq!(ids("filters[status]=active"), [300_001]);
    assert_eq!(ids("filters[search]=example%20org%20llc"), [300_001]);
    assert_eq!(ids("filters[search]=Example"), [0; 0]);
    assert_eq!(ids("filters[search]=%25example&sort=-name"), [300_002, 300_001]);
    assert_eq!(ids("filters[search]=%25300001"), [0; 0]);
    assert_eq!(ids("limit=1&offset=1"), [300_002]);
    let answer = get(&sim, "/organization?include_validation=yes");
    assert_eq!(answer.codes(), "invalid_parameter|include_validation");
}

#[test]
fn a_contact_with_the_same_name_is_changed_in_place() {
    let sim = start(TechnicalContact::Hidden);
    let before = get(&sim, "/organization/300001").json()["organization_contact"].clone();
    assert_eq!(before["job_title"], "SRE");
    assert_eq!(send(&sim, json!([contact("organization_contact", "Ana")])).status, 204);
    let after = get(&sim, "/organization/300001").json()["organization_contact"].clone();
    assert_eq!(after["id"], before["id"]);
    assert_eq!(after.get("job_title"), None);
}

#[test]
fn a_contact_with_another_name_gets_another_id() {
    let sim = start(TechnicalContact::Hidden);
    let mut body = contact("organization_contact", "Bo");
    body["language_id"] = json!("1");
    assert_eq!(send(&sim, json!([body])).status, 204);
    let after = get(&sim, "/organization/300001").json()["organization_contact"].clone();
    assert_ne!(after["id"], 184);
    assert_eq!(after["language_id"], "1");
}

#[test]
fn the_technical_contact_is_removed_by_its_type_alone() {
    let sim = start(TechnicalContact::Object);
    send(&sim, json!([contact("technical_contact", "Bo")]));
    let read = get(&sim, "/organization/300001").json();
    assert_eq!(read["technical_contact"]["first_name"], "Bo");
    assert_eq!(read["organization_contact"]["first_name"], "Ana");
    assert_eq!(send(&sim, json!([{ "contact_type": "technical_contact" }])).status, 204);
    assert_eq!(get(&sim, "/organization/300001").json().get("technical_contact"), None);
    let answer = send(&sim, json!([{ "contact_type": "organization_contact" }]));
    assert_eq!(
        answer.codes(),
        "missing_field|contacts[0].first_name missing_field|contacts[0].last_name \
         missing_field|contacts[0].email"
    );
}

#[test]
fn the_technical_contact_can_be_hidden_or_listed() {
    let sim = start(TechnicalContact::Hidden);
    send(&sim, json!([contact("technical_contact", "Bo")]));
    let read = get(&sim, "/organization/300001").json();
    assert_eq!((read.get("technical_contact"), read.get("contacts")), (None, None));
    assert!(sim.with(|world| world.organizations[&300_001].technical_contact.is_some()));

    let sim = start(TechnicalContact::List);
    send(&sim, json!([contact("technical_contact", "Bo")]));
    let contacts = get(&sim, "/organization/300001").json()["contacts"].clone();
    let types: Vec<&Value> =
        contacts.as_array().unwrap().iter().map(|it| &it["contact_type"]).collect();
    assert_eq!(types, ["organization_contact", "technical_contact"]);
}

#[test]
fn contacts_are_checked() {
    let sim = start(TechnicalContact::Hidden);
    let twice = json!([contact("technical_contact", "Bo"), contact("technical_contact", "Cy")]);
    assert_eq!(send(&sim, twice).codes(), "contact_type_duplicate");
    assert_eq!(send(&sim, json!([])).codes(), "invalid_field|contacts");
    let mut body = contact("technical_contact", "Bo");
    body["telephone_extension"] = json!("x".repeat(17));
    body["id"] = json!(184);
    let codes = "unknown_field|contacts[0].id invalid_field|contacts[0].telephone_extension";
    assert_eq!(send(&sim, json!([body])).codes(), codes);
}
