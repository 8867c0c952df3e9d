//! Accounts, IDs and states: what is kept, what is refused, and what is not known yet.

use certcentral_sim::{Fault, FaultKind, Options};
use serde_json::{Value, json};

use super::{ADDRESS, TYPE, technical, write};
use crate::cli::{Workspace, unwrapped};
use crate::host::{Host, Object, UNKNOWN, dynamic};

#[test]
fn contacts_are_kept_when_another_account_reports_them_missing() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, block!(organization!("Ada", "Example", "ada@example.com", "")));
    workspace.apply();
    workspace.sim.with(|world| world.organizations.clear());
    let (content_type, body) = ("application/json".into(), r#"{"id": 100002}"#.into());
    let other = FaultKind::Body { status: 200, content_type, body };
    workspace.sim.fault(Fault::new("GET", "/account", other));
    let plan = workspace.plan();
    assert_eq!(plan.code, Some(1));
    let text = unwrapped(&plan.text);
    assert!(text.contains("was created in account 100001"), "{text}");
}

#[test]
fn a_destroy_that_does_not_find_the_organization_is_a_success_in_its_own_account_only() {
    let workspace = Workspace::new(Options::default());
    write(&workspace, block!(technical!("Bo", "Example", "bo@example.com", "")));
    workspace.apply();
    let own = std::fs::read(workspace.path("terraform.tfstate")).expect("there is a state");
    workspace.sim.with(|world| world.organizations.clear());
    let destroy = ["destroy", "-auto-approve", "-refresh=false", "-no-color"];
    for (private, said) in [
        // As if it had been created in account 100002, and as if nothing had recorded where.
        ("eyJhY2NvdW50X2lkIjoxMDAwMDJ9", "was created in account 100002"),
        ("e30=", "does not record which account it belongs to"),
    ] {
        workspace.edit_state(TYPE, |it| it["private"] = json!(private));
        let failed = workspace.run(&destroy).failed();
        assert!(failed.contains(said), "{failed}");
        assert_eq!(workspace.state(ADDRESS)["id"], "300001");
    }
    std::fs::write(workspace.path("terraform.tfstate"), own).expect("the folder is ours");
    workspace.run(&destroy).succeeded();
}

#[test]
fn contacts_are_created_and_imported_where_the_account_may_not_be_read() {
    let workspace = Workspace::new(Options::default());
    workspace.sim.fault(Fault::new("GET", "/account", FaultKind::status(403)));
    write(&workspace, block!(organization!("Ada", "Example", "ada@example.com", "")));
    workspace.apply();
    workspace.assert_empty_plan();
    workspace.forget(ADDRESS);
    workspace.run(&["import", "-no-color", ADDRESS, "300001"]).succeeded();
    workspace.assert_empty_plan();
}

#[tokio::test]
async fn contacts_without_the_id_of_an_organization_call_nothing() {
    let sim = crate::fixtures::sim();
    let mut host = Host::start(&sim, json!({})).await;
    let contact = json!({
        "id": null, "first_name": "Bo", "last_name": "Example", "email": "bo@example.com",
        "job_title": null, "telephone": null, "telephone_extension": null, "language_id": null,
    });
    let state = |id: Value, organization_id: Value| {
        let state = json!({
            "id": id, "organization_id": organization_id,
            "organization_contact": null, "technical_contact": contact,
        });
        Object { state: Some(dynamic(&state)), private: b"{}".to_vec(), ..Object::default() }
    };
    for object in [
        state(Value::Null, Value::Null),
        state(json!("0"), json!("300001")),
        state(Value::Null, json!("0")),
    ] {
        let title = "Organization without ID";
        let read = host.read(TYPE, &object).await;
        assert!(read.errors[0].starts_with(title), "{:?}", read.errors);
        assert_eq!(read.attributes, object.attributes());
        let destroyed = host.apply(TYPE, &object, None).await;
        assert!(destroyed.errors[0].starts_with(title), "{:?}", destroyed.errors);
    }
    let zero = json!({ "organization_id": "0", "technical_contact": contact });
    let created = host.apply(TYPE, &Object::default(), Some(&zero)).await;
    assert!(created.errors[0].starts_with("Organization without ID"), "{:?}", created.errors);
    assert!(sim.requests().iter().all(|it| !it.path.starts_with("/organization")));
}

#[tokio::test]
async fn a_block_that_is_wholly_unknown_can_be_planned_and_applied_once_it_is_known() {
    let sim = crate::fixtures::sim();
    let mut host = Host::start(&sim, json!({})).await;
    let config = |technical: Value| {
        json!({
            "id": null, "organization_id": "300001", "organization_contact": null,
            "technical_contact": technical,
        })
    };
    let mut prior = Object::default();
    for first_name in ["Bo", "Cy"] {
        let planned = host.plan(TYPE, &prior, Some(&config(json!(UNKNOWN)))).await.succeeded();
        assert_eq!(planned.attributes["technical_contact"], "unknown");
        let bo =
            json!({ "first_name": first_name, "last_name": "Example", "email": "bo@example.com" });
        let applied = host.apply(TYPE, &prior, Some(&config(bo))).await.succeeded();
        assert_eq!(applied.attributes["technical_contact"]["first_name"], first_name);
        prior = applied.object;
    }
    let set = sim.with(|world| technical(world).first_name.clone());
    assert_eq!(set, "Cy");
}

#[tokio::test]
async fn a_destroy_that_calls_nothing_does_not_stand_in_the_way_of_an_import() {
    let sim = crate::fixtures::sim();
    let contact = json!({ "first_name": "Bo", "last_name": "Example", "email": "bo@example.com" });
    for (block, is_lost) in [("organization_contact", false), ("technical_contact", true)] {
        let mut host = Host::start(&sim, json!({})).await;
        let config = json!({ "organization_id": "300001", block: contact });
        let made = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded();
        drop(host);
        let mut host = Host::start(&sim, json!({})).await;
        host.plan(TYPE, &made.object, None).await.succeeded();
        let errors = host.import(TYPE, "300001").await.errors;
        let both = errors.iter().any(|it| it.starts_with("Object imported and destroyed"));
        assert_eq!(both, is_lost, "{block}: {errors:?}");
    }
}
