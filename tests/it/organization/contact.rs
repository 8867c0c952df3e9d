//! The contact of a new organization, which is never compared afterwards.

use certcentral_sim::Options;

use super::{IT, LEAST, TYPE};
use crate::cli::Workspace;

#[test]
fn a_contact_is_required_to_create_and_not_to_import() {
    let workspace = Workspace::new(Options::default());
    let without = LEAST.split("organization_contact").next().expect("the arguments before it");
    workspace.write_block(TYPE, without);
    let failed = workspace.apply_fails();
    assert!(failed.contains("Error: Missing organization contact"), "{failed}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());

    let existing = without
        .replace("New Org", "Example Second Org")
        .replace("84043", "00001")
        .replace("Lehi", "Exampleville")
        .replace("Utah", "Minnesota");
    workspace.write_block(TYPE, &existing);
    workspace.run(&["import", "-no-color", IT, "300002"]).succeeded();
    workspace.apply();
    workspace.assert_empty_plan();
    assert!(workspace.state(IT)["organization_contact"].is_null());
}

#[test]
fn an_edit_of_the_contact_plans_nothing() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, LEAST);
    workspace.apply();
    workspace.write_block(TYPE, &LEAST.replace("\"Ana\"", "\"Bo\"").replace("ana@", "bo@"));
    workspace.assert_empty_plan();
    // Its contacts are managed by the other resource, which does not disturb this one.
    workspace.write(&format!(
        "resource {TYPE:?} \"it\" {{\n{LEAST}\n}}\n\
         resource \"digicert_organization_contacts\" \"it\" {{\n  organization_id = {IT}.id\n  \
         organization_contact {{\n    first_name = \"Cy\"\n    last_name = \"Example\"\n    \
         email = \"cy@example.com\"\n  }}\n}}"
    ));
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn a_value_of_the_contact_that_is_added_or_removed_is_saved_without_a_request() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, LEAST);
    workspace.apply();
    let titled = LEAST.replace("email =", "job_title = \"SRE\"\nemail =");
    for block in [&*titled, LEAST] {
        workspace.write_block(TYPE, block);
        workspace.assert_plan();
        workspace.sim.take_requests();
        workspace.apply();
        assert_eq!(workspace.writes(""), <[&str; 0]>::default());
        workspace.assert_empty_plan();
    }
}
