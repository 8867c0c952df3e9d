//! Destroying divisions: what goes with them, and the protection.

use certcentral_sim::Options;

use super::{IT, TYPE};
use crate::cli::{Workspace, unwrapped};

#[test]
fn a_destroy_names_the_divisions_that_are_deactivated_too() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"\ndeletion_protection = false");
    workspace.apply();
    let id: u64 = workspace.state(IT)["id"].as_str().and_then(|it| it.parse().ok()).expect("an ID");
    workspace.sim.with(|world| {
        for (child, parent) in [(2001, id), (2002, 2001), (2003, id)] {
            let mut container = world.containers[&1002].clone();
            (container.id, container.parent_id) = (child, parent);
            container.name = format!("Below {child}");
            container.is_active = child != 2003;
            world.containers.insert(child, container);
        }
    });
    let said = format!(
        "Division {id} (\"Sales\") is deactivated and removed from the state. The 2 divisions below it are \
         deactivated, too: 2001 (\"Below 2001\"), 2002 (\"Below 2002\")."
    );
    let plan = unwrapped(&workspace.run(&["plan", "-destroy", "-no-color"]).succeeded());
    assert!(plan.contains(&said), "{plan}");
    let applied = unwrapped(&workspace.destroy());
    assert!(applied.contains(&said), "{applied}");
    workspace.sim.with(|world| {
        assert!([id, 2001, 2002].iter().all(|id| !world.containers[id].is_active));
        assert!(world.containers[&1002].is_active);
    });

    // Another one of the same name cannot be created, as the error says.
    let failed = workspace.apply_fails();
    assert!(failed.contains("the inactive division"), "{failed}");
}

#[test]
fn a_division_is_protected_from_deletion() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, "name = \"Sales\"");
    workspace.apply();
    let failed = workspace.run(&["plan", "-destroy", "-no-color"]).failed();
    assert!(failed.contains("Object protected from deletion"), "{failed}");
    assert!(failed.contains("a destroy deactivates it and all divisions below it"), "{failed}");
    assert!(!failed.contains("Division is deactivated"), "nothing happens: {failed}");
    // One that is gone is removed from the state all the same: it can be created again.
    workspace.sim.with(|world| world.containers.retain(|id, _| *id <= 1003));
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains("Object not found") && plan.contains("1 to add"), "{plan}");
}
