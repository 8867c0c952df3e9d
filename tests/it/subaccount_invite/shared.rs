//! Invites that two resources of one run have to do with.

use certcentral_sim::{FaultKind, InviteStatus, Options, Sim};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{APPLY, Space, TWO_ADDRESSES, post};
use crate::fixtures::{sim, until};
use crate::host::{Host, Object, dynamic};
use crate::process::tfplugin5 as wire;

#[test]
fn two_resources_that_share_an_address_send_once() {
    let space = Space::new(Options::default());
    let block = format!("emails = {TWO_ADDRESSES}\nsubaccount_type = \"enterprise\"");
    let block = |name| format!("resource \"digicert_subaccount_invite\" {name:?} {{\n{block}\n}}");
    space.write(&format!("{}\n{}", block("it"), block("other")));
    assert!(space.workspace.apply().contains("Invites adopted"));
    assert_eq!(space.mails(), 2);
}

#[test]
fn a_replacement_keeps_the_invites_that_it_has_adopted() {
    for create_before_destroy in [true, false] {
        let space = Space::new(Options::default());
        let lifecycle =
            format!("lifecycle {{\ncreate_before_destroy = {create_before_destroy}\n}}");
        space.apply(TWO_ADDRESSES, &lifecycle);
        let replace = [APPLY, &["-replace=digicert_subaccount_invite.it"]].concat();
        let said = space.run(&replace).succeeded();
        assert!(said.contains("1 added, 0 changed, 1 destroyed"), "{said}");
        // Destroyed first, they are canceled and sent anew.
        assert_eq!(space.mails(), if create_before_destroy { 2 } else { 4 });
        assert_eq!(space.invited(), "ada@example.com pending, bo@example.com pending");
        assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
        space.assert_empty_plan();
    }
}

#[test]
fn a_rename_without_moved_leaves_what_is_in_the_state_pending() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    let block = format!("emails = {TWO_ADDRESSES}\nsubaccount_type = \"enterprise\"");
    space.write(&format!("resource \"digicert_subaccount_invite\" \"other\" {{\n{block}\n}}"));
    space.workspace.apply();
    // Core does both at once: which is first is chance.
    let state = space.workspace.state("digicert_subaccount_invite.other");
    let statuses: Vec<_> = (0..2).map(|it| state["invites"][it]["status"].clone()).collect();
    assert_eq!(statuses, ["pending", "pending"]);
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
    space.assert_empty_plan();
}

#[test]
fn one_plan_does_not_import_and_destroy_the_same_invite() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    let block = "emails = [\"bo@example.com\"]\nsubaccount_type = \"enterprise\"";
    let import = "import {\nto = digicert_subaccount_invite.other\nid = \"500002\"\n}";
    let other =
        format!("{import}\nresource \"digicert_subaccount_invite\" \"other\" {{\n{block}\n}}");
    space.write(&other);
    let said = space.run(&["plan", "-no-color"]).failed();
    assert!(said.contains("Object imported and destroyed"), "{said}");
    assert!(said.contains("digicert_subaccount_invite 500002"), "{said}");

    // Nothing is canceled where everybody has accepted. Core plans a destroy from the state before the
    // refresh.
    space.sim.with(|world| {
        world.invites.values_mut().for_each(|it| it.status = InviteStatus::Accepted);
    });
    space.configure(TWO_ADDRESSES, "");
    space.workspace.apply();
    space.write(&other);
    space.workspace.apply();
    space.assert_empty_plan();
}

const INVITE: &str = "digicert_subaccount_invite";

fn config(emails: &[&str], round: &str) -> Value {
    json!({
        "emails": emails, "subaccount_type": "enterprise", "resend_triggers": { "round": round },
    })
}

fn pending(sim: &Sim) -> Vec<u64> {
    sim.with(|world| {
        let pending = world.invites.values().filter(|it| it.status == InviteStatus::Pending);
        pending.map(|it| it.id).collect()
    })
}

#[tokio::test]
async fn an_address_that_moves_to_another_resource_keeps_an_invite_in_either_order() {
    for taken_first in [true, false] {
        let sim = sim();
        let both = ["ada@example.com", "bo@example.com"];
        let mut made = Host::without_retries(&sim).await;
        let from = made.apply(INVITE, &Object::default(), Some(&config(&both, "1"))).await;
        let from = from.succeeded().object;
        // Another run.
        let mut host = Host::without_retries(&sim).await;
        let (less, moved) = (config(&both[..1], "1"), config(&both[1..], "1"));
        let to = if taken_first {
            let to = host.apply(INVITE, &Object::default(), Some(&moved)).await.succeeded();
            host.apply(INVITE, &from, Some(&less)).await.succeeded();
            to
        } else {
            host.apply(INVITE, &from, Some(&less)).await.succeeded();
            host.apply(INVITE, &Object::default(), Some(&moved)).await.succeeded()
        };
        let id = if taken_first { 500_002 } else { 500_003 };
        assert_eq!(to.attributes["id"], id.to_string());
        assert_eq!(pending(&sim), [500_001, id]);
    }
}

#[tokio::test]
async fn a_resend_cancels_no_invite_that_another_resource_has_adopted() {
    let sim = sim();
    let ada = ["ada@example.com"];
    let mut made = Host::without_retries(&sim).await;
    let old =
        made.apply(INVITE, &Object::default(), Some(&config(&ada, "1"))).await.succeeded().object;
    let mut host = Host::without_retries(&sim).await;
    host.apply(INVITE, &Object::default(), Some(&config(&ada, "1"))).await.succeeded();
    let resent = host.apply(INVITE, &old, Some(&config(&ada, "2"))).await.succeeded();
    assert_eq!(pending(&sim), [500_001, 500_002], "one of each");
    // Nor later: it stays with the other one.
    let plan = host.plan(INVITE, &resent.object, Some(&resent.attributes)).await.succeeded();
    assert_eq!(plan.attributes, resent.attributes);
}

#[tokio::test]
async fn a_wait_for_another_resource_ends_with_stop() {
    let sim = sim();
    let mut host = Host::without_retries(&sim).await;
    sim.fault(post(FaultKind::Hold));
    let mut applying = JoinSet::new();
    for email in ["ada@example.com", "bo@example.com"] {
        let config = config(&[email], "1");
        let planned = host.plan(INVITE, &Object::default(), Some(&config)).await.succeeded();
        let mut client = host.client.clone();
        let request = wire::apply_resource_change::Request {
            type_name: INVITE.to_owned(),
            planned_state: planned.object.state,
            config: Some(dynamic(&config)),
            ..wire::apply_resource_change::Request::default()
        };
        applying.spawn(async move { client.apply_resource_change(request).await });
    }
    until(|| sim.count("POST", "/account/subaccount/invite") == 1).await;
    host.client.stop(wire::stop::Request::default()).await.expect("an answer");
    // The request under way ends by itself; what waits behind it does not wait for that.
    for summary in ["Cannot create digicert_subaccount_invite", "Invites not listed yet"] {
        let answer = applying.join_next().await.expect("two").expect("no panic");
        let answer = answer.expect("an answer").into_inner();
        let said: Vec<_> = answer.diagnostics.iter().map(|it| it.summary.as_str()).collect();
        assert_eq!(said, [summary]);
        sim.clear_faults();
    }
    assert_eq!(sim.count("POST", "/account/subaccount/invite"), 1);
}
