//! `resend_triggers`: who is sent another invite.

use std::time::Duration;

use certcentral_sim::{FaultKind, InviteStatus, Options};

use super::{APPLY, Space, TWO_ADDRESSES, invite, list, post};
use crate::cli::unwrapped;

#[test]
fn a_trigger_whose_answer_was_lost_mails_once() {
    for (effect, mails) in [(true, 4), (false, 2)] {
        let space = Space::new(Options::default());
        space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
        let fault = post(FaultKind::Reset);
        space.sim.fault(if effect { fault.with_effect() } else { fault });
        space.sim.fault(list(FaultKind::status(500)).after(2).times(1));
        space.configure(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
        let said = space.workspace.apply_fails();
        assert!(said.contains("Invites may have been sent"), "{said}");
        assert_eq!(space.mails(), mails);

        space.workspace.apply();
        assert_eq!(space.mails(), 4, "effect: {effect}");
        assert_eq!(
            space.pending(),
            ["ada@example.com", "bo@example.com"],
            "older ones are canceled"
        );
        space.assert_empty_plan();

        space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "3" }"#);
        assert_eq!(space.mails(), 6, "what was adopted once is sent again like any other");
    }
}

#[test]
fn a_trigger_spares_those_who_have_accepted() {
    let space = Space::new(Options::default());
    let three = r#"["ada@example.com", "bo@example.com", "cy@example.com"]"#;
    space.apply(three, r#"resend_triggers = { round = "1" }"#);
    space.sim.with(|world| {
        world.invites.values_mut().next().expect("one").status = InviteStatus::Accepted;
    });
    space.sim.clock_advance(Duration::from_secs(31 * 86_400));
    let plan = space.workspace.plan();
    assert_eq!(plan.code, Some(0), "{}", plan.text);
    let said = unwrapped(&plan.text);
    assert!(said.contains("bo@example.com (expired), cy@example.com (expired)"), "{said}");
    space.workspace.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).succeeded();
    assert_eq!(
        space.invited(),
        "ada@example.com accepted, bo@example.com expired, cy@example.com expired"
    );
    assert_eq!(space.mails(), 3);

    space.apply(three, r#"resend_triggers = { round = "2" }"#);
    assert_eq!(space.mails(), 5);
    assert_eq!(
        space.invited(),
        "ada@example.com accepted, bo@example.com pending, cy@example.com pending"
    );
    space.apply(three, "");
    assert_eq!(space.mails(), 5, "removing the triggers sends nothing");
    space.workspace.destroy();
    assert_eq!(space.pending(), [""; 0]);
    assert_eq!(space.sim.count("PUT", "/account/subaccount/invite/500001"), 0, "it was accepted");
}

#[test]
fn a_trigger_that_is_not_known_yet_waits_for_the_apply() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    let triggers = "resend_triggers = { round = terraform_data.round.id }";
    space.configure(
        TWO_ADDRESSES,
        &format!("{triggers}\n}}\nresource \"terraform_data\" \"round\" {{"),
    );
    space.workspace.apply();
    assert_eq!(space.mails(), 4);
    space.assert_empty_plan();
}

#[test]
fn the_first_trigger_sends_only_where_an_invite_is_closed() {
    let space = Space::new(Options::default());
    let three = r#"["ada@example.com", "bo@example.com", "cy@example.com"]"#;
    space.apply(three, "");
    space.sim.with(|world| {
        world.invites.get_mut(&500_001).expect("sent").status = InviteStatus::Canceled;
        world.invites.get_mut(&500_002).expect("sent").status = InviteStatus::Accepted;
    });
    let said = unwrapped(&space.plan().text);
    assert!(said.contains("Invites expired or canceled"), "{said}");
    assert!(said.contains("can no longer be accepted: ada@example.com (canceled)."), "{said}");
    assert!(
        said.contains(r#"add `resend_triggers`, for example `resend_triggers = { round = "1" }`"#),
        "{said}"
    );

    space.apply(three, r#"resend_triggers = { round = "1" }"#);
    assert_eq!(space.mails(), 4, "what is pending or accepted is left alone");
    assert_eq!(
        space.invited(),
        "ada@example.com pending, bo@example.com accepted, cy@example.com pending"
    );
    let plan = space.plan();
    assert_eq!(plan.code, Some(0), "{}", plan.text);
    assert!(!plan.text.contains("expired or canceled"), "{}", plan.text);

    // With triggers in place, the advice is to change one.
    space.sim.clock_advance(Duration::from_secs(31 * 86_400));
    let said = unwrapped(&space.plan().text);
    assert!(said.contains("change a value of `resend_triggers`"), "{said}");
    space.apply(three, r#"resend_triggers = { round = "2" }"#);
    assert_eq!(space.mails(), 6);
}

#[test]
fn the_first_trigger_adopts_what_somebody_has_sent_meanwhile() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    space.sim.clock_advance(Duration::from_secs(31 * 86_400));
    space.workspace.run(&["apply", "-refresh-only", "-auto-approve", "-no-color"]).succeeded();
    space.sim.with(|world| invite(world, "ada@example.com", None, InviteStatus::Pending));
    space.configure(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    let said = space.run(&[APPLY, &["-refresh=false"]].concat()).succeeded();
    assert!(said.contains("Invites adopted"), "{said}");
    assert_eq!(space.mails(), 3, "only the other one is sent");
    assert_eq!(space.pending(), ["ada@example.com", "bo@example.com"]);
    space.assert_empty_plan();
}
