//! Resends that something interrupts: a later apply completes them, and no older invite stays open.

use certcentral_sim::{FaultKind, InviteStatus, Options};
use serde_json::json;

use super::{Space, TWO_ADDRESSES, cancel, list, post};
use crate::cli::unwrapped;
use crate::fixtures::until;
use crate::host::{Host, Object};
use crate::process::tfplugin5 as wire;

/// What keeps a resend to two addresses from being completed.
struct Broken {
    faults: &'static [fn() -> certcentral_sim::Fault],
    says: &'static str,
    /// Addresses that have two open invites then.
    open_twice: &'static [&'static str],
}

const BROKEN: &[Broken] = &[
    Broken {
        // The refresh reads once, and the apply lists before and after it sends.
        faults: &[|| list(FaultKind::status(500)).after(2).times(1)],
        says: "Invites not listed yet",
        open_twice: &["ada@example.com", "bo@example.com"],
    },
    Broken {
        faults: &[|| cancel("500001", FaultKind::status(403)).times(1)],
        says: "Older invites not canceled",
        open_twice: &["ada@example.com"],
    },
    Broken {
        faults: &[
            || cancel("500001", FaultKind::Reset).times(1),
            || list(FaultKind::status(500)).after(3).times(1),
        ],
        says: "Older invites not canceled",
        open_twice: &["ada@example.com", "bo@example.com"],
    },
];

#[test]
fn a_resend_that_was_not_completed_is_completed_by_the_next_apply() {
    for (number, broken) in BROKEN.iter().enumerate() {
        let space = Space::new(Options::default());
        space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
        broken.faults.iter().for_each(|fault| space.sim.fault(fault()));
        let said = space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
        assert!(said.contains(broken.says), "{number}: {said}");
        assert_eq!((space.mails(), space.pending().len()), (4, 2 + broken.open_twice.len()));

        let plan = unwrapped(&space.workspace.assert_plan());
        assert!(plan.contains("Older invites to cancel"), "{number}: {plan}");
        for (id, email) in [("500001", "ada@example.com"), ("500002", "bo@example.com")] {
            let is_named = plan.contains(&format!("{email} ({id})"));
            assert_eq!(is_named, broken.open_twice.contains(&email), "{number}: {plan}");
        }
        space.sim.take_requests();
        space.workspace.apply();
        assert_eq!((space.mails(), space.ids().as_str()), (4, "500003,500004"), "{number}");
        assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"], "{number}");
        assert_eq!(space.writes("").len(), broken.open_twice.len(), "{number}");
        space.assert_empty_plan();
    }
}

#[test]
fn an_older_invite_that_was_settled_elsewhere_plans_nothing() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    space.sim.fault(list(FaultKind::status(500)).after(2).times(1));
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
    space.sim.with(|world| {
        world.invites.get_mut(&500_001).expect("sent").status = InviteStatus::Canceled;
        world.invites.get_mut(&500_002).expect("sent").status = InviteStatus::Canceled;
    });
    space.assert_empty_plan();
    assert_eq!(space.mails(), 4);
}

#[test]
fn a_resend_without_an_answer_is_completed_even_if_it_is_taken_back() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    space.sim.fault(post(FaultKind::Reset).with_effect());
    space.sim.fault(list(FaultKind::status(500)).after(2).times(1));
    space.configure(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
    let said = space.workspace.apply_fails();
    assert!(said.contains("Invites may have been sent"), "{said}");

    space.configure(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    assert!(space.workspace.assert_plan().contains("Older invites to cancel"));
    space.workspace.apply();
    assert_eq!((space.mails(), space.ids().as_str()), (4, "500003,500004"));
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
    space.assert_empty_plan();
}

#[test]
fn an_address_that_is_taken_back_after_no_answer_is_canceled() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    space.sim.fault(post(FaultKind::Reset).with_effect());
    space.sim.fault(list(FaultKind::status(500)).after(2).times(1));
    space.configure(r#"["ada@example.com", "bo@example.com", "new@example.com"]"#, "");
    let said = space.workspace.apply_fails();
    assert!(said.contains("Invites may have been sent"), "{said}");
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com", "new@example.com"]);
    space.apply(TWO_ADDRESSES, "");
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
    space.assert_empty_plan();
}

#[test]
fn an_older_invite_goes_with_its_address() {
    for destroy in [false, true] {
        let space = Space::new(Options::default());
        space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
        // CertCentral rewrote the note, so that the older one is known by its ID alone.
        space.sim.with(|world| {
            world.invites.get_mut(&500_001).expect("sent").invite_note =
                Some("rewritten".to_owned());
        });
        space.sim.fault(cancel("500001", FaultKind::status(403)).times(1));
        space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
        assert_eq!(space.pending(), ["ada@example.com", "ada@example.com", "bo@example.com"]);
        if destroy {
            space.workspace.destroy();
            assert_eq!(space.pending(), [""; 0]);
        } else {
            space.apply(r#"["bo@example.com"]"#, r#"resend_triggers = { round = "2" }"#);
            assert_eq!(space.pending(), ["bo@example.com"]);
            space.assert_empty_plan();
        }
    }
}

#[test]
fn a_provider_killed_during_a_resend_sends_once_more_and_leaves_one_invite() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    let state = std::fs::read(space.path("terraform.tfstate")).expect("a state");
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
    space.sim.with(|world| {
        // It was killed before it canceled anything.
        for id in [500_001, 500_002] {
            world.invites.get_mut(&id).expect("sent").status = InviteStatus::Pending;
        }
    });
    // Core then keeps the state and loses the private data.
    std::fs::write(space.path("terraform.tfstate"), state).expect("the directory is writable");
    space.edit_state("digicert_subaccount_invite", |instance| {
        instance.as_object_mut().expect("an instance").remove("private");
    });
    space.workspace.apply();
    assert_eq!(space.mails(), 6);
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
    assert_eq!(space.ids(), "500005,500006");
    space.assert_empty_plan();
}

#[tokio::test]
async fn a_resend_that_stop_interrupts_is_completed_by_the_next_apply() {
    const INVITE: &str = "digicert_subaccount_invite";
    let sim = crate::fixtures::sim();
    let mut host = Host::without_retries(&sim).await;
    let config = |round: &str| {
        json!({
            "emails": ["ada@example.com"], "subaccount_type": "enterprise",
            "resend_triggers": { "round": round },
        })
    };
    let made = host.apply(INVITE, &Object::default(), Some(&config("1"))).await.succeeded().object;

    let lists = sim.count("GET", "/account/subaccount/invite");
    sim.fault(list(FaultKind::Hang).after(1));
    let mut again = config("2");
    again["id"] = json!("500001");
    let planned = host.plan(INVITE, &made, Some(&again)).await.succeeded();
    let mut client = host.client.clone();
    let request = wire::apply_resource_change::Request {
        type_name: INVITE.to_owned(),
        prior_state: made.state.clone(),
        planned_state: planned.object.state,
        planned_private: planned.object.private,
        config: Some(crate::host::dynamic(&config("2"))),
        ..wire::apply_resource_change::Request::default()
    };
    let applying = tokio::spawn(async move { client.apply_resource_change(request).await });
    until(|| sim.count("GET", "/account/subaccount/invite") == lists + 2).await;
    host.client.stop(wire::stop::Request::default()).await.expect("an answer");
    let answer = applying.await.expect("no panic").expect("an answer").into_inner();
    let said: Vec<_> =
        answer.diagnostics.iter().map(|it| (it.severity, it.summary.as_str())).collect();
    assert_eq!(said, [(2, "Invites not listed yet")]);
    sim.clear_faults();

    let resent = Object { state: answer.new_state, private: answer.private, ..Object::default() };
    let read = host.read(INVITE, &resent).await.succeeded();
    assert_eq!(read.attributes["invites"][0]["id"], "500002");
    let planned = host.plan(INVITE, &read.object, Some(&config("2"))).await.succeeded();
    assert_eq!(planned.attributes["invites"][0]["status"], "unknown");
    let done = host
        .apply_planned(INVITE, &read.object, planned.object, Some(&config("2")))
        .await
        .succeeded();
    assert_eq!(done.attributes["invites"], read.attributes["invites"]);
    let pending = |id| sim.with(|world| world.invites[&id].status == InviteStatus::Pending);
    assert_eq!((pending(500_001), pending(500_002)), (false, true));
}
