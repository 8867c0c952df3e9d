//! `digicert_division` through the real CLI: one life, and what its steps leave behind.

mod create;
mod destroy;
mod import;

use certcentral_sim::{Container, ContainerActivatePath, Fault, FaultKind, Options, World};
use serde_json::json;

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::respelled;
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: TYPE,
    create: (
        "name = \"Sales\"\ndeletion_protection = false",
        &[r#"POST /container/1001/children {"name":"Sales","template_id":6}"#],
    ),
    updates: &[
        (
            r#"
            name                = "Sales EMEA"
            description         = "Field sales"
            deletion_protection = false"#,
            &[r#"PUT /container/{id} {"description":"Field sales","name":"Sales EMEA"}"#],
        ),
        (
            r#"
            name                = "Sales EMEA"
            deletion_protection = false"#,
            &[r#"PUT /container/{id} {"description":"","name":"Sales EMEA"}"#],
        ),
        (
            r#"
            name                 = "Sales"
            allowed_domain_names = ["b.example", "a.example"]
            deletion_protection  = false"#,
            &[
                r#"PUT /container/{id} {"name":"Sales"}"#,
                r#"PUT /container/{id}/allowed-domain-names {"allowed_domain_names":["a.example","b.example"]}"#,
            ],
        ),
        // What is omitted is not changed.
        (
            r#"
            name                = "Sales"
            organization_ids    = ["300002", "300001"]
            deletion_protection = false"#,
            &[
                r#"PUT /container/{id}/organization-assignments {"organization_id_assignments":[300001,300002]}"#,
            ],
        ),
        (
            r#"
            name                 = "Sales"
            allowed_domain_names = []
            organization_ids     = []
            deletion_protection  = false"#,
            &[
                r#"PUT /container/{id}/allowed-domain-names {"allowed_domain_names":[]}"#,
                r#"PUT /container/{id}/organization-assignments {"organization_id_assignments":[]}"#,
            ],
        ),
        (
            WHOLE,
            &[
                r#"PUT /container/{id} {"description":"All","name":"Sales"}"#,
                r#"PUT /container/{id}/allowed-domain-names {"allowed_domain_names":["a.example","b.example"]}"#,
                r#"PUT /container/{id}/organization-assignments {"organization_id_assignments":[300001]}"#,
            ],
        ),
    ],
    respelled: r#"
        name                 = "Sales"
        parent_id            = "1001"
        template_id          = "6"
        description          = "All"
        allowed_domain_names = ["B.example", "A.EXAMPLE"]
        organization_ids     = ["300001"]
        deletion_protection  = false"#,
    drift: &[
        ("name", |world| division(world, |it| it.name = "Drifted".into())),
        ("description", |world| division(world, |it| it.description = Some("Drifted".into()))),
        ("description", |world| division(world, |it| it.description = None)),
        ("allowed_domain_names", |world| division(world, |it| it.allowed_domain_names = None)),
        ("organization_ids", |world| {
            division(world, |it| it.organization_assignments = vec![300_002]);
        }),
        ("organization_ids", |world| division(world, |it| it.organization_assignments.clear())),
        ("is_active", |world| division(world, |it| it.is_active = false)),
    ],
    unnoticed: &[
        |world| {
            division(world, |it| {
                let domains = it.allowed_domain_names.iter_mut().flatten();
                domains.for_each(|domain| domain.make_ascii_uppercase());
            });
        },
        |world| division(world, |it| it.ekey = "other".into()),
        |world| division(world, |it| it.template_id = 5),
    ],
    removed: (|world| world.containers.retain(|id, _| *id <= 1003), "removed from the state"),
    import_id: |state| state["name"].as_str().expect("a name").to_owned(),
    after_import: &[],
    lost_attribute: "public_id",
    destroy: &["PUT /container/{id}/deactivate"],
    left_behind: Some("Division is deactivated"),
};

const WHOLE: &str = r#"
    name                 = "Sales"
    description          = "All"
    allowed_domain_names = ["a.example", "b.example"]
    organization_ids     = ["300001"]
    deletion_protection  = false"#;

#[test]
fn division_lifecycle() {
    ROW.live(Options { empty_container_description_clears: true, ..Options::default() });
}

#[test]
fn division_lifecycle_where_the_api_answers_otherwise() {
    ROW.live(Options {
        bare_not_found: true,
        account_has_undocumented_fields: false,
        container_created_with_ok: true,
        container_assigned_with_ok: true,
        container_list_has_details: false,
        empty_list_for_all_domains: true,
        container_names_unique: true,
        omitted_container_description_clears: true,
        empty_container_description_clears: true,
        container_activate_path: ContainerActivatePath::Active,
        ..respelled()
    });
}

#[test]
fn a_description_that_cannot_be_cleared_is_an_error_that_keeps_it() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"\ndescription = \"Field sales\"");
    workspace.apply();
    workspace.write_block(TYPE, "name = \"Sales\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Cannot update digicert_division"), "{failed}");
    assert!(failed.contains("HTTP 400 from `PUT container/500001`"), "{failed}");
    assert_eq!(workspace.state(IT)["description"], "Field sales");
}

#[test]
fn a_division_that_was_deactivated_stays_in_the_state_and_the_plan_activates_it() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"");
    workspace.apply();
    let id = workspace.state(IT)["id"].as_str().expect("an ID").to_owned();
    workspace.sim.with(|world| division(world, |it| it.is_active = false));
    let plan = workspace.assert_plan();
    assert!(plan.contains("~ is_active   ") || plan.contains("~ is_active "), "{plan}");
    assert!(plan.contains("false -> true"), "{plan}");
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(&id), ["PUT /container/{id}/activate"]);
    workspace.assert_empty_plan();
}

#[test]
fn state_advances_with_each_step_of_an_update() {
    let containers = "/container/*";
    for (failing, after, reached) in [
        (containers, 0, json!(["Sales", null, []])),
        ("/container/*/allowed-domain-names", 0, json!(["Other", null, []])),
        ("/container/*/organization-assignments", 0, json!(["Other", ["a.example"], []])),
    ] {
        let workspace = Workspace::new(Options::default());
        workspace.write_block(TYPE, "name = \"Sales\"");
        workspace.apply();
        let fault = Fault::new("PUT", failing, FaultKind::status(403)).after(after).times(1);
        workspace.sim.fault(fault);
        let after = "name = \"Other\"\nallowed_domain_names = [\"a.example\"]\norganization_ids = [\"300001\"]";
        workspace.write_block(TYPE, after);
        let failed = workspace.apply_fails();
        assert!(failed.contains("Changes that were made before remain in effect"), "{failed}");
        let state = workspace.state(IT);
        assert_eq!(
            json!([state["name"], state["allowed_domain_names"], state["organization_ids"]]),
            reached
        );
        workspace.apply();
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_template_cannot_be_changed_and_another_parent_replaces_the_division() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"\ndeletion_protection = false");
    workspace.apply();
    workspace.write_block(TYPE, "name = \"Sales\"\ntemplate_id = \"5\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Argument cannot be changed"), "{failed}");
    assert!(failed.contains("cannot change the template of a division"), "{failed}");

    let moved = "name = \"Sales\"\nparent_id = \"1002\"\n";
    let first = workspace.state(IT)["id"].clone();
    workspace.write_block(TYPE, &format!("{moved}deletion_protection = false"));
    let plan = workspace.assert_plan();
    assert!(plan.contains("must be replaced"), "{plan}");
    workspace.apply();
    workspace.assert_empty_plan();
    assert_ne!(workspace.state(IT)["id"], first);

    workspace.write_block(TYPE, moved);
    workspace.apply();
    workspace.write_block(TYPE, &moved.replace("1002", "1003"));
    let failed = unwrapped(&workspace.plan().text);
    assert!(failed.contains("Object protected from deletion"), "{failed}");
}

/// Changes the one division that the test created.
fn division(world: &mut World, change: impl FnMut(&mut Container)) {
    world.containers.values_mut().filter(|it| it.id > 1003).for_each(change);
}

const TYPE: &str = "digicert_division";

const IT: &str = "digicert_division.it";
