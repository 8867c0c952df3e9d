//! Containers.

use certcentral_sim::{Container, Options, Sim};
use serde_json::{Value, json};

use crate::client::{get, post, put};

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// Container 1004 below 1002, with everything that a container can have.
fn with_details(sim: &Sim) {
    sim.with(|world| {
        let container = Container {
            description: Some("Field sales".into()),
            allowed_domain_names: Some(vec!["example.com".into()]),
            organization_assignments: vec![300_002],
            is_active: false,
            ..Container::new(1004, 100_001, 1002, "Sales")
        };
        world.containers.insert(1004, container);
        world.users.get_mut(&110_001).unwrap().container_assignments = vec![1003, 1004];
    });
}

fn ids(sim: &Sim, path: &str) -> Vec<u64> {
    let body = get(sim, path).json();
    let rows = body["containers"].as_array().unwrap().clone();
    assert_eq!(body.get("page"), None);
    rows.iter().map(|it| it["id"].as_u64().unwrap()).collect()
}

#[test]
fn a_container_is_read_with_its_assignments() {
    let sim = start();
    with_details(&sim);
    let expected = json!({
        "id": 1004, "public_id": "public-1004", "name": "Sales", "description": "Field sales",
        "parent_id": 1002, "template_id": 6, "ekey": "ekey-1004", "has_logo": false,
        "is_active": false, "user_id_assignments": ["110001"],
        "allowed_domain_names": ["example.com"],
        "organization_assignments": [{
            "id": 300_002, "status": "active", "name": "Example Second Org",
            "display_name": "Example Second Org", "is_active": "1",
        }],
    });
    assert_eq!(get(&sim, "/container/1004").json(), expected);
    assert_eq!(get(&sim, "/container/9").codes(), "not_found|container");
    let root = get(&sim, "/container/1001").json();
    assert_eq!((&root["parent_id"], &root["template_id"]), (&json!(0), &json!(5)));
    assert_eq!((root.get("description"), root.get("allowed_domain_names")), (None, None));
    assert_eq!(root["user_id_assignments"], json!([]));
}

#[test]
fn all_containers_and_children_are_listed() {
    let sim = start();
    with_details(&sim);
    assert_eq!(ids(&sim, "/container"), [1001, 1002, 1003, 1004]);
    assert_eq!(ids(&sim, "/container/1001/children"), [1002, 1003]);
    assert_eq!(ids(&sim, "/container/1002/children"), [1004]);
    assert_eq!(ids(&sim, "/container/1004/children"), [0; 0]);
    assert_eq!(get(&sim, "/container/1002/children").json()["containers"][0].get("ekey"), None);
    assert_eq!(get(&sim, "/container?limit=1").codes(), "unknown_parameter|limit");
    assert_eq!(get(&sim, "/container/9/children").codes(), "not_found|container");
}

#[test]
fn containers_of_subaccounts_are_not_listed() {
    let sim = start();
    post(&sim, "/account", crate::subaccounts::subaccount("retail", "Example Org"));
    let child = sim.with(|world| *world.containers.keys().max().unwrap());
    assert_eq!(ids(&sim, "/container"), [1001, 1002, 1003]);
    assert_eq!(get(&sim, &format!("/container/{child}")).codes(), "not_found|container");
}

#[test]
fn options_shorten_the_list() {
    let options = Options {
        container_list_has_details: false,
        container_list_has_inactive: false,
        empty_list_for_all_domains: true,
        ..Options::default()
    };
    let sim = Sim::start(options).unwrap();
    with_details(&sim);
    assert_eq!(ids(&sim, "/container"), [1001, 1002, 1003]);
    let row = get(&sim, "/container").json()["containers"][1].clone();
    let absent = ["description", "allowed_domain_names", "organization_assignments"];
    assert!(absent.iter().all(|it| row.get(it).is_none()), "{row}");
    assert_eq!(row["user_id_assignments"], json!([]));
    assert_eq!(get(&sim, "/container/1002").json()["allowed_domain_names"], json!([]));
    assert_eq!(ids(&sim, "/container/1002/children"), [1004]);
}

#[test]
fn a_template_decides_on_roles() {
    let sim = start();
    let roles = |id: u64| -> Vec<Value> {
        let body = get(&sim, &format!("/container/{id}/role")).json();
        body["access_roles"].as_array().unwrap().clone()
    };
    assert_eq!(roles(1002).len(), 5);
    sim.with(|world| world.container_templates.get_mut(&6).unwrap().role_ids = vec![2, 5]);
    assert_eq!((roles(1001).len(), roles(1002).len()), (5, 2));
    assert_eq!(roles(1002)[1], json!({ "id": 5, "name": "Standard User" }));
    let mut user = json!({
        "username": "ana", "first_name": "Ana", "last_name": "Example", "email": "a@example.com",
        "container": { "id": 1002 }, "access_roles": [{ "id": 1 }],
    });
    assert_eq!(post(&sim, "/user", user.clone()).codes(), "invalid_field|access_roles");
    user["access_roles"] = json!([{ "id": 2 }]);
    let id = post(&sim, "/user", user).json()["id"].clone();
    let role = json!({ "access_roles": [{ "id": 1 }] });
    let answer = put(&sim, &format!("/user/{id}/role"), role);
    assert_eq!(answer.codes(), "invalid_field|access_roles");
    assert_eq!(get(&sim, "/container/9/role").codes(), "not_found|container");
}

#[test]
fn templates_of_children_are_listed() {
    let sim = start();
    let listed = get(&sim, "/container/1001/template").json();
    let expected =
        json!([{ "id": 6, "name": "Business Unit", "date_created": "2018-01-02T03:04:05+00:00" }]);
    assert_eq!(listed["container_templates"], expected);
    assert_eq!(get(&sim, "/container/9/template").codes(), "not_found|container");
}
