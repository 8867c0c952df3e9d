//! `digicert_service_user`: life cycle, its first key, imports, and what it refuses.

mod key;

use certcentral_sim::{ContainerAssignments, Options, ServiceUsersPath, User, World};

use crate::cli::Workspace;
use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_service_user",
    create: (
        "email = \"CI@example.com\"\nkey_name = \"first\"",
        &[r#"POST /user {"api_name":"first","email":"CI@example.com","is_api_only":true}"#],
    ),
    updates: &[
        (
            "email = \"pipeline@example.com\"\nkey_name = \"first\"",
            &[r#"PUT /user/{id} {"email":"pipeline@example.com"}"#],
        ),
        (
            "email = \"Pipeline@example.com\"\nkey_name = \"first\"\ncontainer_id_assignments = [\"1003\", \"1002\"]",
            &[
                r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1002","1003"]}"#,
            ],
        ),
        (
            "email = \"both@example.com\"\nkey_name = \"first\"\nunrestricted_container_access = true",
            &[
                r#"PUT /user/{id} {"email":"both@example.com"}"#,
                r#"PUT /user/{id}/container-assignments {"container_id_assignments":[]}"#,
            ],
        ),
        (LAST, &[r#"PUT /user/{id}/container-assignments {"container_id_assignments":["1002"]}"#]),
    ],
    respelled: "email = \"BOTH@example.com\"\nkey_name = \"first\"\ncontainer_id_assignments = [\"1002\"]",
    drift: &[
        ("email", |world| services(world, |user| user.email = "drifted@example.com".into())),
        ("container_id_assignments", |world| {
            services(world, |user| user.container_assignments = vec![1003]);
        }),
    ],
    unnoticed: &[
        |world| services(world, |user| user.status = "locked".into()),
        |world| services(world, |user| user.email = user.email.to_uppercase()),
    ],
    removed: (|world| world.users.retain(|_, user| !user.is_api_only), "removed from the state"),
    import_id: |state| state["email"].as_str().expect("an address").to_owned(),
    after_import: &[],
    lost_attribute: "status",
    destroy: &["DELETE /user/{id}"],
    left_behind: None,
};

const LAST: &str =
    "email = \"both@example.com\"\nkey_name = \"first\"\ncontainer_id_assignments = [\"1002\"]";

fn services(world: &mut World, change: impl Fn(&mut User)) {
    world.users.values_mut().filter(|user| user.is_api_only).for_each(change);
}

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
        service_users_path: ServiceUsersPath::ServiceUser,
        service_user_list_has_assignments: false,
        user_list_has_service_users: true,
        key_list_has_revoked: false,
        key_list_user_filter: false,
        new_users_inherit_limits: true,
        ..respelled()
    });
}

#[test]
fn many_are_refreshed_by_the_pages_of_one_list() {
    let workspace = Workspace::new(Options { page_limit_max: 10, ..Options::default() });
    workspace.write(
        r#"
        resource "digicert_service_user" "it" {
          for_each = toset([for n in range(25) : "ci${n}@example.com"])
          email    = each.key
          key_name = "first"
        }
        data "digicert_service_users" "all" {
          depends_on = [digicert_service_user.it]
        }"#,
    );
    workspace.apply();
    workspace.sim.take_requests();
    workspace.assert_empty_plan();
    let requests = workspace.sim.take_requests();
    let pages = requests.iter().filter(|it| it.path == "/user/api-only").count();
    let singles = requests.iter().filter(|it| it.path.starts_with("/user/5")).count();
    assert!(pages == 3 && singles <= 4, "{pages} pages and {singles} single reads");
}

#[test]
fn a_row_without_containers_is_not_taken_for_a_user_without_limits() {
    let options = Options { service_user_list_has_assignments: false, ..Options::default() };
    let workspace = Workspace::new(options);
    workspace.write(
        r#"
        resource "digicert_service_user" "unlimited" {
          email    = "a@example.com"
          key_name = "first"
        }
        resource "digicert_service_user" "limited" {
          email                    = "b@example.com"
          key_name                 = "first"
          container_id_assignments = ["1002"]
        }"#,
    );
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn an_import_names_one_service_user() {
    let workspace = Workspace::new(Options::default());
    workspace.write(
        r#"
        resource "digicert_service_user" "it" {
          for_each = toset(["a", "b"])
          email    = "shared@example.com"
          key_name = each.key
        }"#,
    );
    workspace.apply();
    let ids: Vec<_> = workspace
        .sim
        .with(|world| world.users.values().filter(|it| it.is_api_only).map(|it| it.id).collect());
    workspace
        .write_block("digicert_service_user", "email = \"shared@example.com\"\nkey_name = \"a\"");
    let import = |id: &str| workspace.run(&["import", "-no-color", "digicert_service_user.it", id]);
    let text = import("shared@example.com").failed();
    assert!(text.contains("must match exactly one service user"), "{text}");
    for id in ["110001", "4", "nobody@example.com"] {
        let text = import(id).failed();
        assert!(text.contains("Error: Service user not found"), "{id}: {text}");
    }
    assert_eq!(ids.len(), 2);
}

#[test]
fn the_service_user_of_the_key_in_use_is_not_destroyed() {
    let mut workspace = Workspace::new(Options::default());
    let block = "email = \"ci@example.com\"\nkey_name = \"first\"";
    workspace.write_block("digicert_service_user", block);
    workspace.apply();
    let state = workspace.state("digicert_service_user.it");
    assert_eq!(state["key_id"], "700002");
    workspace.set("DIGICERT_API_KEY", state["api_key"].as_str().expect("a key"));
    let text = workspace.run(&["plan", "-no-color", "-destroy"]).failed();
    assert!(text.contains("API key of the provider"), "{text}");
}

#[test]
fn arguments_of_the_first_key_cannot_be_changed() {
    let workspace = Workspace::new(Options::default());
    let block = |name: &str| format!("email = \"ci@example.com\"\nkey_name = {name:?}");
    workspace.write_block("digicert_service_user", &block("first"));
    workspace.apply();
    workspace.write_block("digicert_service_user", &block("second"));
    let text = workspace.run(&["plan", "-no-color"]).failed();
    assert!(text.contains("`key_name` cannot be changed after creation"), "{text}");
    assert!(text.contains("add a digicert_api_key resource"), "{text}");
}
