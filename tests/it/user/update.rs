//! Updates that end halfway: what state has then, and what is said.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::Value;

use super::{IT, ROW, text, write, write_as};
use crate::cli::Workspace;

#[test]
fn an_update_of_a_user_deleted_meanwhile_names_the_next_step() {
    for (more, call) in [("", "/role"), ("job_title = \"SRE\"\nis_saml_sso_only = false", "")] {
        let workspace = Workspace::new(Options::default());
        write(&workspace, "");
        workspace.apply();
        let id = text(&workspace.state(IT)["id"]);
        write_as(&workspace, "4", more);
        workspace.run(&["plan", "-out=saved", "-no-color"]).succeeded();
        workspace.sim.with(ROW.removed.0);
        let said = workspace.run(&["apply", "-no-color", "saved"]).failed();
        assert!(said.contains(&format!("HTTP 404 from `PUT user/{id}{call}`")), "{said}");
        assert!(said.contains("Run the plan again: the refresh removes the user"), "{said}");
        let said = workspace.apply();
        assert!(said.contains("1 added, 0 changed"), "{said}");
    }
}

#[test]
fn limits_that_could_not_be_removed_stay_in_the_state() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, "container_id_assignments = [\"1002\"]");
    workspace.apply();
    let id = text(&workspace.state(IT)["id"]);
    write_as(&workspace, "4", "first_name = \"Ann\"\nunrestricted_container_access = true");
    let refused = FaultKind::status(403);
    workspace.sim.fault(Fault::new("PUT", "/user/*/container-assignments", refused).times(1));
    workspace.apply_fails();
    let state = workspace.state(IT);
    assert_eq!((&state["first_name"], &state["access_role_id"]), (&"Ann".into(), &"4".into()));
    assert_eq!(state["container_id_assignments"], Value::from(vec!["1002"]));
    assert_eq!(state["unrestricted_container_access"], Value::Null);
    workspace.sim.take_requests();
    workspace.run(&["apply", "-auto-approve", "-refresh=false"]).succeeded();
    let lifts = r#"PUT /user/{id}/container-assignments {"container_id_assignments":[]}"#;
    assert_eq!(workspace.writes(&id), [lifts]);
    workspace.assert_empty_plan();
}
