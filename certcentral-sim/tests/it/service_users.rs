//! Service users.

use certcentral_sim::{Options, ServiceUsersPath, Sim};
use serde_json::{Value, json};

use crate::client::{delete, get, post, put, raw};

const SERVICE: &str = "ops@example.com";

/// A body with everything that is required.
fn service(email: &str) -> Value {
    json!({ "is_api_only": true, "email": email, "api_name": "ci" })
}

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

#[test]
fn a_service_user_gets_a_key() {
    let sim = start();
    let created = post(&sim, "/user", service(SERVICE)).json();
    let key = created["api_key"].as_str().unwrap();
    assert_eq!(sim.issued_keys(), [key]);
    let headers = [("X-DC-DEVKEY", key)];
    let me = raw(&sim, "GET", "/services/v2/user/me", &headers, "").unwrap().json();
    assert_eq!(me["id"], created["id"]);
    assert_eq!(get(&sim, "/user").json()["page"]["total"], 1);
    assert_eq!(get(&sim, "/user/api-only").json()["users"][0]["id"], created["id"]);
    let path = format!("/user/{}", created["id"]);
    assert_eq!(put(&sim, &path, json!({ "email": "new@example.com" })).status, 204);
    assert_eq!(
        put(&sim, &path, json!({ "email": "x@example.com", "first_name": "X" })).status,
        400
    );
    delete(&sim, &path);
    assert_eq!(raw(&sim, "GET", "/services/v2/user/me", &headers, "").unwrap().status, 403);
}

#[test]
fn service_users_are_listed_at_one_of_two_paths() {
    for (service_users_path, path, other) in [
        (ServiceUsersPath::ApiOnly, "/user/api-only", "/service-user"),
        (ServiceUsersPath::ServiceUser, "/service-user", "/user/api-only"),
    ] {
        let service_user_list_has_assignments = service_users_path == ServiceUsersPath::ApiOnly;
        let options =
            Options { service_users_path, service_user_list_has_assignments, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        for email in ["ci@example.com", "ops@example.com"] {
            let mut body = service(email);
            body["container_id_assignments"] = json!([1002]);
            post(&sim, "/user", body);
        }
        assert_eq!(get(&sim, other).codes(), "not_found|route");
        let list = |query: &str| get(&sim, &format!("{path}?{query}")).json();
        assert_eq!(list("limit=1&offset=1")["users"][0]["email"], "ops@example.com");
        assert_eq!(list("filters[search]=%25ops")["page"]["total"], 1);
        assert_eq!(list("filters[status]=inactive")["page"]["total"], 0);
        let row = list("sort=-email")["users"][1].clone();
        assert_eq!(
            (&row["email"], &row["first_name"]),
            (&json!("ci@example.com"), &json!("Service"))
        );
        let assigned = row.get("container_assignments");
        assert_eq!(assigned.is_some(), service_user_list_has_assignments);
    }
}

#[test]
fn a_service_user_has_a_generated_name_and_gets_no_mail() {
    let sim = start();
    let id = post(&sim, "/user", service(SERVICE)).json()["id"].clone();
    let read = get(&sim, &format!("/user/{id}")).json();
    assert!(read["username"].as_str().unwrap().bytes().all(|it| it.is_ascii_hexdigit()));
    assert_eq!((&read["first_name"], &read["last_name"]), (&json!("Service"), &json!("User")));
    assert_eq!((&read["email"], &read["type"]), (&json!(SERVICE), &json!("standard")));
    assert!(sim.with(|world| world.mails.is_empty()));
    let key = get(&sim, &format!("/key?user_id={id}")).json()["api_keys"][0].clone();
    assert_eq!((&key["name"], &key["user"]["id"]), (&json!("ci"), &id));
    let second = post(&sim, &format!("/key/user/{id}"), json!({ "name": "cd" }));
    assert_eq!(second.status, 201);
}

#[test]
fn service_users_are_checked() {
    let sim = start();
    let with = |name: &str, value: Value| {
        let mut body = service(SERVICE);
        body[name] = value;
        post(&sim, "/user", body).codes()
    };
    assert_eq!(with("email", json!("ops")), "invalid_field|email");
    assert_eq!(with("restricted_to_role_id", json!(1)), "invalid_field|restricted_to_role_id");
    assert_eq!(with("container_id_assignments", json!([9])), "invalid_field|container");
    assert_eq!(with("username", json!("ops")), "unknown_field|username");
    let body = json!({ "is_api_only": true });
    assert_eq!(post(&sim, "/user", body).codes(), "missing_field|email missing_field|api_name");
    sim.with(|world| world.users.get_mut(&110_001).unwrap().access_role_id = 4);
    let answer = post(&sim, "/user", service(SERVICE));
    assert_eq!((answer.status, &*answer.codes()), (403, "access_denied|missing_permission"));
}

#[test]
fn containers_of_a_service_user_can_be_changed_but_no_role() {
    for (service_user_containers_changeable, status) in [(true, 204), (false, 400)] {
        let options = Options { service_user_containers_changeable, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let id = post(&sim, "/user", service(SERVICE)).json()["id"].clone();
        let body = json!({ "container_id_assignments": [1002] });
        let answer = put(&sim, &format!("/user/{id}/container-assignments"), body);
        assert_eq!(answer.status, status);
        let role = json!({ "access_roles": [{ "id": 4 }] });
        assert_eq!(put(&sim, &format!("/user/{id}/role"), role).codes(), "service_user");
    }
}
