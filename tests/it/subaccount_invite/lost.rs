//! Sending and canceling where CertCentral fails.

use certcentral_sim::{Fault, FaultKind, Options};

use super::{APPLY, Space, TWO_ADDRESSES, cancel, list, post};

/// What goes wrong while two invites are sent, and what then is.
struct Lost {
    faults: &'static [fn() -> Fault],
    /// What the apply says; it fails if that starts with `Error`.
    says: &'static str,
    /// Mails after it, and after another apply.
    mails: (usize, usize),
}

const LOST: &[Lost] = &[
    Lost {
        faults: &[|| list(FaultKind::status(500)).times(1)],
        says: "Error: Cannot create digicert_subaccount_invite",
        mails: (0, 2),
    },
    Lost {
        faults: &[|| post(FaultKind::status(403))],
        says: "Error: Cannot create digicert_subaccount_invite",
        mails: (0, 2),
    },
    Lost {
        faults: &[|| post(FaultKind::Reset).with_effect()],
        says: "Apply complete!",
        mails: (2, 2),
    },
    Lost {
        faults: &[|| post(FaultKind::Reset)],
        says: "Error: Invites may have been sent",
        mails: (0, 2),
    },
    Lost {
        faults: &[
            || post(FaultKind::status(502)).with_effect(),
            || list(FaultKind::Close).after(1).times(1),
        ],
        says: "Error: Invites may have been sent",
        mails: (2, 2),
    },
    Lost {
        faults: &[|| list(FaultKind::status(500)).after(1).times(1)],
        says: "Warning: Invites not listed yet",
        mails: (2, 2),
    },
];

#[test]
fn after_no_answer_the_list_decides() {
    for (number, lost) in LOST.iter().enumerate() {
        let space = Space::new(Options::default());
        lost.faults.iter().for_each(|fault| space.sim.fault(fault()));
        space.configure(TWO_ADDRESSES, "");
        let ran = space.run(APPLY);
        let fails = lost.says.starts_with("Error");
        assert_eq!(ran.code, Some(i32::from(fails)), "{number}: {}", ran.text);
        assert!(ran.text.contains(lost.says), "{number}: {}", ran.text);
        assert_eq!(
            space.state("id").is_null(),
            fails || lost.says.starts_with("Warning"),
            "{number}"
        );
        assert_eq!(space.mails(), lost.mails.0, "{number}");

        if !fails {
            space.assert_empty_plan();
        }
        space.workspace.apply();
        assert_eq!(space.mails(), lost.mails.1, "{number}");
        assert_eq!(space.invited(), "ada@example.com pending, bo@example.com pending", "{number}");
        space.assert_empty_plan();
    }
}

#[test]
fn a_cancel_that_fails_half_way_leaves_the_rest_to_the_next_apply() {
    let four = r#"["ada@example.com", "bo@example.com", "cy@example.com", "di@example.com"]"#;
    let space = Space::new(Options::default());
    space.apply(four, "");
    space.sim.fault(cancel("500003", FaultKind::status(403)).times(1));
    space.configure(r#"["ada@example.com", "new@example.com"]"#, "");
    let said = space.workspace.apply_fails();
    assert!(said.contains("Failed to cancel invite 500003 to cy@example.com"), "{said}");
    assert_eq!(
        space.invited(),
        "ada@example.com pending, cy@example.com pending, di@example.com pending, new@example.com pending"
    );
    space.workspace.apply();
    assert_eq!(
        (space.mails(), space.invited().as_str()),
        (5, "ada@example.com pending, new@example.com pending")
    );
    space.assert_empty_plan();

    // Where no answer came, the list shows that the invite is not pending any more.
    space.sim.fault(cancel("500001", FaultKind::Reset).with_effect().times(1));
    space.sim.fault(cancel("500005", FaultKind::status(403)).times(1));
    let said = space.run(&["destroy", "-auto-approve", "-no-color"]).failed();
    assert!(said.contains("Failed to cancel invite 500005 to new@example.com"), "{said}");
    assert_eq!(space.pending(), ["new@example.com"]);
    space.workspace.destroy();
    assert_eq!(space.pending(), [""; 0]);
}
