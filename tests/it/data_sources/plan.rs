//! Data sources within a plan: what they share with refreshes, and what they depend on.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::json;

use crate::cli::Workspace;

fn user(workspace: &Workspace, number: u64) {
    workspace.sim.with(|world| {
        let mut user = world.users[&110_001].clone();
        (user.id, user.username) = (200_000 + number, format!("user{number}@example.com"));
        user.email.clone_from(&user.username);
        world.users.insert(user.id, user);
    });
}

/// Creates a number of users, and returns the configuration that imports them.
pub(crate) fn imports(workspace: &Workspace, number: u64) -> String {
    let block = |number: u64| {
        user(workspace, number);
        format!(
            "import {{\n  to = digicert_user.u{number}\n  id = \"{id}\"\n}}\n\
             resource \"digicert_user\" \"u{number}\" {{\n  username = \"user{number}@example.com\"\n  \
             email = \"user{number}@example.com\"\n  first_name = \"Ada\"\n  last_name = \"Admin\"\n  \
             job_title = \"PKI administrator\"\n  telephone = \"555-0100\"\n  access_role_id = \"1\"\n}}\n",
            id = 200_000 + number
        )
    };
    (1..=number).map(block).collect()
}

#[test]
fn a_list_and_refreshes_ask_for_each_page_once() {
    let workspace = Workspace::new(Options { page_limit_max: 25, ..Options::default() });
    // Rows that never have a telephone number would confirm none.
    workspace.sim.with(|world| {
        let administrator = world.users.get_mut(&110_001).expect("the administrator");
        administrator.telephone = Some("555-0100".into());
    });
    let users = imports(&workspace, 60);
    let all = "data \"digicert_users\" \"all\" {}\ndata \"digicert_users\" \"active\" {\n  status = \"active\"\n}\n";
    workspace.write(&format!("{users}{all}"));
    workspace.apply();
    workspace.sim.take_requests();
    workspace.assert_empty_plan();
    let requests = workspace.sim.take_requests();
    let of = |path: &str| requests.iter().filter(|it| it.path.starts_with(path)).count();
    let pages = requests.iter().filter(|it| it.path == "/user").count();
    assert_eq!(pages, 3, "61 users on pages of 25");
    // Before the first pages, a few users are read by themselves.
    assert!(of("/user/") <= 4, "{}", of("/user/"));
    assert_eq!(
        workspace.state("data.digicert_users.all")["ids"].as_array().map(Vec::len),
        Some(61)
    );
}

#[test]
fn all_pages_are_read() {
    let workspace = Workspace::new(Options::default());
    (1..=2499).for_each(|number| user(&workspace, number));
    workspace.write("data \"digicert_users\" \"all\" {}");
    workspace.apply();
    assert_eq!(workspace.sim.count("GET", "/user"), 3);
    let ids = &workspace.state("data.digicert_users.all")["ids"];
    assert_eq!(ids.as_array().map(Vec::len), Some(2500));
    assert_eq!(ids[2499], "202499");
}

#[test]
fn what_a_list_depends_on_is_in_it() {
    let workspace = Workspace::new(Options::default());
    let user = |number: u64, role: &str| {
        format!(
            "resource \"digicert_user\" \"u{number}\" {{\n  username = \"u{number}@example.com\"\n  email = \
             \"u{number}@example.com\"\n  first_name = \"U\"\n  last_name = \"{number}\"\n  access_role_id \
             = {role}\n}}\n"
        )
    };
    let role = "data \"digicert_access_role\" \"it\" {\n  name = \"Manager\"\n}\n";
    let list = "data \"digicert_users\" \"it\" {\n  depends_on = [digicert_user.u1, digicert_user.u2]\n}\n";
    let one = "data \"digicert_user\" \"it\" {\n  id = digicert_user.u1.id\n}\n";
    let both = [user(1, "data.digicert_access_role.it.id"), user(2, "\"5\"")].concat();
    workspace.write(&format!("{role}{list}{one}{both}"));
    let planned = workspace.plan();
    assert!(planned.text.contains("(known after apply)"), "{}", planned.text);
    workspace.apply();
    assert_eq!(workspace.state("data.digicert_users.it")["ids"].as_array().map(Vec::len), Some(3));
    let found = workspace.state("data.digicert_user.it");
    assert_eq!(found["username"], "u1@example.com");
    assert_eq!(found["access_role_id"], "4");
    workspace.assert_empty_plan();
}

#[test]
fn a_read_that_fails_fails_the_plan() {
    let workspace = Workspace::new(Options::default());
    let provider = "provider \"digicert\" {\n  max_retries = 0\n}\n";
    let data = "data \"digicert_users\" \"it\" {}\noutput \"ids\" {\n  value = data.digicert_users.it.ids\n}\n";
    workspace.write(&format!("{provider}{data}"));
    workspace.apply();
    workspace.sim.fault(Fault::new("GET", "/user", FaultKind::status(503)));
    let text = workspace.run(&["plan", "-no-color", "-input=false"]).failed();
    assert!(text.contains("Error: Cannot read digicert_users"), "{text}");
    assert!(text.contains("HTTP 503 from `GET user`"), "{text}");
    assert!(!text.contains("110001"), "nothing stale: {text}");
}

#[test]
fn a_page_that_fails_once_is_requested_again() {
    let workspace = Workspace::new(Options::default());
    workspace.write("data \"digicert_users\" \"it\" {}");
    workspace.sim.fault(Fault::new("GET", "/user", FaultKind::status(503)).times(2));
    workspace.apply();
    assert_eq!(workspace.state("data.digicert_users.it")["ids"], json!(["110001"]));
}
