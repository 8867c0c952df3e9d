//! Limits to containers: unrestricted access, unknown elements, and what a new role leaves in place.

use certcentral_sim::{ContainerAssignments, Fault, FaultKind, Options};
use serde_json::{Value, json};

use super::{ADMINISTRATOR, IT, block, people, person, text, write, write_as};
use crate::cli::{Workspace, unwrapped};
use crate::fixtures::respelled;

const LIMITED: &str = "container_id_assignments = [\"1002\"]";
const UNRESTRICTED: &str = "unrestricted_container_access = true";
const LIFTS: &str = r#"PUT /user/{id}/container-assignments {"container_id_assignments":[]}"#;

fn limits(workspace: &Workspace) -> Vec<u64> {
    workspace.sim.with(|world| person(world).container_assignments.clone())
}

#[test]
fn unrestricted_access_removes_every_limit_and_keeps_it_removed() {
    for options in [
        Options::default(),
        Options { container_assignments: ContainerAssignments::Ids, ..respelled() },
    ] {
        let workspace = Workspace::new(options);
        write(&workspace, LIMITED);
        workspace.apply();
        let id = text(&workspace.state(IT)["id"]);
        workspace.sim.take_requests();

        write(&workspace, UNRESTRICTED);
        let plan = workspace.assert_plan();
        assert!(plan.contains("- container_id_assignments"), "{plan}");
        workspace.apply();
        assert_eq!(workspace.writes(&id), [LIFTS]);
        workspace.assert_empty_plan();
        assert_eq!(workspace.state(IT)["container_id_assignments"], Value::Null);

        workspace.sim.with(|world| people(world, |it| it.container_assignments = vec![1003]));
        let plan = workspace.assert_plan();
        assert!(plan.contains("~ unrestricted_container_access = false -> true"), "{plan}");
        workspace.apply();
        assert_eq!(workspace.writes(&id), [LIFTS]);
        assert_eq!(limits(&workspace), [0; 0]);
        workspace.assert_empty_plan();

        // Left out or false, nothing is sent, and limits set elsewhere are nobody's business.
        for more in ["", "unrestricted_container_access = false"] {
            write(&workspace, more);
            workspace.apply();
            workspace.sim.with(|world| people(world, |it| it.container_assignments = vec![1003]));
            workspace.assert_empty_plan();
            workspace.sim.with(|world| people(world, |it| it.container_assignments.clear()));
            workspace.assert_empty_plan();
            assert_eq!(workspace.writes(&id), <[&str; 0]>::default(), "{more}");
        }
        write(&workspace, &format!("{LIMITED}\nunrestricted_container_access = false"));
        workspace.apply();
        assert_eq!(limits(&workspace), [1002]);
        workspace.assert_empty_plan();
    }
}

#[test]
fn a_new_user_is_unrestricted_even_where_limits_are_inherited() {
    for new_users_inherit_limits in [false, true] {
        let workspace = Workspace::new(Options { new_users_inherit_limits, ..Options::default() });
        workspace.sim.with(|world| {
            let administrator = world.users.get_mut(&ADMINISTRATOR).expect("it is there");
            administrator.container_assignments = vec![1002];
        });
        write(&workspace, UNRESTRICTED);
        workspace.apply();
        let writes = workspace.writes("");
        assert!(writes[0].contains(r#""container_id_assignments":[]"#), "{writes:?}");
        assert_eq!(writes.len(), 1 + usize::from(new_users_inherit_limits), "{writes:?}");
        assert_eq!(limits(&workspace), [0; 0]);
        workspace.assert_empty_plan();
    }
}

#[test]
fn limits_of_a_new_user_that_cannot_be_removed_are_removed_by_the_next_apply() {
    let options = Options { new_users_inherit_limits: true, ..Options::default() };
    let workspace = Workspace::new(options);
    workspace.sim.with(|world| {
        let administrator = world.users.get_mut(&ADMINISTRATOR).expect("it is there");
        administrator.container_assignments = vec![1002];
    });
    let refused = FaultKind::status(403);
    workspace.sim.fault(Fault::new("PUT", "/user/*/container-assignments", refused).times(1));
    write(&workspace, UNRESTRICTED);
    let said = unwrapped(&workspace.apply());
    assert!(said.contains("Warning: User stays limited"), "{said}");
    assert!(said.contains("removing them failed: HTTP 403 from `PUT user/"), "{said}");
    assert_eq!(workspace.state(IT)["unrestricted_container_access"], true);
    assert_eq!(limits(&workspace), [1002]);
    workspace.assert_plan();
    workspace.apply();
    assert_eq!(limits(&workspace), [0; 0]);
    workspace.assert_empty_plan();
    assert_eq!(workspace.sim.count("POST", "/user"), 1);
}

#[test]
fn unrestricted_access_and_limits_exclude_each_other() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, &format!("{LIMITED}\n{UNRESTRICTED}"));
    let said = workspace.apply_fails();
    assert!(said.contains("Error: Conflicting arguments"), "{said}");
    assert!(
        said.contains("Remove one of the two arguments") && said.contains(UNRESTRICTED),
        "{said}"
    );
    assert!(workspace.sim.requests().is_empty());

    // What is only known in the apply is judged there.
    let late = |more: &str| {
        workspace.write(&format!(
            "resource \"terraform_data\" \"late\" {{\n  input = true\n}}\n{}",
            block("5", more)
        ));
    };
    late(&format!("{LIMITED}\nunrestricted_container_access = terraform_data.late.output"));
    let said = workspace.apply_fails();
    assert!(said.contains("Error: Conflicting arguments"), "{said}");
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
}

#[test]
fn unrestricted_access_that_is_only_known_in_the_apply_can_be_planned() {
    for (known, left) in [(true, json!(null)), (false, json!(["1002"]))] {
        let workspace = Workspace::new(Options::default());
        write(&workspace, LIMITED);
        workspace.apply();
        workspace.write(&format!(
            "resource \"terraform_data\" \"late\" {{\n  input = {known}\n}}\n{}",
            block("5", "unrestricted_container_access = terraform_data.late.output")
        ));
        workspace.apply();
        assert_eq!(workspace.state(IT)["container_id_assignments"], left);
        workspace.assert_empty_plan();
    }
}

#[test]
fn limits_with_several_unknown_elements_can_be_planned() {
    let workspace = Workspace::new(Options::default());
    let write_limits = |limits: &str| {
        workspace.write(&format!(
            "resource \"terraform_data\" \"a\" {{\n  input = \"1002\"\n}}\n\
             resource \"terraform_data\" \"b\" {{\n  input = \"1003\"\n}}\n{}",
            block("5", &format!("container_id_assignments = {limits}"))
        ));
    };
    write_limits("[terraform_data.a.id, terraform_data.b.id]");
    workspace.assert_plan();
    write_limits("[terraform_data.a.output, terraform_data.b.output]");
    workspace.apply();
    assert_eq!(limits(&workspace), [1002, 1003]);
    workspace.assert_empty_plan();

    // The same for a user that exists, next to an element that is known.
    write(&workspace, LIMITED);
    workspace.apply();
    write_limits("[terraform_data.a.id, terraform_data.b.id, \"1002\"]");
    workspace.assert_plan();
    write_limits("[\"1001\", terraform_data.a.output, terraform_data.b.output]");
    workspace.apply();
    assert_eq!(limits(&workspace), [1001, 1002, 1003]);
    workspace.assert_empty_plan();
}

#[test]
fn a_promoted_user_whose_limits_stay_is_warned_of() {
    let workspace = Workspace::new(Options::default());
    write_as(&workspace, "2", LIMITED);
    workspace.apply();
    let plan = |role, more: &str| {
        write_as(&workspace, role, more);
        unwrapped(&workspace.assert_plan())
    };
    let warning =
        "stays limited to the containers [\"1002\"], because `container_id_assignments` is not";
    assert!(plan("5", "").contains(warning), "{}", plan("5", ""));
    for (role, more) in [("5", LIMITED), ("5", UNRESTRICTED), ("2", "job_title = \"SRE\"")] {
        let plan = plan(role, more);
        assert!(!plan.contains("User stays limited"), "{role} {more}: {plan}");
    }
}
