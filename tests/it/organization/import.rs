//! Importing organizations, by ID and by name.

use certcentral_sim::Options;

use super::{IT, LEAST, TYPE};
use crate::cli::{Ran, Workspace};

fn import(workspace: &Workspace, id: &str) -> Ran {
    workspace.run(&["import", "-input=false", "-no-color", IT, id])
}

#[test]
fn an_organization_is_imported_by_its_id_or_a_name_that_only_one_has() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, LEAST);
    for id in ["300002", "Example Second Org"] {
        import(&workspace, id).succeeded();
        let state = workspace.state(IT);
        assert_eq!((&state["id"], &state["city"]), (&"300002".into(), &"Exampleville".into()));
        assert_eq!(state["deletion_protection"], true);
        assert!(state["validation_types"].is_null() && state["verified_user_ids"].is_null());
        workspace.forget(IT);
    }
    workspace.sim.with(|world| {
        let mut twin = world.organizations[&300_002].clone();
        twin.id = 300_003;
        world.organizations.insert(300_003, twin);
    });
    for (id, said) in [
        ("Example Second Org", "several have it, with the IDs 300002, 300003"),
        ("example org llc", "no organization with the ID or name \"example org llc\""),
        ("9", "no organization with the ID or name \"9\""),
        ("0", "must be a numeric ID"),
        ("", "must be a numeric ID"),
    ] {
        let failed = import(&workspace, id).failed();
        assert!(failed.contains(said), "{id}: {failed}");
    }
}
