//! `deletion_protection` through the real CLI: what cannot be had back is not lost by an edit.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::json;

use crate::cli::{Workspace, unwrapped};
use crate::fixtures::MANAGED_SUBACCOUNT;
use crate::host::{Host, Object};

const IT: &str = "digicert_subaccount.it";

/// An applied managed subaccount, protected by default.
fn protected() -> Workspace {
    let workspace = Workspace::new(Options::default());
    workspace.write(MANAGED_SUBACCOUNT);
    workspace.apply();
    workspace.assert_empty_plan();
    workspace
}

fn with(arguments: &str) -> String {
    MANAGED_SUBACCOUNT.replace("\"it\" {", &format!("\"it\" {{\n{arguments}"))
}

/// The command fails for the protection, says what to do, and the key is still in the state.
fn assert_refused(workspace: &Workspace, address: &str, arguments: &[&str]) {
    let said = workspace.run(&[arguments, &["-no-color", "-input=false"]].concat()).failed();
    for part in [
        "Object protected from deletion",
        "deletion_protection = false",
        "`moved` block",
        "api_key",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let key = workspace.sim.issued_keys().pop().expect("a key was handed out");
    assert_eq!(workspace.state(address)["api_key"], key, "{arguments:?}");
    assert_eq!(workspace.sim.with(|world| world.subaccounts.len()), 1);
}

#[test]
fn a_deleted_block_a_rename_and_a_destroy_stop_in_the_plan() {
    let workspace = protected();
    assert_refused(&workspace, IT, &["plan", "-destroy"]);
    assert_refused(&workspace, IT, &["plan", "-destroy", "-refresh=false"]);
    assert_refused(&workspace, IT, &["destroy", "-auto-approve"]);
    workspace.write("");
    assert_refused(&workspace, IT, &["plan"]);
    workspace.write(&MANAGED_SUBACCOUNT.replace("\"it\"", "\"renamed\""));
    assert_refused(&workspace, IT, &["plan"]);
    assert_refused(&workspace, IT, &["apply", "-auto-approve"]);

    let moved = format!(
        "moved {{\n from = {IT}\n to = digicert_subaccount.renamed\n}}\n{}",
        MANAGED_SUBACCOUNT.replace("\"it\"", "\"renamed\"")
    );
    workspace.write(&moved);
    workspace.apply();
    workspace.assert_empty_plan();
}

#[test]
fn a_replacement_stops_in_the_plan_and_a_taint_in_the_apply() {
    for lifecycle in ["", "lifecycle {\n create_before_destroy = true\n}"] {
        let workspace = protected();
        workspace.write(&with(lifecycle));
        assert_refused(&workspace, IT, &["plan", &format!("-replace={IT}")]);
        let trigger = "resource \"terraform_data\" \"trigger\" {\n input = 1\n}";
        workspace.write(&format!("{}\n{trigger}", with(lifecycle)));
        workspace.apply();
        let triggered = "lifecycle {\n replace_triggered_by = [terraform_data.trigger]\n}";
        workspace.write(&format!("{}\n{}", with(triggered), trigger.replace('1', "2")));
        assert_refused(&workspace, IT, &["plan"]);

        workspace.write(MANAGED_SUBACCOUNT);
        workspace.run(&["taint", IT]).succeeded();
        assert_refused(&workspace, IT, &["apply", "-auto-approve"]);
        workspace.run(&["untaint", IT]).succeeded();
        workspace.assert_empty_plan();
    }
}

#[test]
fn without_protection_a_destroy_warns_and_goes_on() {
    let workspace = protected();
    workspace.write(&with("deletion_protection = false"));
    // Not even in the same apply: the state decides.
    assert_refused(&workspace, IT, &["plan", &format!("-replace={IT}")]);
    workspace.apply();
    workspace.assert_empty_plan();
    let said = unwrapped(&workspace.destroy());
    assert!(said.contains("Subaccount stays open"), "{said}");
    assert!(workspace.state(IT).is_null());
}

#[test]
fn a_state_that_lacks_the_argument_is_protected() {
    let workspace = protected();
    workspace.edit_state("digicert_subaccount", |instance| {
        instance["attributes"].as_object_mut().expect("a state").remove("deletion_protection");
    });
    assert_refused(&workspace, IT, &["plan", "-destroy", "-refresh=false"]);
    workspace.apply();
    workspace.assert_empty_plan();
    assert_eq!(workspace.state(IT)["deletion_protection"], true);
}

#[test]
fn an_unprotected_subaccount_that_is_gone_is_dropped_with_a_warning() {
    let workspace = protected();
    workspace.sim.with(|world| world.subaccounts.clear());
    let said = unwrapped(&workspace.plan().text);
    assert!(said.contains("Error: Subaccount not found") && said.contains("state rm"), "{said}");

    workspace.edit_state("digicert_subaccount", |instance| {
        instance["attributes"]["deletion_protection"] = false.into();
    });
    workspace.write(&with("deletion_protection = false"));
    let said = unwrapped(&workspace.plan().text);
    assert!(said.contains("Warning: Object not found") && said.contains("1 to add"), "{said}");
}

#[test]
fn what_lets_it_go_on_purpose_is_not_asked() {
    let workspace = protected();
    workspace.write(&format!("removed {{\n from = {IT}\n lifecycle {{\n destroy = false\n}}\n}}"));
    workspace.apply();
    assert!(workspace.state(IT).is_null());

    let workspace = protected();
    workspace.forget(IT);
    assert!(workspace.state(IT).is_null());
}

/// A rename with an `import` block in place of `moved`, where the destroy of the old address would lose
/// something.
#[test]
fn one_plan_never_imports_and_destroys_the_same_object() {
    let user = r#"resource "digicert_user" "it" {
      username       = "ana@example.com"
      first_name     = "Ana"
      last_name      = "Example"
      email          = "ana@example.com"
      access_role_id = "5"
    }"#;
    let unprotected = with("deletion_protection = false");
    for (of, hcl, imports_by) in
        [("digicert_user", user, "ana@example.com"), ("digicert_subaccount", &unprotected, "")]
    {
        let workspace = Workspace::new(Options::default());
        workspace.write(hcl);
        workspace.apply();
        let id = workspace.state(&format!("{of}.it"))["id"].as_str().expect("an ID").to_owned();
        let imports_by = if imports_by.is_empty() { &id } else { imports_by };
        let import = format!("import {{\n to = {of}.renamed\n id = {imports_by:?}\n}}");
        workspace.write(&format!("{}\n{import}", hcl.replace("\"it\"", "\"renamed\"")));
        let said = unwrapped(&workspace.plan().text);
        assert!(said.contains("Error: Object imported and destroyed"), "{said}");
        assert!(said.contains("`moved` block") && said.contains(&id), "{said}");

        // With the old address let go, the same import is fine.
        let removed =
            format!("removed {{\n from = {of}.it\n lifecycle {{\n destroy = false\n}}\n}}");
        let renamed = hcl.replace("\"it\"", "\"renamed\"");
        workspace.write(&format!("{renamed}\n{import}\n{removed}"));
        workspace.apply();
        workspace.assert_empty_plan();
    }
}

/// A rename without `moved`: the request for the new address is lost, the search finds the user of the old address with
/// all requested values, and the new address adopts it. The destroy of the old address would delete it.
#[tokio::test]
async fn a_destroy_leaves_what_a_create_of_the_same_run_has_adopted() {
    let sim = crate::fixtures::sim();
    let user = json!({
        "username": "ana@example.com", "first_name": "Ana", "last_name": "Example",
        "email": "ana@example.com", "access_role_id": "5",
    });
    let mut host = Host::without_retries(&sim).await;
    let of = "digicert_user";
    let old = host.apply(of, &Object::default(), Some(&user)).await.succeeded();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(Fault::new("POST", "/user", FaultKind::Reset));
    let new = host.apply(of, &Object::default(), Some(&user)).await.succeeded();
    assert_eq!(new.attributes["id"], old.attributes["id"]);
    host.apply(of, &old.object, None).await.succeeded();
    assert_eq!(sim.count("DELETE", "/user"), 0);
    // In another run there is nothing that it could be mistaken for.
    let mut host = Host::without_retries(&sim).await;
    host.apply(of, &new.object, None).await.succeeded();
    assert_eq!(sim.count("DELETE", "/user"), 1);
}

/// As after a rename without `moved` whose destroy failed: both addresses have the object in the state.
#[tokio::test]
async fn one_plan_never_keeps_and_destroys_the_same_object() {
    let sim = crate::fixtures::sim();
    let user = json!({
        "username": "ana@example.com", "first_name": "Ana", "last_name": "Example",
        "email": "ana@example.com", "access_role_id": "5",
    });
    let invite = json!({ "emails": ["ada@example.com"], "subaccount_type": "enterprise" });
    for (of, config) in [("digicert_user", user), ("digicert_subaccount_invite", invite)] {
        let mut host = Host::start(&sim, json!({})).await;
        let made = host.apply(of, &Object::default(), Some(&config)).await.succeeded().object;
        for order in [[Some(&config), None], [None, Some(&config)]] {
            let mut host = Host::start(&sim, json!({})).await;
            let [first, second] = order;
            host.plan(of, &made, first).await.succeeded();
            let errors = host.plan(of, &made, second).await.errors;
            assert!(
                errors.len() == 1 && errors[0].starts_with("Object kept and destroyed"),
                "{errors:?}"
            );
            assert!(errors[0].contains("terraform state rm"), "{errors:?}");
        }
        host.apply(of, &made, None).await.succeeded();
    }
}
