//! Creating an organization exactly once.

use certcentral_sim::{Fault, FaultKind, Options};

use super::{IT, LEAST, TYPE};
use crate::cli::{Workspace, unwrapped};

/// An existing organization, as an earlier run would have created it.
fn existing(workspace: &Workspace, address: &str) {
    workspace.sim.with(|world| {
        let mut twin = world.organizations[&300_002].clone();
        (twin.id, twin.name, twin.address) = (300_003, "NEW ORG".into(), address.into());
        (twin.zip, twin.city, twin.state) = ("84043".into(), "Lehi".into(), "UTAH".into());
        world.organizations.insert(300_003, twin);
    });
}

#[test]
fn the_same_name_and_address_is_an_error_with_an_import_block() {
    let workspace = Workspace::new(Options::default());
    existing(&workspace, "1 Example Street");
    workspace.write_block(TYPE, LEAST);
    let failed = workspace.apply_fails();
    assert!(failed.contains("Error: Organization already exists"), "{failed}");
    assert!(failed.contains("organization 300003 with this name and address"), "{failed}");
    assert!(failed.contains("to = digicert_organization.example id = \"300003\""), "{failed}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn the_same_name_alone_is_for_certcentral_to_judge() {
    let workspace = Workspace::new(Options::default());
    existing(&workspace, "2 Example Street");
    workspace.write_block(TYPE, LEAST);
    let failed = workspace.apply_fails();
    assert!(failed.contains("duplicate_organization"), "{failed}");
    let said = "Organizations with the same name as organization \"New Org\" exist: 300003";
    assert!(failed.contains(said) && failed.contains("id = \"300003\""), "{failed}");

    let options = Options { duplicate_organization_reused: true, ..Options::default() };
    let workspace = Workspace::new(options);
    existing(&workspace, "2 Example Street");
    workspace.write_block(TYPE, LEAST);
    let failed = workspace.apply_fails();
    assert!(failed.contains("Organization already exists"), "{failed}");
    assert!(failed.contains("returned it to the request"), "{failed}");
    assert!(workspace.state(IT).is_null(), "a destroy would delete it");
}

#[test]
fn of_two_alike_in_one_run_only_one_is_created() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, &format!("count = 2\n{LEAST}"));
    let failed = workspace.apply_fails();
    assert!(failed.contains("Organization already exists"), "{failed}");
    assert_eq!(workspace.sim.count("POST", "/organization"), 1);
}

#[test]
fn an_organization_whose_answer_was_lost_is_adopted_or_created_once() {
    for has_effect in [true, false] {
        let workspace = Workspace::new(Options::default());
        let block = format!("resource {TYPE:?} \"it\" {{\n{LEAST}\n}}");
        workspace.write(&format!("provider \"digicert\" {{\n  max_retries = 1\n}}\n{block}"));
        let fault = Fault::new("POST", "/organization", FaultKind::Reset).times(1);
        workspace.sim.fault(if has_effect { fault.with_effect() } else { fault });
        let applied = unwrapped(&workspace.apply());
        assert_eq!(applied.contains("Warning: Organization adopted"), has_effect, "{applied}");
        assert_eq!(workspace.sim.with(|world| world.organizations.len()), 3);
        workspace.assert_empty_plan();
    }
}

#[test]
fn an_organization_is_created_in_a_container_with_all_arguments() {
    let workspace = Workspace::new(Options::default());
    let more = "assumed_name = \"NO\"\naddress2 = \"Floor 2\"\ncontainer_id = \"1002\"\n";
    workspace.write_block(TYPE, &format!("{more}{LEAST}"));
    workspace.apply();
    workspace.assert_empty_plan();
    let state = workspace.state(IT);
    assert_eq!(state["display_name"], "New Org (NO)");
    assert_eq!((&state["container_id"], &state["country"]), (&"1002".into(), &"US".into()));
    workspace.sim.with(|world| {
        let created = world.organizations.values().last().expect("an organization");
        assert_eq!((created.container_id, created.address2.as_deref()), (1002, Some("Floor 2")));
    });
}

#[test]
fn all_problems_are_reported_before_any_request() {
    let workspace = Workspace::new(Options::default());
    let long = "n".repeat(60);
    let block = LEAST.replace("New Org", &long).replace("\"US\"", "\"USA\"");
    let more = "assumed_name = \"aa\"\nvalidation_types = [\"ev\", \"xx\"]\n";
    workspace.write_block(TYPE, &format!("{more}{block}"));
    let failed = workspace.apply_fails();
    for said in [
        "must have at most 61 characters together, but have 62",
        "must be a two-letter country code",
        "must be one of \"ov\", \"ev\", \"cs\", \"ev_cs\", \"ds\", \"smime\"",
        "`verified_user_ids` is required for the validation types \"ev\"",
    ] {
        assert!(failed.contains(said), "{said}: {failed}");
    }
    assert!(workspace.sim.requests().is_empty());
}
