//! Validations: what is missing is submitted, and nothing is removed.

use certcentral_sim::{Fault, FaultKind, Options, Validation, ValidationStatus, World};

use super::{IT, LEAST, TYPE, organization};
use crate::cli::{Workspace, unwrapped};

/// Gives the administrator what a verified user needs.
fn verifiable(workspace: &Workspace) {
    workspace.sim.with(|world: &mut World| {
        let administrator = world.users.get_mut(&110_001).expect("the administrator");
        administrator.telephone = Some("555-0100".into());
    });
}

fn id(workspace: &Workspace) -> String {
    workspace.state(IT)["id"].as_str().expect("an ID").to_owned()
}

#[test]
fn validations_of_a_new_organization_are_submitted_with_it() {
    let options = Options { verified_users_always_required: true, ..Options::default() };
    let workspace = Workspace::new(options);
    verifiable(&workspace);
    let more = "validation_types = [\"ov\", \"ev\"]\nverified_user_ids = [\"110001\"]\n";
    workspace.write_block(TYPE, &format!("{more}{LEAST}"));
    workspace.apply();
    let writes = workspace.writes("");
    let submitted = r#""validations":[{"type":"ev","verified_users":[{"id":110001}]},{"type":"ov","verified_users":[{"id":110001}]}]"#;
    assert!(writes.len() == 1 && writes[0].contains(submitted), "{writes:?}");
    let validations = &workspace.state(IT)["validations"];
    assert_eq!((&validations[0]["type"], &validations[1]["type"]), (&"ev".into(), &"ov".into()));
    assert_eq!(validations[0]["status"], "pending");
    workspace.assert_empty_plan();
}

#[test]
fn an_expired_validation_is_submitted_again_and_a_pending_one_is_not() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, &format!("validation_types = [\"ov\", \"ds\"]\n{LEAST}"));
    workspace.apply();
    workspace.sim.with(|world| {
        let ov = |it: &&mut Validation| it.validation_type == "ov";
        organization(world, |it| {
            it.validations
                .iter_mut()
                .filter(ov)
                .for_each(|it| it.status = ValidationStatus::Expired);
        });
    });
    let plan = workspace.assert_plan();
    assert!(plan.contains("~ validations ") && plan.contains("(known after apply)"), "{plan}");
    workspace.sim.take_requests();
    workspace.apply();
    let id = id(&workspace);
    let writes = [r#"POST /organization/{id}/validation {"validations":[{"type":"ov"}]}"#];
    assert_eq!(workspace.writes(&id), writes);
    workspace.assert_empty_plan();
}

#[test]
fn what_is_removed_from_the_configuration_stays_with_a_warning() {
    let workspace = Workspace::new(Options::default());
    verifiable(&workspace);
    let more = "validation_types = [\"ov\", \"ev\"]\nverified_user_ids = [\"110001\"]\n";
    workspace.write_block(TYPE, &format!("{more}{LEAST}"));
    workspace.apply();
    workspace.write_block(TYPE, &format!("validation_types = [\"ov\"]\n{LEAST}"));
    let plan = unwrapped(&workspace.assert_plan());
    assert!(plan.contains("Those of \"ev\" stay as they are"), "{plan}");
    assert!(plan.contains("Verified users not sent"), "{plan}");
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    assert_eq!(workspace.state(IT)["validations"].as_array().map(Vec::len), Some(2));
    workspace.assert_empty_plan();
}

#[test]
fn a_user_who_cannot_be_verified_is_an_error_that_says_what_is_needed() {
    let workspace = Workspace::new(Options::default());
    workspace.write_block(TYPE, LEAST);
    workspace.apply();
    let more = "validation_types = [\"ev\"]\nverified_user_ids = [\"110001\"]\n";
    workspace.write_block(TYPE, &format!("{more}{LEAST}"));
    let failed = workspace.apply_fails();
    assert!(failed.contains("to users with a job title and a telephone number"), "{failed}");
    assert!(workspace.state(IT)["validation_types"].is_null(), "the next apply tries again");
    verifiable(&workspace);
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn an_import_adopts_the_validations_of_the_configuration() {
    let workspace = Workspace::new(Options::default());
    let block = format!("validation_types = [\"ov\"]\n{LEAST}");
    workspace.write_block(TYPE, &block);
    workspace.apply();
    let id = id(&workspace);
    workspace.forget(IT);
    workspace.run(&["import", "-no-color", IT, &id]).succeeded();
    workspace.sim.take_requests();
    workspace.apply();
    assert_eq!(workspace.writes(""), <[&str; 0]>::default());
    workspace.assert_empty_plan();
}

#[test]
fn a_request_for_validations_whose_answer_was_lost_is_not_repeated() {
    for has_effect in [true, false] {
        let workspace = Workspace::new(Options::default());
        workspace.write_block(TYPE, LEAST);
        workspace.apply();
        workspace.sim.take_requests();
        let fault = Fault::new("POST", "/organization/*/validation", FaultKind::Reset).times(1);
        workspace.sim.fault(if has_effect { fault.with_effect() } else { fault });
        workspace.write_block(TYPE, &format!("validation_types = [\"ov\"]\n{LEAST}"));
        if has_effect {
            workspace.apply();
        } else {
            let failed = workspace.apply_fails();
            assert!(failed.contains("Validations may have been submitted"), "{failed}");
            assert_eq!(workspace.writes("").len(), 1, "sent once");
            workspace.apply();
        }
        workspace.assert_empty_plan();
    }
}
