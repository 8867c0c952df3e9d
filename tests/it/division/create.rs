//! Creating a division: names that exist, templates, and steps that fail.

use certcentral_sim::{Container, ContainerTemplate, Fault, FaultKind, Options};

use super::{IT, TYPE};
use crate::cli::{Workspace, unwrapped};

#[test]
fn a_name_that_exists_is_an_error_with_an_import_block() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Division One\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Error: Division already exists"), "{failed}");
    assert!(failed.contains("division 1002 with this name"), "{failed}");
    assert!(failed.contains("to = digicert_division.example id = \"1002\""), "{failed}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    // The same name below another container is another division's.
    workspace.write_block(TYPE, "name = \"Division One\"\nparent_id = \"1003\"");
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn an_inactive_division_is_imported_and_activated() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.with(|world| {
        world.containers.get_mut(&1002).expect("a division").is_active = false;
    });
    let block = "name = \"Division One\"\ndescription = \"Again\"";
    workspace.write_block(TYPE, block);
    let failed = workspace.apply_fails();
    assert!(failed.contains("the inactive division 1002"), "{failed}");
    assert!(failed.contains("The apply after the import activates it"), "{failed}");

    let import = format!("import {{\n to = {IT}\n id = \"1002\"\n}}");
    workspace.write(&format!("{import}\nresource {TYPE:?} \"it\" {{\n{block}\n}}"));
    workspace.sim.take_requests();
    workspace.apply();
    let writes = [
        "PUT /container/{id}/activate",
        r#"PUT /container/{id} {"description":"Again","name":"Division One"}"#,
    ];
    assert_eq!(workspace.writes("1002"), writes);
    workspace.assert_empty_plan();
}

#[test]
fn of_two_alike_in_one_run_only_one_is_created() {
    let workspace = Workspace::new(Options::default());
    workspace.write(&format!("resource {TYPE:?} \"it\" {{\n  count = 2\n  name  = \"Sales\"\n}}"));
    let failed = workspace.apply_fails();
    assert!(failed.contains("Division already exists"), "{failed}");
    assert_eq!(workspace.sim.count("POST", "/container/1001/children"), 1);
}

#[test]
fn the_template_is_the_business_unit_or_the_only_one_or_chosen() {
    for (children, argument, expected) in [
        (&[(8, "Other"), (9, "Business Unit")][..], "", Some("9")),
        (&[(8, "Other")], "", Some("8")),
        (&[(8, "Other"), (9, "Another")], "", None),
        (&[(8, "Other"), (9, "Another")], "template_id = \"8\"", Some("8")),
    ] {
        let workspace = Workspace::new(Options::default());
        workspace.sim.with(|world| {
            let ids = children.iter().map(|(id, _)| *id).collect();
            let root = world.container_templates.get_mut(&Container::ROOT_TEMPLATE);
            root.expect("a template").child_template_ids = ids;
            let known = world.container_templates[&Container::DIVISION_TEMPLATE].clone();
            let new = children.iter().map(|(id, name)| {
                (*id, ContainerTemplate { id: *id, name: (*name).into(), ..known.clone() })
            });
            world.container_templates.extend(new);
        });
        workspace.write_block(TYPE, &format!("name = \"Sales\"\n{argument}"));
        let Some(expected) = expected else {
            let failed = workspace.apply_fails();
            assert!(failed.contains("Template of the division unclear"), "{failed}");
            assert!(failed.contains("- 8: \"Other\" - 9: \"Another\""), "{failed}");
            assert!(failed.contains("Set `template_id`"), "{failed}");
            continue;
        };
        workspace.apply();
        assert_eq!(workspace.state(IT)["template_id"], expected);
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_container_that_is_not_there_and_an_account_without_divisions_are_named() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"\nparent_id = \"9\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Error: Container not found"), "{failed}");
    assert!(
        failed.contains("Container 9 was not found") && failed.contains("`parent_id`"),
        "{failed}"
    );

    let workspace = Workspace::new(Options { divisions_enabled: false, ..Options::default() });
    workspace.write_block(TYPE, "name = \"Sales\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("Divisions may not be enabled for this account"), "{failed}");
}

#[test]
fn a_name_that_certcentral_takes_for_the_same_is_explained() {
    let options = Options { container_names_unique: true, ..Options::default() };
    let workspace = Workspace::new(options);
    workspace.write_block(TYPE, "name = \"division one\"");
    let failed = workspace.apply_fails();
    assert!(failed.contains("container_name_exists"), "{failed}");
    assert!(failed.contains("A division with this name in other letter case"), "{failed}");
}

#[test]
fn a_later_step_that_fails_is_a_warning_and_the_next_plan_shows_the_difference() {
    let workspace = Workspace::new(Options::default());
    let block =
        "name = \"Sales\"\nallowed_domain_names = [\"a.example\"]\norganization_ids = [\"300001\"]";
    workspace.write_block(TYPE, block);
    for path in ["/container/*/allowed-domain-names", "/container/*/organization-assignments"] {
        workspace.sim.fault(Fault::new("PUT", path, FaultKind::status(403)).times(1));
    }
    let applied = unwrapped(&workspace.apply());
    for attribute in ["allowed_domain_names", "organization_ids"] {
        let said = format!("- `{attribute}`: HTTP 403 from");
        assert!(applied.contains(&said), "{applied}");
    }
    assert_eq!(workspace.state(IT)["organization_ids"][0], "300001", "as planned");
    let plan = workspace.assert_plan();
    assert!(plan.contains("allowed_domain_names") && plan.contains("organization_ids"), "{plan}");
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn a_division_whose_answer_was_lost_is_adopted_or_created_once() {
    let block = "provider \"digicert\" {\n  max_retries = 1\n}\n\
                 resource \"digicert_division\" \"it\" {\n  name        = \"Sales\"\n  description = \"x\"\n}";
    for has_effect in [true, false] {
        let workspace = Workspace::new(Options::default());
        workspace.write(block);
        let fault = Fault::new("POST", "/container/*/children", FaultKind::Reset).times(1);
        workspace.sim.fault(if has_effect { fault.with_effect() } else { fault });
        let applied = unwrapped(&workspace.apply());
        assert_eq!(applied.contains("Warning: Division adopted"), has_effect, "{applied}");
        assert_eq!(workspace.sim.with(|world| world.containers.len()), 4);
        workspace.assert_empty_plan();
    }
}
