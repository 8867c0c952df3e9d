//! Importing divisions, by ID and by name.

use certcentral_sim::Options;

use super::{IT, TYPE};
use crate::cli::Workspace;

fn import(workspace: &Workspace, id: &str) -> crate::cli::Ran {
    workspace.run(&["import", "-input=false", "-no-color", IT, id])
}

#[test]
fn a_division_is_imported_by_its_id_or_a_name_that_only_one_has() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Division One\"");
    for id in ["1002", "Division One"] {
        import(&workspace, id).succeeded();
        let state = workspace.state(IT);
        assert_eq!((&state["id"], &state["parent_id"]), (&"1002".into(), &"1001".into()));
        assert_eq!(state["deletion_protection"], true);
        workspace.assert_empty_plan();
        workspace.forget(IT);
    }
    workspace.sim.with(|world| {
        let mut twin = world.containers[&1002].clone();
        (twin.id, twin.parent_id) = (2001, 1003);
        world.containers.insert(2001, twin);
    });
    for (id, said) in [
        ("Division One", "several have it, with the IDs 1002, 2001"),
        ("division one", "no division with the ID or name \"division one\""),
        ("9", "no division with the ID or name \"9\""),
        ("1001", "Container 1001 is the root container of the account"),
        ("Example Parent", "no division with the ID or name"),
        ("0", "must be a numeric ID"),
        ("", "must be a numeric ID"),
    ] {
        let failed = import(&workspace, id).failed();
        assert!(failed.contains(said), "{id}: {failed}");
    }
}
