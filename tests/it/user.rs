//! `digicert_user` through the real CLI: one life, updates in steps, divisions, 300 at once.

mod add;
mod blocks;
mod containers;
mod find;
mod key_owner;
mod taken;
mod update;

use certcentral_sim::{ContainerAssignments, Fault, FaultKind, Options, User, World};
use serde_json::{Value, json};

use self::blocks::*;
use crate::cli::{Ran, Workspace, unwrapped};
use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_user",
    create: (LEAST, &[CREATES]),
    updates: &[
        (
            MOVED,
            &[
                "DELETE /user/{id}",
                r#"POST /user {"access_roles":[{"id":5}],"container":{"id":1002},"email":"Ana@example.com","first_name":"Ana","last_name":"Example","username":"Ana@example.com"}"#,
            ],
        ),
        (
            PROFILE,
            &[
                r#"PUT /user/{id} {"email":"ann@example.com","first_name":"Ann","is_saml_sso_only":false,"job_title":"SRE","last_name":"Sample","telephone":"555-0100","username":"ann"}"#,
            ],
        ),
        (
            CLEARED,
            &[
                r#"PUT /user/{id} {"email":"ann@example.com","first_name":"Ann","is_saml_sso_only":false,"last_name":"Sample","username":"ann"}"#,
            ],
        ),
        (
            ALL_AT_ONCE,
            &[
                r#"PUT /user/{id} {"email":"ann@example.com","first_name":"Ann","is_saml_sso_only":false,"job_title":"SRE","last_name":"Sample","telephone":"555-0100","username":"ann"}"#,
                r#"PUT /user/{id}/role {"access_roles":[{"id":4}]}"#,
                r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1002","1003"]}"#,
            ],
        ),
        (ROLE, &[r#"PUT /user/{id}/role {"access_roles":[{"id":1}]}"#]),
        (FEWER, &[r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1003"]}"#]),
        (
            WHOLE,
            &[
                SINGLE_SIGN_ON,
                r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1002","1003"]}"#,
            ],
        ),
    ],
    respelled: RESPELLED,
    drift: &[
        ("username", |world| people(world, |it| it.username = "drifted".into())),
        ("first_name", |world| people(world, |it| it.first_name = "Drifted".into())),
        ("last_name", |world| people(world, |it| it.last_name = "Drifted".into())),
        ("email", |world| people(world, |it| it.email = "drifted@example.com".into())),
        ("job_title", |world| people(world, |it| it.job_title = None)),
        ("telephone", |world| people(world, |it| it.telephone = Some("555-0199".into()))),
        ("access_role_id", |world| people(world, |it| it.access_role_id = 5)),
        ("container_id", |world| people(world, |it| it.container_id = 1001)),
        ("container_id_assignments", |world| people(world, |it| it.container_assignments.clear())),
        ("container_id_assignments", |world| {
            people(world, |it| it.container_assignments = vec![1001, 1002]);
        }),
        ("is_saml_sso_only", |world| people(world, |it| it.is_saml_sso_only = false)),
    ],
    unnoticed: &[
        |world| people(world, |it| it.username = it.username.to_uppercase()),
        |world| people(world, |it| it.email = it.email.to_uppercase()),
        |world| people(world, |it| it.container_assignments.reverse()),
        |world| people(world, |it| it.status = "locked".into()),
    ],
    removed: (|world| world.users.retain(|id, _| *id == ADMINISTRATOR), "removed from the state"),
    import_id: |state| state["email"].as_str().expect("an address").to_owned(),
    after_import: &[SINGLE_SIGN_ON],
    lost_attribute: "status",
    destroy: &["DELETE /user/{id}"],
    left_behind: None,
};

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        lower_case_emails: true,
        bare_not_found: true,
        container_assignments: ContainerAssignments::Ids,
        user_list_has_service_users: true,
        username_availability: false,
        omitted_saml_sso_only_resets: true,
        ..respelled()
    });
}

#[test]
fn three_hundred_users_take_one_run() {
    let workspace = Workspace::new(Options { page_limit_max: 100, ..Options::default() });
    workspace.write(
        r#"
        provider "digicert" {
          rate_limits = []
        }
        resource "digicert_user" "it" {
          for_each       = toset([for n in range(300) : "user${n}"])
          username       = each.key
          first_name     = "User"
          last_name      = "Example"
          email          = "shared@example.com"
          access_role_id = "5"
        }"#,
    );
    workspace.apply();
    assert_eq!(workspace.sim.with(|world| world.users.len()), 301);
    assert_eq!(workspace.sim.count("POST", "/user"), 300);
    workspace.assert_empty_plan();
}

#[test]
fn state_advances_with_each_call_of_an_update() {
    // (the call that fails, what state has of role and divisions then, what the next apply does)
    let role = r#"PUT /user/{id}/role {"access_roles":[{"id":4}]}"#;
    let containers =
        r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1002"]}"#;
    for (failing, role_id, limits, rest) in [
        ("/user/*/role", "5", json!(null), vec![role, containers]),
        ("/user/*/container-assignments", "4", json!(null), vec![containers]),
    ] {
        let workspace = Workspace::new(Options::default());
        write(&workspace, "job_title = \"SRE\"");
        workspace.apply();
        let id = text(&workspace.state(IT)["id"]);
        let more = "first_name = \"Ann\"\ncontainer_id_assignments = [\"1002\"]";
        write_as(&workspace, "4", more);
        let fault = Fault::new("PUT", failing, FaultKind::status(403)).times(1);
        workspace.sim.fault(fault);
        let said = workspace.apply_fails();
        assert!(
            said.contains(&format!("Failed to update digicert_user {id}: HTTP 403 from `PUT")),
            "{said}"
        );

        let state = workspace.state(IT);
        assert_eq!(state["first_name"], "Ann");
        assert_eq!(state["job_title"], Value::Null);
        assert_eq!(
            (&state["access_role_id"], &state["container_id_assignments"]),
            (&json!(role_id), &limits)
        );
        assert_eq!(state["status"], "active", "what is computed stays");
        workspace.sim.take_requests();
        // Without a look at CertCentral: state itself must know how far it got.
        workspace.run(&["apply", "-auto-approve", "-refresh=false"]).succeeded();
        assert_eq!(workspace.writes(&id), rest);
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_profile_that_is_refused_changes_no_state() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "");
    workspace.apply();
    write_as(&workspace, "4", "first_name = \"Ann\"");
    workspace.sim.fault(Fault::new("PUT", "/user/*", FaultKind::status(400)).times(1));
    workspace.apply_fails();
    let state = workspace.state(IT);
    assert_eq!((&state["first_name"], &state["access_role_id"]), (&json!("Ana"), &json!("5")));
}

#[test]
fn single_sign_on_is_left_as_it_is_found_where_it_is_not_configured() {
    for omitted_saml_sso_only_resets in [false, true] {
        let workspace =
            Workspace::new(Options { omitted_saml_sso_only_resets, ..Options::default() });
        write(&workspace, "");
        workspace.apply();
        workspace.sim.with(|world| people(world, |it| it.is_saml_sso_only = true));
        workspace.assert_empty_plan();
        write(&workspace, "job_title = \"SRE\"");
        workspace.sim.take_requests();
        workspace.run(&["apply", "-auto-approve", "-refresh=false"]).succeeded();
        let mut calls = workspace.sim.requests();
        calls.retain(|it| it.path.starts_with("/user/"));
        let calls: Vec<_> = calls.into_iter().map(|it| it.method).collect();
        assert_eq!(calls, ["GET", "PUT"], "looked at just before");
        assert!(workspace.sim.with(|world| person(world).is_saml_sso_only));
        workspace.assert_empty_plan();

        // Configured and let go again: nothing is changed, and nothing needs a call.
        write(&workspace, "job_title = \"SRE\"\nis_saml_sso_only = false");
        workspace.apply();
        assert!(!workspace.sim.with(|world| person(world).is_saml_sso_only));
        write(&workspace, "job_title = \"SRE\"");
        workspace.sim.take_requests();
        workspace.apply();
        assert_eq!(workspace.writes(""), <[&str; 0]>::default());
        workspace.assert_empty_plan();
    }
}

#[test]
fn divisions_are_left_alone_where_they_are_left_out() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "");
    workspace.apply();
    assert_eq!(workspace.state(IT)["container_id_assignments"], Value::Null, "no limit");

    let empty = "container_id_assignments = []";
    write(&workspace, empty);
    workspace.sim.take_requests();
    let said = workspace.apply_fails();
    assert!(said.contains("an empty list as access to every container"), "{said}");
    assert!(said.contains(empty), "it points at the argument: {said}");
    assert!(workspace.sim.requests().is_empty(), "{said}");
    // One that is only known when it is applied is refused as well.
    workspace.write(&format!(
        "resource \"terraform_data\" \"none\" {{\n  input = []\n}}\n{}",
        block("5", "container_id_assignments = terraform_data.none.output")
    ));
    let said = workspace.apply_fails();
    assert!(said.contains("an empty list as access to every container"), "{said}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());

    write(&workspace, "container_id_assignments = [\"1003\", \"1002\"]");
    workspace.apply();
    workspace.assert_empty_plan();
    write(&workspace, "");
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(IT)["container_id_assignments"], json!(["1002", "1003"]));
    assert_eq!(
        workspace.sim.with(|world| person(world).container_assignments.clone()),
        [1002, 1003]
    );
    // Taken away elsewhere, they are null; nobody asked for them any more.
    workspace.sim.with(|world| people(world, |it| it.container_assignments.clear()));
    workspace.assert_empty_plan();
    workspace.apply();
    assert_eq!(workspace.state(IT)["container_id_assignments"], Value::Null);
}

#[test]
fn letter_case_beside_a_real_change_is_no_change() {
    for lower_case_emails in [false, true] {
        let workspace = Workspace::new(Options { lower_case_emails, ..Options::default() });
        write(&workspace, "");
        workspace.apply();
        let id = text(&workspace.state(IT)["id"]);
        workspace.sim.with(|world| people(world, |it| it.email = "ANA@example.com".into()));
        workspace.sim.take_requests();
        let more =
            "username = \"ANA@EXAMPLE.com\"\nemail = \"ana@EXAMPLE.com\"\njob_title = \"SRE\"";
        write(&workspace, more);
        let plan = workspace.assert_plan();
        assert!(plan.contains("+ job_title"), "{plan}");
        assert!(!plan.contains("~ email") && !plan.contains("~ username"), "{plan}");
        workspace.apply();
        let writes = workspace.writes(&id);
        assert_eq!(writes.len(), 1, "{writes:?}");
        workspace.assert_empty_plan();
    }
}

#[test]
fn every_problem_of_a_configuration_is_reported_before_any_call() {
    let workspace = Workspace::new(Options::default());
    let long = "x".repeat(129);
    workspace.write(&format!(
        r#"resource "digicert_user" "it" {{
          username       = "ana example"
          first_name     = ""
          last_name      = "{long}"
          email          = "ana"
          job_title      = "{long}"
          telephone      = "{long}"
          access_role_id = "Administrator"
          container_id   = "01"
        }}"#
    ));
    let said = workspace.apply_fails();
    for part in [
        "`username` may contain only letters, digits and the characters `@ . - _ +`; got \"ana example\"",
        "`first_name` must not be empty",
        "`last_name` must have at most 128 characters",
        "`email` must be an e-mail address",
        "`job_title` must have at most 64 characters",
        "`telephone` must have at most 64 characters",
        "`access_role_id` must be a numeric ID",
        "(and one more similar warning elsewhere)",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(workspace.sim.requests().is_empty());
}

#[test]
fn the_absence_of_a_user_from_another_account_drops_nothing() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "");
    workspace.apply();
    let id = text(&workspace.state(IT)["id"]);
    // As if the user had been made in account 100002.
    let own = std::fs::read(workspace.path("terraform.tfstate")).expect("there is a state");
    let private = json!("eyJhY2NvdW50X2lkIjoxMDAwMDJ9");
    workspace.edit_state("digicert_user", |it| it["private"] = private.clone());
    workspace.sim.with(ROW.removed.0);
    let said = unwrapped(&workspace.plan().text);
    assert!(said.contains("API key of another account"), "{said}");
    assert!(said.contains("configure a key of account 100002"), "{said}");
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-no-color"];
    let said = workspace.run(&destroy).failed();
    assert!(said.contains("API key of another account"), "{said}");
    assert_eq!(workspace.state(IT)["id"], id);
    std::fs::write(workspace.path("terraform.tfstate"), own).expect("the folder is ours");
    workspace.run(&destroy).succeeded();
}

#[test]
fn the_example_can_be_applied() {
    let workspace = Workspace::new(Options::default());
    let example = include_str!("../../examples/resources/digicert_user/resource.tf");
    workspace.write(example);
    workspace.apply();
    workspace.assert_empty_plan();
    workspace.forget("digicert_user.example");
    let import = include_str!("../../examples/resources/digicert_user/import-by-string-id.tf");
    std::fs::write(workspace.path("import.tf"), import).expect("the folder is ours");
    let said = workspace.apply();
    assert!(said.contains("1 imported, 0 added, 0 changed, 0 destroyed"), "{said}");
}

/// Writes a block for Ana, a Standard User; what `more` says wins.
fn write(workspace: &Workspace, more: &str) {
    write_as(workspace, "5", more);
}

fn write_as(workspace: &Workspace, role: &str, more: &str) {
    workspace.write(&block(role, more));
}

/// A block for Ana, with lines that stand for the defaults of the same name.
fn block(role: &str, more: &str) -> String {
    let defaults = [
        ("username", "Ana@example.com"),
        ("first_name", "Ana"),
        ("last_name", "Example"),
        ("email", "Ana@example.com"),
    ];
    let defaults = defaults
        .iter()
        .filter(|(name, _)| !more.lines().any(|line| line.starts_with(name)))
        .map(|(name, value)| format!("  {name} = {value:?}\n"));
    let defaults: String = defaults.collect();
    format!(
        "resource \"digicert_user\" \"it\" {{\n{defaults}  access_role_id = {role:?}\n{more}\n}}"
    )
}

/// Imports by command.
fn import(workspace: &Workspace, id: &str) -> Ran {
    workspace.run(&["import", "-input=false", "-no-color", IT, id])
}

/// Everybody but the administrator.
fn people(world: &mut World, change: impl FnMut(&mut User)) {
    world.users.values_mut().filter(|it| it.id != ADMINISTRATOR).for_each(change);
}

/// The one user beside the administrator.
fn person(world: &World) -> &User {
    let mut people = world.users.values().filter(|it| it.id != ADMINISTRATOR);
    let person = people.next().expect("a user was made");
    assert!(people.next().is_none(), "only one user was made");
    person
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

const IT: &str = "digicert_user.it";

/// The user whose key it is.
const ADMINISTRATOR: u64 = 110_001;
