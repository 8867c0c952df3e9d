//! Several objects with contacts of one organization: none takes away what another one has set.

use std::time::Duration;

use certcentral_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use super::{ADDRESS, TYPE, first, shown, write};
use crate::cli::Workspace;
use crate::fixtures::until;
use crate::host::{Host, Object, dynamic};
use crate::process::tfplugin5::{self as wire, diagnostic::Severity};

const BO: &str = block!(technical!("Bo", "Example", "bo@example.com", ""));

fn resource(name: &str, block: &str) -> String {
    format!("resource \"{TYPE}\" \"{name}\" {{\n{block}\n}}\n")
}

/// The technical contact is there, and no plan has anything to do.
fn assert_kept(workspace: &Workspace) {
    let kept = workspace.sim.with(|world| first(world).technical_contact.is_some());
    assert!(kept, "state has the contact, CertCentral has not");
    workspace.assert_empty_plan();
}

#[test]
fn a_rename_without_moved_keeps_the_technical_contact_in_either_order() {
    // What is replaced lies between the two: it is destroyed after what depended on it, and before it is
    // made anew; or it waits in its destruction for what has been made.
    let gate = |value: &str, more: &str| {
        format!(
            "resource \"terraform_data\" \"gate\" {{\n  triggers_replace = {value:?}\n{more}}}\n"
        )
    };
    let after_gate = format!("{BO}depends_on = [terraform_data.gate]");
    let destroyed_first = [
        resource("old", &after_gate) + &gate("1", ""),
        resource("new", &after_gate) + &gate("2", ""),
    ];
    let waits = "provisioner \"local-exec\" {\n  when = destroy\n  command = \
                 \"until [ -e made ]; do sleep 0.05; done\"\n}\n";
    let made = "resource \"terraform_data\" \"made\" {\n  depends_on = [digicert_organization_contacts.new]\n  \
                provisioner \"local-exec\" {\n    command = \"touch made\"\n  }\n}\n";
    let depends = format!("depends_on = [{TYPE}.old]\n{waits}");
    let created_first = [
        resource("old", BO) + &gate("1", &depends),
        resource("new", BO) + &gate("2", waits) + made,
    ];
    for ([before, after], writes) in
        [(destroyed_first, ["removes", "sets"].as_slice()), (created_first, &["sets"])]
    {
        let workspace = shown();
        workspace.write(&before);
        workspace.apply();
        workspace.sim.take_requests();
        workspace.write(&after);
        workspace.apply();
        let sent = workspace.writes("").into_iter();
        let sent: Vec<_> =
            sent.map(|it| if it.contains("first_name") { "sets" } else { "removes" }).collect();
        assert_eq!(sent, writes);
        assert_kept(&workspace);
    }
}

#[test]
fn a_replacement_keeps_the_technical_contact_in_either_order() {
    for lifecycle in ["", "lifecycle {\n  create_before_destroy = true\n}"] {
        let workspace = shown();
        write(&workspace, &format!("{BO}{lifecycle}"));
        workspace.apply();
        let replace = format!("-replace={ADDRESS}");
        workspace.run(&["apply", "-auto-approve", "-no-color", &replace]).succeeded();
        assert_kept(&workspace);
        workspace.destroy();
        assert!(workspace.sim.with(|world| first(world).technical_contact.is_none()));
    }
}

#[tokio::test]
async fn an_update_that_gives_the_contact_up_does_not_remove_what_another_object_has_set() {
    for given_up_first in [true, false] {
        let sim = crate::fixtures::sim();
        let contact = |first_name: &str| json!({ "first_name": first_name, "last_name": "Example", "email": "a@example.com" });
        let with = |technical: Value| {
            json!({
                "organization_id": "300001", "organization_contact": contact("Ada"),
                "technical_contact": technical,
            })
        };
        let mut host = Host::start(&sim, json!({})).await;
        let one =
            host.apply(TYPE, &Object::default(), Some(&with(contact("Bo")))).await.succeeded();
        // Another run.
        drop(host);
        let mut host = Host::start(&sim, json!({})).await;
        let other = json!({ "organization_id": "300001", "technical_contact": contact("Cy") });
        if given_up_first {
            host.apply(TYPE, &one.object, Some(&with(Value::Null))).await.succeeded();
            host.apply(TYPE, &Object::default(), Some(&other)).await.succeeded();
        } else {
            host.apply(TYPE, &Object::default(), Some(&other)).await.succeeded();
            host.apply(TYPE, &one.object, Some(&with(Value::Null))).await.succeeded();
        }
        let kept = sim.with(|world| first(world).technical_contact.clone());
        assert_eq!(kept.expect("it is kept").first_name, "Cy", "{given_up_first}");
    }
}

#[tokio::test]
async fn what_was_refused_stands_in_the_way_of_no_destroy() {
    // (what becomes of the other object's request, whether the technical contact is there in the end)
    for (kind, effect, kept) in [
        (FaultKind::status(403), false, false),
        (FaultKind::status(404), false, false),
        (FaultKind::Reset, true, true),
    ] {
        let case = format!("{kind:?}");
        let sim = crate::fixtures::sim();
        let contact =
            json!({ "first_name": "Bo", "last_name": "Example", "email": "bo@example.com" });
        let config = json!({ "organization_id": "300001", "technical_contact": contact });
        let mut host = Host::start(&sim, json!({ "max_retries": 0 })).await;
        let old = host.apply(TYPE, &Object::default(), Some(&config)).await.succeeded();
        let fault = Fault::new("PUT", "/organization/*", kind).times(1);
        sim.fault(if effect { fault.with_effect() } else { fault });
        let refused = host.apply(TYPE, &Object::default(), Some(&config)).await;
        assert_eq!(refused.errors.len(), 1, "{case}");
        host.apply(TYPE, &old.object, None).await.succeeded();
        let left = sim.with(|world| first(world).technical_contact.is_some());
        assert_eq!(left, kept, "{case}");
    }
}

#[tokio::test]
async fn a_wait_for_another_object_ends_with_stop() {
    let sim = crate::fixtures::sim();
    let mut host = Host::start(&sim, json!({})).await;
    sim.fault(Fault::new("PUT", "/organization/*", FaultKind::Hold).times(1));
    let mut applying = Vec::new();
    for first_name in ["Bo", "Cy"] {
        let contact =
            json!({ "first_name": first_name, "last_name": "Example", "email": "a@example.com" });
        let config = json!({ "organization_id": "300001", "technical_contact": contact });
        let planned = host.plan(TYPE, &Object::default(), Some(&config)).await.succeeded();
        let mut client = host.client.clone();
        let request = wire::apply_resource_change::Request {
            type_name: TYPE.to_owned(),
            planned_state: planned.object.state,
            config: Some(dynamic(&config)),
            ..wire::apply_resource_change::Request::default()
        };
        applying.push(tokio::spawn(async move { client.apply_resource_change(request).await }));
        until(|| sim.count("PUT", "/organization/300001") == 1).await;
    }
    // Whether the second one has begun, nothing shows: it is stopped as soon as it has.
    while !applying[1].is_finished() {
        host.client.stop(wire::stop::Request::default()).await.expect("an answer");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let puts: Vec<_> = sim.requests().into_iter().filter(|it| it.method == "PUT").collect();
    assert_eq!((puts.len(), puts[0].status), (1, 0), "the first one is still in progress");
    sim.clear_faults();
    for (task, stopped) in applying.into_iter().zip([false, true]) {
        let answer = task.await.expect("no panic").expect("an answer").into_inner();
        let mut errors = answer.diagnostics.into_iter();
        let is_stopped = errors.any(|it| it.severity() == Severity::Error);
        assert_eq!(is_stopped, stopped);
    }
    assert_eq!(
        sim.with(|world| first(world).technical_contact.clone().expect("it is set").first_name),
        "Bo"
    );
}
