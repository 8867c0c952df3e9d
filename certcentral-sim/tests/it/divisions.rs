//! Writes of containers.

use certcentral_sim::{ContainerActivatePath, Options, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, post, put, try_send};

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// A body with everything that is required.
fn division(name: &str) -> Value {
    json!({ "name": name, "template_id": 6 })
}

fn create(sim: &Sim, parent: u64, name: &str) -> u64 {
    let answer = post(sim, &format!("/container/{parent}/children"), division(name));
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_u64().unwrap()
}

fn read(sim: &Sim, id: u64) -> Value {
    get(sim, &format!("/container/{id}")).json()
}

/// Sends a PUT without a body.
fn act(sim: &Sim, id: u64, action: &str) -> Answer {
    try_send(sim, "PUT", &format!("/container/{id}/{action}"), None).unwrap()
}

fn assign(sim: &Sim, id: u64, path: &str, body: Value) -> Answer {
    put(sim, &format!("/container/{id}/{path}"), body)
}

#[test]
fn a_division_is_created_and_changed() {
    let sim = start();
    let mut body = division("Sales");
    body["description"] = json!("Field sales");
    let answer = post(&sim, "/container/1001/children", body);
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].as_u64().unwrap();
    assert_eq!(answer.json(), json!({ "id": id }));
    let created = read(&sim, id);
    assert_eq!((&created["name"], &created["parent_id"]), (&json!("Sales"), &json!(1001)));
    assert_eq!((&created["template_id"], &created["is_active"]), (&json!(6), &json!(true)));
    let path = format!("/container/{id}");
    assert_eq!(put(&sim, &path, json!({ "name": "Shop", "ekey": "shop" })).status, 204);
    let changed = read(&sim, id);
    assert_eq!((&changed["name"], &changed["ekey"]), (&json!("Shop"), &json!("shop")));
    assert_eq!(changed["description"], "Field sales");
    assert_eq!(delete(&sim, &path).codes(), "not_found|route");
}

#[test]
fn divisions_are_checked() {
    let sim = start();
    let at = |parent: u64, body: Value| {
        post(&sim, &format!("/container/{parent}/children"), body).codes()
    };
    let body = json!({ "template_id": "6", "user": {} });
    let codes = "unknown_field|user missing_field|name invalid_field|template_id";
    assert_eq!(at(1001, body), codes);
    assert_eq!(at(1001, json!({ "name": "X", "template_id": 5 })), "invalid_field|template_id");
    assert_eq!(at(9, division("X")), "not_found|container");
    assert_eq!(put(&sim, "/container/1002", json!({})).codes(), "missing_field|name");
    let empty = json!({ "name": "X", "description": "" });
    assert_eq!(put(&sim, "/container/1002", empty).codes(), "invalid_field|description");
    sim.with(|world| world.users.get_mut(&110_001).unwrap().access_role_id = 4);
    assert_eq!(at(1001, division("X")), "access_denied|missing_permission");
}

#[test]
fn a_division_is_deactivated_with_its_children_and_activated_alone() {
    let sim = start();
    let child = create(&sim, 1002, "Sales");
    let grandchild = create(&sim, child, "Field");
    let active = || [1002, child, grandchild, 1003].map(|id| read(&sim, id)["is_active"].clone());
    assert_eq!(act(&sim, 1002, "deactivate").status, 204);
    assert_eq!(active(), [false, false, false, true]);
    assert_eq!(act(&sim, child, "activate").codes(), "container_inactive");
    let answer = post(&sim, "/container/1002/children", division("Late"));
    assert_eq!(answer.codes(), "container_inactive");
    assert_eq!(act(&sim, 1002, "activate").status, 204);
    assert_eq!(active(), [true, false, false, true]);
    assert_eq!(assign(&sim, child, "activate", json!({})).status, 204);
    assert_eq!(act(&sim, 1001, "deactivate").codes(), "cannot_deactivate_root");
    assert_eq!(act(&sim, 9, "deactivate").codes(), "not_found|container");
    let answer = assign(&sim, 1002, "deactivate", json!({ "force": true }));
    assert_eq!(answer.codes(), "unknown_field|force");
}

#[test]
fn the_path_of_activation_has_two_spellings() {
    for (container_activate_path, path, other) in [
        (ContainerActivatePath::Activate, "activate", "active"),
        (ContainerActivatePath::Active, "active", "activate"),
    ] {
        let sim = Sim::start(Options { container_activate_path, ..Options::default() }).unwrap();
        assert_eq!(act(&sim, 1002, other).codes(), "not_found|route");
        assert_eq!(act(&sim, 1002, path).status, 204);
    }
}

#[test]
fn lists_of_a_division_are_replaced() {
    let sim = start();
    let send = |path: &str, name: &str, value: Value| {
        assign(&sim, 1002, path, json!({ name: value })).status
    };
    let (path, name) = ("organization-assignments", "organization_id_assignments");
    assert_eq!(send(path, name, json!([300_002, 300_001])), 204);
    assert_eq!(read(&sim, 1002)["organization_assignments"][1]["id"], 300_002);
    assert_eq!(send(path, name, json!([])), 204);
    assert_eq!(read(&sim, 1002)["organization_assignments"], json!([]));

    let (path, name) = ("allowed-domain-names", "allowed_domain_names");
    assert_eq!(send(path, name, json!(["example.com", "a.example.net"])), 204);
    assert_eq!(read(&sim, 1002)["allowed_domain_names"], json!(["example.com", "a.example.net"]));
    assert_eq!(send(path, name, json!([])), 204);
    assert_eq!(read(&sim, 1002).get("allowed_domain_names"), None);

    let (path, name) = ("user-assignments", "user_id_assignments");
    sim.with(|world| world.users.get_mut(&110_001).unwrap().container_assignments = vec![1003]);
    assert_eq!(send(path, name, json!([110_001])), 204);
    assert_eq!(read(&sim, 1002)["user_id_assignments"], json!(["110001"]));
    let limits = || sim.with(|world| world.users[&110_001].container_assignments.clone());
    assert_eq!(limits(), [1002, 1003]);
    assert_eq!(send(path, name, json!([])), 204);
    assert_eq!(limits(), [1003]);
}

#[test]
fn lists_of_a_division_are_checked() {
    let sim = start();
    for (path, name, value) in [
        ("organization-assignments", "organization_id_assignments", json!(["300001"])),
        ("organization-assignments", "organization_id_assignments", json!([9])),
        ("allowed-domain-names", "allowed_domain_names", json!(["example"])),
        ("allowed-domain-names", "allowed_domain_names", json!(["a.example", "a.example"])),
        ("user-assignments", "user_id_assignments", json!(["110001"])),
        ("user-assignments", "user_id_assignments", json!([9])),
    ] {
        let answer = assign(&sim, 1002, path, json!({ name: value }));
        assert_eq!(answer.codes(), format!("invalid_field|{name}"));
        assert_eq!(assign(&sim, 1002, path, json!({})).codes(), format!("missing_field|{name}"));
    }
}

#[test]
fn an_account_without_divisions_lacks_the_permission() {
    let sim = Sim::start(Options { divisions_enabled: false, ..Options::default() }).unwrap();
    for answer in [
        post(&sim, "/container/1001/children", division("Sales")),
        put(&sim, "/container/1002", json!({ "name": "X" })),
        act(&sim, 1002, "deactivate"),
    ] {
        assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
    }
    assert_eq!(get(&sim, "/container/1001").status, 200);
}

#[test]
fn options_change_writes_of_divisions() {
    let sim = Sim::start(Options {
        container_created_with_ok: true,
        container_assigned_with_ok: true,
        container_names_unique: true,
        omitted_container_description_clears: true,
        empty_container_description_clears: true,
        ..Options::default()
    })
    .unwrap();
    let mut body = division("Sales");
    body["description"] = json!("Field sales");
    let answer = post(&sim, "/container/1001/children", body.clone());
    assert_eq!(answer.status, 200);
    let id = answer.json()["id"].as_u64().unwrap();
    act(&sim, id, "deactivate");
    let answer = post(&sim, "/container/1001/children", division("SALES"));
    assert_eq!(answer.codes(), "container_name_exists");
    let path = format!("/container/{id}");
    assert_eq!(put(&sim, &path, json!({ "name": "Sales" })).status, 204);
    assert_eq!(read(&sim, id).get("description"), None);
    put(&sim, &path, json!({ "name": "Sales", "description": "x" }));
    put(&sim, &path, json!({ "name": "Sales", "description": "" }));
    assert_eq!(read(&sim, id).get("description"), None);
    let answer = assign(&sim, id, "allowed-domain-names", json!({ "allowed_domain_names": [] }));
    assert_eq!((answer.status, &*answer.text), (200, ""));
}
