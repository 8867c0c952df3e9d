//! Users.

use certcentral_sim::{ContainerAssignments, MailKind, Options, Sim, UserManagement};
use serde_json::{Value, json};

use crate::client::{delete, get, post, put};

fn start() -> Sim {
    Sim::start(Options::default()).unwrap()
}

/// A body with everything that is required.
fn user(username: &str) -> Value {
    json!({
        "username": username, "first_name": "Ana", "last_name": "Example",
        "email": "ana@example.com", "access_roles": [{ "id": 5 }],
    })
}

/// The same for a change of the profile.
fn profile(username: &str) -> Value {
    let mut body = user(username);
    body.as_object_mut().unwrap().remove("access_roles");
    body
}

/// Adds a user, and returns its path.
fn create(sim: &Sim, body: Value) -> String {
    let answer = post(sim, "/user", body);
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("/user/{}", answer.json()["id"])
}

#[test]
fn a_user_is_added_read_and_deleted() {
    let sim = start();
    let path = create(&sim, user("ana"));
    assert_eq!(sim.with(|world| world.mails_of(MailKind::UserCreated)), 1);
    let read = get(&sim, &path).json();
    assert_eq!(read["username"], "ana");
    assert_eq!(read["account_id"], sim.account_id());
    assert_eq!(read["access_roles"], json!([{ "id": 5, "name": "Standard User" }]));
    assert_eq!(read["container"]["id"], 1001);
    assert_eq!(read["is_saml_sso_only"], false);
    assert_eq!(read["has_container_assignments"], false);
    assert_eq!(read.get("job_title"), None);
    assert_eq!(read.get("container_assignments"), None);
    assert_eq!(delete(&sim, &path).status, 204);
    let gone = get(&sim, &path);
    assert_eq!((gone.status, &*gone.codes()), (404, "not_found|user"));
    assert_eq!(delete(&sim, &path).status, 404);
}

#[test]
fn a_username_is_taken_once() {
    let sim = start();
    create(&sim, user("ana"));
    let other = create(&sim, user("bo"));
    assert_eq!(post(&sim, "/user", user("ANA")).codes(), "username_already_exists");
    assert_eq!(put(&sim, &other, profile("ana")).codes(), "username_already_exists");
    assert_eq!(put(&sim, &other, profile("bo")).status, 204);
    assert_eq!(get(&sim, "/user/availability/ana").json(), json!({ "available": false }));
    assert_eq!(get(&sim, "/user/availability/cy").json(), json!({ "available": true }));
}

#[test]
fn every_problem_is_named() {
    let sim = start();
    let mut body = user("a b");
    body["type"] = json!("standard");
    body["job_title"] = json!("x".repeat(65));
    body["access_roles"] = json!([{ "id": "5" }]);
    body["container"] = json!({});
    body["telephone"] = json!("");
    assert_eq!(
        post(&sim, "/user", body).codes(),
        "unknown_field|type invalid_field|username invalid_field|job_title \
         invalid_field|telephone invalid_field|access_roles[0].id missing_field|container.id"
    );
    let with = |name: &str, value: Value| {
        let mut body = user("ana");
        body[name] = value;
        post(&sim, "/user", body).codes()
    };
    assert_eq!(with("access_roles", json!([{ "id": 6 }])), "invalid_field|access_roles");
    assert_eq!(with("container", json!({ "id": 9 })), "invalid_field|container");
    assert_eq!(with("container_id_assignments", json!(["9"])), "invalid_field|container");
}

#[test]
fn an_update_removes_omitted_fields() {
    let sim = start();
    let mut body = user("ana");
    body["job_title"] = json!("SRE");
    body["is_saml_sso_only"] = json!(true);
    let path = create(&sim, body);
    assert_eq!(put(&sim, &path, profile("ana2")).status, 204);
    let read = get(&sim, &path).json();
    assert_eq!(read["username"], "ana2");
    assert_eq!(read.get("job_title"), None);
    assert_eq!(read["is_saml_sso_only"], true);
    assert_eq!(put(&sim, &path, user("ana2")).codes(), "unknown_field|access_roles");

    let options = Options { omitted_saml_sso_only_resets: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let mut body = user("ana");
    body["is_saml_sso_only"] = json!(true);
    let path = create(&sim, body);
    put(&sim, &path, profile("ana"));
    assert_eq!(get(&sim, &path).json()["is_saml_sso_only"], false);
}

#[test]
fn role_and_containers_are_changed_by_separate_requests() {
    let sim = start();
    let path = create(&sim, user("ana"));
    let role = json!({ "access_roles": [{ "id": 1 }] });
    assert_eq!(put(&sim, &format!("{path}/role"), role).status, 204);
    let assignments = format!("{path}/container-assignments");
    let body = json!({ "container_id_assignments": ["1003", 1002] });
    assert_eq!(put(&sim, &assignments, body).status, 204);
    let read = get(&sim, &path).json();
    assert_eq!(read["access_roles"][0]["name"], "Administrator");
    assert_eq!(read["container_assignments"][0]["name"], "Division One");
    assert_eq!(read["container_assignments"][1]["id"], 1003);
    put(&sim, &assignments, json!({ "container_id_assignments": [] }));
    assert_eq!(get(&sim, &path).json()["has_container_assignments"], false);
}

#[test]
fn a_new_user_can_inherit_the_limits_of_the_keys_user() {
    let options = Options { new_users_inherit_limits: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    sim.with(|world| world.users.get_mut(&110_001).unwrap().container_assignments = vec![1002]);
    let limits = |username: &str, sent: Value| {
        let mut body = user(username);
        body["container_id_assignments"] = sent;
        let path = create(&sim, body);
        let id = path.trim_start_matches("/user/").parse().unwrap();
        sim.with(|world: &mut certcentral_sim::World| {
            world.users[&id].container_assignments.clone()
        })
    };
    assert_eq!(limits("ana", json!([])), [1002]);
    assert_eq!(limits("bo", json!([1003])), [1003]);
}

#[test]
fn assignments_can_be_plain_ids() {
    let container_assignments = ContainerAssignments::Ids;
    let options = Options { container_assignments, ids_as_strings: true, ..Options::default() };
    let sim = Sim::start(options).unwrap();
    let mut body = user("ana");
    body["container_id_assignments"] = json!([1002]);
    let id = post(&sim, "/user", body).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&sim, &format!("/user/{id}")).json()["container_assignments"], json!(["1002"]));
}

#[test]
fn rows_may_lack_the_optional_fields() {
    for has in [true, false] {
        let options = Options { user_list_has_optional_fields: has, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let row = get(&sim, "/user").json()["users"][0].clone();
        assert_eq!(row.get("job_title").is_some(), has);
        assert_eq!(get(&sim, "/user/110001").json()["job_title"], "PKI administrator");
    }
}

#[test]
fn lists_are_filtered_and_have_fewer_fields() {
    let sim = start();
    create(&sim, user("ana"));
    let mut body = user("ana.other");
    body["container"] = json!({ "id": 1002 });
    body["access_roles"] = json!([{ "id": 1 }]);
    create(&sim, body);
    let names = |query: &str| -> Vec<String> {
        let body = get(&sim, &format!("/user{query}")).json();
        let rows = body["users"].as_array().unwrap().clone();
        rows.iter().map(|it| it["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["admin@example.com", "ana", "ana.other"]);
    assert_eq!(names("?filters[search]=ana"), ["ana", "ana.other"]);
    assert_eq!(names("?filters[search]=ana.other"), ["ana.other"]);
    assert_eq!(names("?filters[search]=%25OTHER"), ["ana.other"]);
    assert_eq!(names("?filters[search]=ana@example.com&limit=1&offset=1"), ["ana.other"]);
    assert_eq!(names("?container_id=1002"), ["ana.other"]);
    assert_eq!(names("?access_role_id=5&filters[status][0]=active"), ["ana"]);
    let row = get(&sim, "/user").json()["users"][0].clone();
    assert_eq!(row.get("is_saml_sso_only"), None);
    assert_eq!(row["container"]["id"], 1001);
    let bare = get(&sim, "/user?without_container=true").json()["users"][0].clone();
    assert_eq!(bare.get("container"), None);
}

#[test]
fn users_with_another_status_are_listed() {
    for (user_list_status_filter, found) in [(true, 1), (false, 2)] {
        let options = Options { user_list_status_filter, ..Options::default() };
        let sim = Sim::start(options).unwrap();
        let path = create(&sim, user("ana"));
        let id = path.trim_start_matches("/user/").parse().unwrap();
        sim.with(|world: &mut certcentral_sim::World| {
            world.users.get_mut(&id).unwrap().status = "inactive".into();
        });
        assert_eq!(get(&sim, &path).json()["status"], "inactive");
        let total =
            |query: &str| get(&sim, &format!("/user{query}")).json()["page"]["total"].clone();
        assert_eq!(total(""), 2);
        assert_eq!(total("?filters[status]=inactive"), found);
    }
}

#[test]
fn parameters_of_lists_are_checked() {
    let sim = start();
    for (query, code) in [
        ("container_id=one", "invalid_parameter|container_id"),
        ("access_role_id=one", "invalid_parameter|access_role_id"),
        ("without_container=yes", "invalid_parameter|without_container"),
        ("sort=colour", "invalid_parameter|sort"),
        ("filters[email]=x", "unknown_parameter|filters[email]"),
    ] {
        assert_eq!(get(&sim, &format!("/user?{query}")).codes(), code);
    }
}

#[test]
fn first_users_of_subaccounts_belong_to_the_subaccounts() {
    let sim = start();
    post(&sim, "/account", crate::subaccounts::subaccount("retail", "Example Org"));
    assert_eq!(sim.with(|world| world.users.len()), 2);
    assert_eq!(get(&sim, "/user").json()["page"]["total"], 1);
    let child = sim.with(|world| *world.users.keys().max().unwrap());
    assert_eq!(get(&sim, &format!("/user/{child}")).status, 404);
}

#[test]
fn users_can_be_managed_in_the_digicert_account() {
    let user_management = UserManagement::DigicertAccount;
    let sim = Sim::start(Options { user_management, ..Options::default() }).unwrap();
    let me = format!("/user/{}", get(&sim, "/user/me").json()["id"]);
    for answer in
        [post(&sim, "/user", user("ana")), put(&sim, &me, profile("ana")), delete(&sim, &me)]
    {
        assert_eq!(answer.status, 403);
        assert_eq!(answer.codes(), "access_denied|digicert_account");
    }
    let role = json!({ "access_roles": [{ "id": 4 }] });
    assert_eq!(put(&sim, &format!("{me}/role"), role).status, 204);
}

#[test]
fn the_user_the_key_belongs_to_cannot_be_deleted() {
    let sim = start();
    let me = format!("/user/{}", get(&sim, "/user/me").json()["id"]);
    assert_eq!(delete(&sim, &me).codes(), "cannot_delete_self");
}
