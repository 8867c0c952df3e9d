//! What is planned, and that core accepts what comes of it.

use certcentral_sim::{FaultKind, InviteStatus, Options};

use super::{APPLY, Space, TWO_ADDRESSES, invite, list};
use crate::cli::unwrapped;

#[test]
fn letter_case_changes_beside_a_real_change() {
    let space = Space::new(Options::default());
    space.apply(r#"["Ada@example.com", "bo@example.com"]"#, "");
    space.apply(r#"["new@example.com", "ADA@example.com", "bo@example.com"]"#, "");
    assert_eq!(space.mails(), 3);
    assert_eq!(
        space.invited(),
        "ADA@example.com pending, bo@example.com pending, new@example.com pending"
    );
    space.assert_empty_plan();
    space.apply(r#"["NEW@example.com", "ada@example.com"]"#, "");
    assert_eq!(space.mails(), 3);
    assert_eq!(space.pending(), ["ADA@example.com", "NEW@example.com"].map(str::to_lowercase));
    space.assert_empty_plan();
}

#[test]
fn every_problem_of_a_configuration_is_told_before_anything_is_called() {
    let space = Space::new(Options::default());
    for (emails, says) in [
        ("[]", "must not be empty"),
        (r#"["Ada@example.com", "ada@example.com"]"#, "differ only in letter case"),
        (r#"["nobody", "ada@example.com"]"#, r#"must be an e-mail address; got "nobody""#),
    ] {
        space.configure(emails, "");
        let said = space.run(&["plan", "-no-color"]).failed();
        assert!(said.contains(says) && said.contains("in resource"), "{said}");
    }
    for subaccount_type in ["managed", "Enterprise", "partner"] {
        space.write(&format!(
            "resource \"digicert_subaccount_invite\" \"it\" {{\n\
             emails = {TWO_ADDRESSES}\nsubaccount_type = {subaccount_type:?}\n}}"
        ));
        let said = space.run(&["plan", "-no-color"]).failed();
        assert!(said.contains(r#"must be one of "retail", "enterprise", "reseller""#), "{said}");
        assert!(said.contains("in resource"), "{said}");
    }
    assert!(space.sim.requests().is_empty());
}

/// The lines of a plan that say what changes.
fn changes(plan: &str) -> Vec<&str> {
    let (_, actions) = plan.split_once("will perform the following actions:").expect("changes");
    let lines = actions.lines().map(str::trim_start);
    lines.filter(|line| ["+ ", "- ", "~ "].iter().any(|sign| line.starts_with(sign))).collect()
}

#[test]
fn one_address_more_shows_one_more_invite() {
    let space = Space::new(Options::default());
    let everyone = r#"[for n in range(500) : format("customer-%03d@example.com", n)]"#;
    space.apply(everyone, "");
    let id = space.state("id");
    let one_more = format!(r#"concat({everyone}, ["customer-2500@example.com"])"#);
    space.configure(&one_more, "");
    let plan = space.workspace.assert_plan();
    assert_eq!(
        changes(&plan),
        [
            r#"~ resource "digicert_subaccount_invite" "it" {"#,
            "~ emails          = [",
            r#"+ "customer-2500@example.com","#,
            "~ invites         = [",
            "+ {",
            "+ date_created   = (known after apply)",
            r#"+ email          = "customer-2500@example.com""#,
            "+ id             = (known after apply)",
            "+ last_sent_date = (known after apply)",
            "+ status         = (known after apply)",
        ],
        "{plan}"
    );
    space.workspace.apply();
    assert_eq!((space.mails(), space.state("id")), (501, id.clone()));
    space.assert_empty_plan();

    // The invite to the address with the lowest ID is gone, and the resource's ID stays.
    let fewer = one_more.replace("range(500)", "range(1, 500)");
    space.configure(&fewer, "");
    let plan = space.workspace.assert_plan();
    assert!(!plan.contains("known after apply"), "{plan}");
    space.workspace.apply();
    assert_eq!((space.mails(), space.state("id")), (501, id));
    space.assert_empty_plan();
}

#[test]
fn a_resend_shows_only_the_invites_that_are_sent_again() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    space.sim.with(|world| {
        world.invites.get_mut(&500_001).expect("sent").status = InviteStatus::Accepted;
    });
    space.configure(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
    let plan = space.workspace.assert_plan();
    let sent = space.state("invites")[0]["last_sent_date"].as_str().expect("a date").to_owned();
    assert_eq!(
        changes(&plan.replace(&sent, "2026-01-01 00:00:00")),
        [
            r#"~ resource "digicert_subaccount_invite" "it" {"#,
            "~ invites         = [",
            "~ {",
            r#"~ date_created   = "2026-01-01 00:00:00" -> (known after apply)"#,
            r#"~ id             = "500002" -> (known after apply)"#,
            r#"~ last_sent_date = "2026-01-01 00:00:00" -> (known after apply)"#,
            r#"~ status         = "pending" -> (known after apply)"#,
            "~ resend_triggers = {",
            r#"~ "round" = "1" -> "2""#,
        ],
        "{plan}"
    );
    space.workspace.apply();
    assert_eq!(space.ids(), "500001,500003");
}

#[test]
fn an_edit_of_letter_case_beside_an_unknown_address() {
    let space = Space::new(Options::default());
    let unknown = "}\nresource \"terraform_data\" \"x\" {\ninput = \"b@example.com\"\n";
    space.apply(r#"["a@example.com", "b@example.com"]"#, "");
    space.apply(r#"["A@example.com", terraform_data.x.output]"#, unknown);
    assert_eq!(
        (space.mails(), space.invited().as_str()),
        (2, "A@example.com pending, b@example.com pending")
    );
    space.assert_empty_plan();

    // A new address, unknown while planning.
    let other = unknown.replace("b@", "c@");
    space.apply(r#"["a@example.com", terraform_data.x.output]"#, &other);
    assert_eq!(
        (space.mails(), space.invited().as_str()),
        (3, "a@example.com pending, c@example.com pending")
    );
    assert_eq!(space.pending(), ["a@example.com", "c@example.com"]);
    space.assert_empty_plan();
}

#[test]
fn two_unknown_addresses_in_one_set() {
    let space = Space::new(Options::default());
    let two = r#"["c@example.com", terraform_data.x["a"].output, terraform_data.x["b"].output]"#;
    let unknown = |a: &str| {
        format!(
            "}}\nresource \"terraform_data\" \"x\" {{\n\
             for_each = {{ a = {a:?}, b = \"b@example.com\" }}\ninput = each.value\n"
        )
    };
    space.apply(two, &unknown("a@example.com"));
    assert_eq!(space.mails(), 3);
    space.assert_empty_plan();
    space.apply(two, &unknown("new@example.com"));
    assert_eq!((space.mails(), space.pending().len()), (4, 3));
    space.assert_empty_plan();
}

#[test]
fn letter_case_alone_calls_nothing() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    space.sim.take_requests();
    space.configure(r#"["ADA@example.com", "bo@EXAMPLE.com"]"#, "");
    space.run(&[APPLY, &["-refresh=false"]].concat()).succeeded();
    let requests = space.sim.take_requests();
    assert!(!requests.iter().any(|it| it.path.contains("invite")), "{requests:?}");
    assert_eq!(space.invited(), "ADA@example.com pending, bo@EXAMPLE.com pending");
    space.assert_empty_plan();
}

#[test]
fn an_invite_that_is_not_listed_after_an_update_is_found_later() {
    for refresh in [true, false] {
        let space = Space::new(Options::default());
        space.apply(TWO_ADDRESSES, "");
        let three = r#"["ada@example.com", "bo@example.com", "cy@example.com"]"#;
        space.sim.fault(list(FaultKind::status(500)).after(2).times(1));
        let said = space.apply(three, "");
        assert!(said.contains("Invites not listed yet"), "{said}");
        assert_eq!((space.mails(), space.ids().as_str()), (3, "500001,500002,null"));
        if refresh {
            space.assert_empty_plan();
        }
        let apply = if refresh { APPLY.to_vec() } else { [APPLY, &["-refresh=false"]].concat() };
        let said = space.run(&apply).succeeded();
        assert_eq!(said.contains("Invites adopted"), !refresh, "{said}");
        assert_eq!((space.mails(), space.ids().as_str()), (3, "500001,500002,500003"));
        space.assert_empty_plan();
    }
}

#[test]
fn the_id_of_what_was_not_listed_at_first_comes_from_the_first_read() {
    let space = Space::new(Options::default());
    space.sim.fault(list(FaultKind::status(500)).after(1).times(1));
    space.apply(TWO_ADDRESSES, "");
    assert!(space.state("id").is_null() && space.state("invites").is_null());
    // Another apply that does not read first: the list is read before anything is sent.
    let said = space.run(&[APPLY, &["-refresh=false"]].concat()).succeeded();
    assert!(said.contains("Invites adopted"), "{said}");
    assert_eq!((space.mails(), space.state("id")), (2, "500001".into()));
    space.assert_empty_plan();
}

#[test]
fn an_import_has_the_lowest_id() {
    let space = Space::new(Options::default());
    space.sim.with(|world| {
        for email in ["bo@example.com", "ada@example.com"] {
            invite(world, email, None, InviteStatus::Pending);
        }
    });
    space.configure(TWO_ADDRESSES, "");
    let import = ["import", "-no-color", "digicert_subaccount_invite.it", "500002,500001"];
    space.run(&import).succeeded();
    assert_eq!((space.state("id"), space.ids()), ("500001".into(), "500002,500001".into()));
    space.assert_empty_plan();
    assert!(unwrapped(&space.workspace.apply()).contains("0 added, 0 changed, 0 destroyed"));
}
