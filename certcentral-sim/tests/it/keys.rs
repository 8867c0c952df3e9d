//! API keys.

use certcentral_sim::{ApiKeyStatus, Options, Sim};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, post, put, raw};

const ADMINISTRATOR: u64 = 110_001;

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

fn list(sim: &Sim, query: &str) -> Vec<Value> {
    get(sim, &format!("/key{query}")).json()["api_keys"].as_array().unwrap().clone()
}

fn read_with(sim: &Sim, key: &str, path: &str) -> Answer {
    raw(sim, "GET", &format!("/services/v2{path}"), &[("X-DC-DEVKEY", key)], "").unwrap()
}

#[test]
fn keys_are_read_without_their_secret() {
    let sim = start();
    let listed = list(&sim, "");
    assert_eq!(listed.len(), 1);
    let path = format!("/key/{}", listed[0]["id"]);
    let mut read = get(&sim, &path).json();
    let used = read["last_used_date"].take();
    assert_eq!(used.as_str().unwrap().len(), "2024-01-02T03:04:05+00:00".len());
    assert_eq!(
        read,
        json!({
            "id": 700_001, "user": { "id": 110_001, "first_name": "Ada", "last_name": "Admin" },
            "status": "active", "create_date": "2024-01-02T03:04:05+00:00", "last_used_date": null,
            "name": "Administrator", "is_legacy": false,
        })
    );
    assert_eq!(get(&sim, "/key/9").codes(), "not_found|key");
    assert!(!sim.with(|world| format!("{world:?}")).contains(sim.api_key()));
}

#[test]
fn a_key_that_was_not_used_has_no_date() {
    let sim = start();
    let (id, key) = sim.with(|world| world.add_key(ADMINISTRATOR, "console"));
    let date = || get(&sim, &format!("/key/{id}")).json().get("last_used_date").cloned();
    assert_eq!(date(), None);
    assert_eq!(read_with(&sim, &key, "/account").status, 200);
    assert!(date().is_some());
}

#[test]
fn a_revoked_key_is_refused() {
    let sim = start();
    let (id, key) = sim.with(|world| world.add_key(ADMINISTRATOR, "console"));
    sim.with(|world| world.api_keys.get_mut(&id).unwrap().status = ApiKeyStatus::Revoked);
    let refused = read_with(&sim, &key, "/account");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.codes(), "access_denied|access_denied_invalid_key");
    assert_eq!(list(&sim, "")[1]["status"], "revoked");

    let options = Options { key_list_has_revoked: false, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let (id, _) = sim.with(|world| world.add_key(ADMINISTRATOR, "console"));
    sim.with(|world| world.api_keys.get_mut(&id).unwrap().status = ApiKeyStatus::Revoked);
    assert_eq!(list(&sim, "").len(), 1);
    assert_eq!(get(&sim, &format!("/key/{id}")).json()["status"], "revoked");
}

#[test]
fn keys_are_filtered_by_user() {
    for (key_list_user_filter, found) in [(true, 1), (false, 2)] {
        let options = Options { key_list_user_filter, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let body = json!({ "is_api_only": true, "email": "ops@example.com", "api_name": "ci" });
        let user = post(&sim, "/user", body).json()["id"].clone();
        let keys = list(&sim, &format!("?user_id={user}"));
        assert_eq!(keys.len(), found);
        assert_eq!(keys[found - 1]["name"], "ci");
        assert_eq!(get(&sim, "/key?user_id=ci").codes(), "invalid_parameter|user_id");
        assert_eq!(get(&sim, "/key?limit=1").codes(), "unknown_parameter|limit");
    }
}

#[test]
fn keys_of_a_subaccount_are_visible_inside_it_only() {
    let sim = start();
    let created = post(&sim, "/account", crate::subaccounts::subaccount("managed", "Org")).json();
    assert_eq!(list(&sim, "").len(), 1);
    let key = created["api_key"].as_str().unwrap();
    let inside = read_with(&sim, key, "/key").json();
    assert_eq!(inside["api_keys"].as_array().unwrap().len(), 1);
    assert_eq!(inside["api_keys"][0]["user"]["id"], created["user"]["id"]);
    let path = format!("/key/{}", inside["api_keys"][0]["id"]);
    assert_eq!(get(&sim, &path).codes(), "not_found|key");
}

#[test]
fn a_restricted_key_is_refused_elsewhere() {
    for (key_restrictions_enforced, unrestricted_key_has_role) in [(true, false), (false, true)] {
        let options =
            Options { key_restrictions_enforced, unrestricted_key_has_role, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let body = json!({
            "is_api_only": true, "email": "ops@example.com", "api_name": "ci",
            "restricted_to_role_id": 103,
        });
        post(&sim, "/user", body);
        let key = sim.issued_keys().pop().unwrap();
        assert_eq!(read_with(&sim, &key, "/user").status, 200);
        let answer = read_with(&sim, &key, "/organization");
        assert_eq!(answer.status, if key_restrictions_enforced { 403 } else { 200 });
        if key_restrictions_enforced {
            assert_eq!(answer.codes(), "access_denied|missing_permission");
        }
        let keys = list(&sim, "");
        assert_eq!(keys[1]["restricted_to_role_id"], 103);
        let unrestricted = unrestricted_key_has_role.then(|| json!(0));
        assert_eq!(keys[0].get("restricted_to_role_id"), unrestricted.as_ref());
    }
}

#[test]
fn a_key_is_created_renamed_and_revoked() {
    let sim = start();
    let body = json!({ "name": "ci", "restricted_to_role_id": 102 });
    let answer = post(&sim, "/key/user/110001", body);
    assert_eq!(answer.status, 201);
    let created = answer.json();
    let key = created["api_key"].as_str().unwrap();
    assert_eq!(sim.issued_keys(), [key]);
    assert_eq!(read_with(&sim, key, "/account").status, 200);
    let path = format!("/key/{}", created["id"]);
    let read = || get(&sim, &path).json();
    assert_eq!((&read()["name"], &read()["restricted_to_role_id"]), (&json!("ci"), &json!(102)));
    assert_eq!(put(&sim, &path, json!({ "name": "cd" })).status, 204);
    assert_eq!((&read()["name"], &read()["restricted_to_role_id"]), (&json!("cd"), &json!(102)));
    let unrestricted = json!({ "name": "cd", "restricted_to_role_id": 0 });
    assert_eq!(put(&sim, &path, unrestricted).status, 204);
    assert_eq!(read().get("restricted_to_role_id"), None);
    let status = format!("{path}/status");
    assert_eq!(put(&sim, &status, json!({ "status": "revoked" })).status, 204);
    assert_eq!(read_with(&sim, key, "/account").status, 403);
    assert_eq!(put(&sim, &status, json!({ "status": "active" })).status, 204);
    assert_eq!(read_with(&sim, key, "/account").status, 200);
}

#[test]
fn writes_of_keys_are_checked() {
    let sim = start();
    let codes = "unknown_field|colour missing_field|name invalid_field|restricted_to_role_id";
    let body = json!({ "colour": "red", "restricted_to_role_id": "102" });
    assert_eq!(post(&sim, "/key/user/110001", body.clone()).codes(), codes);
    assert_eq!(put(&sim, "/key/700001", body).codes(), codes);
    let body = json!({ "name": "ci", "restricted_to_role_id": 5 });
    assert_eq!(put(&sim, "/key/700001", body).codes(), "invalid_field|restricted_to_role_id");
    let answer = put(&sim, "/key/700001/status", json!({ "status": "inactive" }));
    assert_eq!(answer.codes(), "invalid_field|status");
    assert_eq!(post(&sim, "/key/user/9", json!({ "name": "ci" })).codes(), "not_found|user");
    assert_eq!(put(&sim, "/key/9", json!({ "name": "ci" })).codes(), "not_found|key");
    assert_eq!(delete(&sim, "/key/700001").codes(), "not_found|route");
    assert_eq!(list(&sim, "").len(), 1);
}

#[test]
fn only_administrators_write_keys() {
    let sim = start();
    sim.with(|world| world.users.get_mut(&ADMINISTRATOR).unwrap().access_role_id = 4);
    for answer in [
        post(&sim, "/key/user/110001", json!({ "name": "ci" })),
        put(&sim, "/key/700001", json!({ "name": "ci" })),
        put(&sim, "/key/700001/status", json!({ "status": "revoked" })),
    ] {
        assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
    }
}

#[test]
fn options_change_writes_of_keys() {
    let sim = Sim::start(Options {
        omitted_key_restriction_resets: true,
        revoked_key_can_be_activated: false,
        key_created_without_secret: true,
        ..Options::default()
    })
    .unwrap();
    let body = json!({ "name": "ci", "restricted_to_role_id": 102 });
    let created = post(&sim, "/key/user/110001", body).json();
    assert_eq!(created.get("api_key"), None);
    assert!(sim.issued_keys().is_empty());
    let path = format!("/key/{}", created["id"]);
    put(&sim, &path, json!({ "name": "ci" }));
    assert_eq!(get(&sim, &path).json().get("restricted_to_role_id"), None);
    let status = |status: &str| put(&sim, &format!("{path}/status"), json!({ "status": status }));
    assert_eq!(status("active").status, 204);
    assert_eq!(status("revoked").status, 204);
    assert_eq!(status("active").codes(), "key_revoked");
}

#[test]
fn keys_of_a_deleted_user_are_revoked() {
    let sim = start();
    let body = json!({ "is_api_only": true, "email": "ops@example.com", "api_name": "ci" });
    let user = post(&sim, "/user", body).json()["id"].clone();
    delete(&sim, &format!("/user/{user}"));
    let key = list(&sim, &format!("?user_id={user}"))[0].clone();
    assert_eq!((&key["status"], &key["user"]), (&json!("revoked"), &json!({ "id": user })));
}
