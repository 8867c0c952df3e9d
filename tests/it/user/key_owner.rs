//! The user that the API key belongs to is neither demoted unnoticed nor deleted.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::{Value, json};

use super::ADMINISTRATOR;
use crate::cli::{Workspace, unwrapped};
use crate::host::{Host, Object, dynamic};

const ADDRESS: &str = "digicert_user.admin";

/// The administrator's block; a line of `more` stands for the one of the same name.
fn admin(more: &str) -> String {
    let lines = [
        ("username", "admin@example.com"),
        ("first_name", "Ada"),
        ("last_name", "Admin"),
        ("email", "admin@example.com"),
        ("job_title", "PKI administrator"),
        ("access_role_id", "1"),
    ];
    let kept = lines.iter().filter(|(name, _)| !more.lines().any(|line| line.starts_with(name)));
    let lines: String = kept.map(|(name, value)| format!("  {name} = {value:?}\n")).collect();
    format!("resource \"digicert_user\" \"admin\" {{\n{lines}{more}\n}}")
}

fn imported() -> Workspace {
    let workspace = Workspace::new(Options::default());
    workspace.write(&admin(""));
    workspace.run(&["import", "-no-color", ADDRESS, "110001"]).succeeded();
    workspace.assert_empty_plan();
    workspace.sim.take_requests();
    workspace
}

#[test]
fn a_change_of_the_key_owner_is_a_warning() {
    let workspace = imported();
    for (more, is_warned_of) in [
        ("access_role_id = \"5\"", true),
        ("container_id_assignments = [\"1002\"]", true),
        ("job_title = \"Boss\"", false),
        ("unrestricted_container_access = true", false),
    ] {
        workspace.write(&admin(more));
        let plan = unwrapped(&workspace.assert_plan());
        let warning = "Warning: Owner of the API key changed";
        assert_eq!(plan.contains(warning), is_warned_of, "{more}: {plan}");
        let asked = workspace.sim.count("GET", "/user/me");
        assert_eq!(asked, usize::from(is_warned_of), "{more}");
        workspace.sim.take_requests();
    }
    workspace.write(&admin("access_role_id = \"5\""));
    let plan = unwrapped(&workspace.assert_plan());
    let detail = "changes the role or the containers of user \"admin@example.com\"";
    assert!(plan.contains(detail), "{plan}");
}

#[test]
fn a_destroy_of_the_key_owner_is_an_error_of_the_plan() {
    let workspace = imported();
    let other = r#"
        resource "digicert_user" "other" {
          username       = "bo"
          first_name     = "Bo"
          last_name      = "Example"
          email          = "bo@example.com"
          access_role_id = "5"
        }"#;
    workspace.write(&format!("{}\n{other}", admin("")));
    workspace.apply();
    workspace.sim.take_requests();

    let title = "Error: Owner of the API key cannot be deleted";
    let said = workspace.run(&["destroy", "-auto-approve", "-no-color"]).failed();
    assert!(said.contains(title) && said.contains("terraform state rm"), "{said}");
    workspace.write(other);
    let said = workspace.apply_fails();
    assert!(said.contains(title) && said.contains("destroys user \"admin@example.com\""), "{said}");
    workspace.write(&format!("{}\n{other}", admin("container_id = \"1002\"")));
    let said = workspace.apply_fails();
    assert!(said.contains(title) && said.contains("restore the previous container_id"), "{said}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());

    workspace.forget(ADDRESS);
    workspace.destroy();
    assert!(workspace.sim.with(|world| world.users.keys().eq([&ADMINISTRATOR])));
}

#[test]
fn the_key_owner_is_asked_for_once_a_run_and_done_without() {
    let workspace = Workspace::new(Options::default());
    let users = r#"
        provider "digicert" {
          max_retries = 0
        }
        resource "digicert_user" "it" {
          for_each       = toset([for n in range(20) : "user${n}"])
          username       = each.key
          first_name     = "User"
          last_name      = "Example"
          email          = "shared@example.com"
          access_role_id = "5"
        }"#;
    workspace.write(users);
    workspace.apply();
    assert_eq!(workspace.sim.count("GET", "/user/me"), 0, "a create does not ask");
    let plan = ["plan", "-destroy", "-no-color"];
    workspace.run(&plan).succeeded();
    assert_eq!(workspace.sim.count("GET", "/user/me"), 1);
    for kind in [FaultKind::status(403), FaultKind::status(503), FaultKind::Reset] {
        workspace.sim.take_requests();
        workspace.sim.fault(Fault::new("GET", "/user/me", kind));
        let said = workspace.run(&plan).succeeded();
        assert!(said.contains("20 to destroy") && !said.contains("API key"), "{said}");
        assert_eq!(workspace.sim.count("GET", "/user/me"), 1, "not by each user");
        workspace.sim.clear_faults();
    }
    workspace.write(&users.replace("\"5\"", "\"4\""));
    let said = workspace.apply();
    assert!(said.contains("20 changed") && !said.contains("Owner of the API key"), "{said}");
}

#[tokio::test]
async fn a_plan_without_a_usable_key_asks_nobody() {
    let mut host = Host::unconfigured(&[]).await;
    let state = json!({
        "id": "110001", "username": "admin", "first_name": "Ada", "last_name": "Admin",
        "email": "admin@example.com", "job_title": null, "telephone": null, "access_role_id": "1",
        "container_id": "1001", "container_id_assignments": null, "is_saml_sso_only": null,
        "unrestricted_container_access": null, "status": "active", "type": "standard",
        "account_id": "100001",
    });
    let object =
        Object { state: Some(dynamic(&state)), private: b"{}".to_vec(), ..Object::default() };
    let mut config = state.clone();
    for computed in ["id", "status", "type", "account_id"] {
        config[computed] = Value::Null;
    }
    config["access_role_id"] = json!("5");
    let planned = host.plan("digicert_user", &object, Some(&config)).await.succeeded();
    assert_eq!((&planned.attributes["access_role_id"], planned.warnings.len()), (&json!("5"), 0));
    let destroyed = host.plan("digicert_user", &object, None).await.succeeded();
    assert_eq!(destroyed.attributes, Value::Null);
}
