//! Service users.

use certcentral_sim::{Options, ServiceUsersPath, Sim};
use serde_json::json;

use crate::client::{delete, get, post, put, raw};

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

#[test]
fn a_service_user_gets_a_key() {
    let sim = start();
    let body = json!({ "is_api_only": true, "email": "ops@example.com", "api_name": "ci" });
    let created = post(&sim, "/user", body).json();
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
            let body = json!({
                "is_api_only": true, "email": email, "api_name": "ci",
                "container_id_assignments": [1002],
            });
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
