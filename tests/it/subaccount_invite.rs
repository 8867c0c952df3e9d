//! `digicert_subaccount_invite` through the real CLI. What counts is the mail.

use std::time::Duration;

use certcentral_sim::{
    CanceledSpelling, Fault, FaultKind, Invite, InviteStatus, MailKind, Options, World,
};
use serde_json::Value;

use crate::cli::{Workspace, unwrapped};
use crate::lifecycle::Row;

const ROW: Row = Row {
    resource: "digicert_subaccount_invite",
    create: (
        ONE,
        &[
            r#"POST /account/subaccount/invite {"emails":["Ada@example.com"],"subaccount_type":"enterprise"}"#,
        ],
    ),
    updates: &[
        (
            TWO,
            &[
                r#"POST /account/subaccount/invite {"emails":["bo@example.com"],"subaccount_type":"enterprise"}"#,
            ],
        ),
        (TRIGGERED, &[]),
        (
            RESENT,
            &[
                r#"POST /account/subaccount/invite {"emails":["Ada@example.com","bo@example.com"],"subaccount_type":"enterprise"}"#,
                r#"PUT /account/subaccount/invite/500001/status {"status":"canceled"}"#,
                r#"PUT /account/subaccount/invite/500002/status {"status":"canceled"}"#,
            ],
        ),
        (
            EXCHANGED,
            &[
                r#"POST /account/subaccount/invite {"emails":["cy@example.com"],"subaccount_type":"enterprise"}"#,
                r#"PUT /account/subaccount/invite/500004/status {"status":"canceled"}"#,
            ],
        ),
    ],
    respelled: RESPELLED,
    drift: &[],
    unnoticed: &[
        |world| invites(world, |it| it.status = InviteStatus::Canceled),
        |world| invites(world, |it| it.status = InviteStatus::Accepted),
        |world| {
            let now = world.now();
            invites(world, |it| it.last_sent_date = now);
        },
        |world| world.invites.clear(),
    ],
    removed: (|world| world.invites.clear(), "The list of invites lacks those to Ada@example.com"),
    import_id: |state| state["id"].as_str().expect("an id").to_owned(),
    after_import: &[],
    lost_attribute: "invites",
    destroy: &[
        r#"PUT /account/subaccount/invite/500003/status {"status":"canceled"}"#,
        r#"PUT /account/subaccount/invite/500005/status {"status":"canceled"}"#,
    ],
    left_behind: None,
};

const ONE: &str = r#"
    emails          = ["Ada@example.com"]
    subaccount_type = "enterprise""#;
const TWO: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise""#;
const TRIGGERED: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "1" }"#;
const RESENT: &str = r#"
    emails          = ["bo@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;
const EXCHANGED: &str = r#"
    emails          = ["cy@example.com", "Ada@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;
const RESPELLED: &str = r#"
    emails          = ["ADA@EXAMPLE.com", "Cy@example.com"]
    subaccount_type = "enterprise"
    resend_triggers = { round = "2" }"#;

#[test]
fn lifecycle() {
    ROW.live(Options::default());
}

#[test]
fn lifecycle_where_the_api_spells_everything_otherwise() {
    ROW.live(Options {
        page_limit_max: 2,
        ids_as_strings: true,
        null_for_unset: true,
        lower_case_emails: true,
        canceled_spelling: CanceledSpelling::Cancelled,
        ..Options::default()
    });
}

#[test]
fn three_hundred_invites_take_one_request_and_one_mail_each() {
    for page_limit_max in [2, 100] {
        let space = Space::new(Options { page_limit_max, ..Options::default() });
        let everyone = r#"[for n in range(300) : "customer-${n}@example.com"]"#;
        space.apply(everyone, "");
        assert_eq!(
            (space.mails(), space.sim.count("POST", "/account/subaccount/invite")),
            (300, 1)
        );
        assert_eq!(space.state("invites").as_array().map(Vec::len), Some(300));
        space.assert_empty_plan();

        let one_more = everyone.replace("300", "301");
        space.apply(&one_more, "");
        assert_eq!(space.mails(), 301, "only the new one is invited");
        space.assert_empty_plan();
    }
}

#[test]
fn what_is_pending_is_adopted_instead_of_mailed() {
    let space = Space::new(Options::default());
    let elsewhere = |email, note: Option<&str>, status| {
        space.sim.with(|world| invite(world, email, note, status));
    };
    elsewhere("pending@example.com", None, InviteStatus::Pending);
    elsewhere("other-note@example.com", Some("Hello"), InviteStatus::Pending);
    elsewhere("canceled@example.com", None, InviteStatus::Canceled);
    elsewhere("accepted@example.com", None, InviteStatus::Accepted);
    let emails = r#"["Pending@example.com", "other-note@example.com", "canceled@example.com", "accepted@example.com"]"#;
    let said = space.apply(emails, "");
    assert!(
        said.contains("Invites adopted") && said.contains("pending@example.com (500001)"),
        "{said}"
    );
    assert_eq!(space.mails(), 3);
    assert_eq!(space.state("id"), "500001,500005,500006,500007");
    space.assert_empty_plan();
}

#[test]
fn few_addresses_in_a_long_list_are_asked_for_one_by_one() {
    let space = Space::new(Options { page_limit_max: 2, ..Options::default() });
    space.sim.with(|world| {
        for number in 0..50 {
            let email = format!("customer-{number}@example.com");
            invite(world, &email, None, InviteStatus::Pending);
        }
    });
    space.apply(r#"["Customer-40@example.com", "new@example.com"]"#, "");
    assert_eq!(space.mails(), 1);
    let requests = space.sim.take_requests();
    let lists = requests.iter().filter(|it| it.path == "/account/subaccount/invite");
    let lists: Vec<_> = lists.map(|it| it.method.as_str()).collect();
    // A first page tells how long the list is; afterwards only the new address matters.
    assert_eq!(lists, ["GET", "GET", "GET", "POST", "GET", "GET"]);
    space.assert_empty_plan();
}

#[test]
fn two_resources_that_share_an_address_send_once() {
    let space = Space::new(Options::default());
    let block = |name| format!("resource \"digicert_subaccount_invite\" {name:?} {{ {ONE} \n}}");
    space.write(&format!("{}\n{}", block("it"), block("other")));
    assert!(space.workspace.apply().contains("Invites adopted"));
    assert_eq!(space.mails(), 1);
}

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
fn an_older_invite_that_stays_is_told() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "1" }"#);
    space.sim.fault(cancel("500001", FaultKind::status(403)).times(1));
    let said = space.apply(TWO_ADDRESSES, r#"resend_triggers = { round = "2" }"#);
    assert!(said.contains("Older invites not canceled"), "{said}");
    assert_eq!(space.pending(), ["ada@example.com", "ada@example.com", "bo@example.com"]);
    space.assert_empty_plan();
    space.workspace.destroy();
    assert_eq!(space.pending(), [""; 0]);
}

#[test]
fn a_cancel_that_fails_half_way_leaves_the_rest_to_the_next_apply() {
    let four = r#"["ada@example.com", "bo@example.com", "cy@example.com", "di@example.com"]"#;
    let space = Space::new(Options::default());
    space.apply(four, "");
    space.sim.fault(cancel("500003", FaultKind::status(403)).times(1));
    space.configure(r#"["ada@example.com", "new@example.com"]"#, "");
    let said = space.workspace.apply_fails();
    assert!(said.contains("Canceling invite 500003 to cy@example.com failed"), "{said}");
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
    assert!(said.contains("Canceling invite 500005 to new@example.com failed"), "{said}");
    assert_eq!(space.pending(), ["new@example.com"]);
    space.workspace.destroy();
    assert_eq!(space.pending(), [""; 0]);
}

#[test]
fn an_address_without_an_invite_is_invited() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    space.sim.with(|world| world.invites.remove(&500_002));
    space.workspace.edit_state("digicert_subaccount_invite", |instance| {
        let invites = instance["attributes"]["invites"].as_array_mut().expect("invites");
        invites.retain(|invite| invite["id"] != "500002");
    });
    let plan = unwrapped(&space.workspace.assert_plan());
    assert!(plan.contains("No invite to bo@example.com is known"), "{plan}");
    space.workspace.apply();
    assert_eq!(space.mails(), 3);
    assert_eq!(space.state("id"), "500001,500003");
    space.assert_empty_plan();
}

#[test]
fn another_type_or_note_invites_anew() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, r#"invite_note = """#);
    space.apply(TWO_ADDRESSES, "");
    assert_eq!(space.mails(), 2, "an empty note is none");
    space.apply(TWO_ADDRESSES, r#"invite_note = "Welcome\nto us""#);
    assert_eq!((space.mails(), space.pending().len()), (4, 2));
    space.assert_empty_plan();
}

#[test]
fn imports_say_what_is_wrong() {
    let space = Space::new(Options::default());
    space.sim.with(|world| {
        invite(world, "ada@example.com", None, InviteStatus::Pending);
        invite(world, "bo@example.com", Some("Hello"), InviteStatus::Pending);
    });
    space.configure(TWO_ADDRESSES, "");
    for (id, says) in [
        ("a,b", r#"as in 41,42, but it is "a,b""#),
        ("500001,7,8", "has no invite 7, 8"),
        ("500001,500002", "those of invite 500002 are not those of the others"),
    ] {
        let said =
            space.run(&["import", "-no-color", "digicert_subaccount_invite.it", id]).failed();
        assert!(said.contains("Invalid import ID") && said.contains(says), "{said}");
    }
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
    assert!(space.sim.requests().is_empty());
}

/// A workspace with one resource, whose calls fail at once.
struct Space {
    workspace: Workspace,
}

impl std::ops::Deref for Space {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl Space {
    fn new(options: Options) -> Self {
        Self { workspace: Workspace::new(options) }
    }

    fn configure(&self, emails: &str, rest: &str) {
        // Calls are not repeated, so that a fault strikes what it says.
        self.write(&format!(
            "provider \"digicert\" {{\nmax_retries = 0\nrate_limits = []\n}}\n\
             resource \"digicert_subaccount_invite\" \"it\" {{\n\
             subaccount_type = \"enterprise\"\nemails = {emails}\n{rest}\n}}"
        ));
    }

    /// Applies, successfully.
    fn apply(&self, emails: &str, rest: &str) -> String {
        self.configure(emails, rest);
        unwrapped(&self.workspace.apply())
    }

    fn state(&self, attribute: &str) -> Value {
        self.workspace.state("digicert_subaccount_invite.it")[attribute].clone()
    }

    /// Addresses and statuses of `invites`.
    fn invited(&self) -> String {
        let invites = self.state("invites");
        let text = |invite: &Value, name: &str| invite[name].as_str().unwrap_or("null").to_owned();
        let show = |it: &Value| format!("{} {}", text(it, "email"), text(it, "status"));
        invites.as_array().into_iter().flatten().map(show).collect::<Vec<_>>().join(", ")
    }

    fn mails(&self) -> usize {
        self.sim.with(|world| world.mails_of(MailKind::SubaccountInvite))
    }

    /// Addresses of invites that are pending at CertCentral.
    fn pending(&self) -> Vec<String> {
        self.sim.with(|world| {
            let now = world.now();
            let pending = |it: &&Invite| it.status_at(now) == InviteStatus::Pending;
            let pending = world.invites.values().filter(pending);
            let mut emails: Vec<_> = pending.map(|it| it.email.to_lowercase()).collect();
            emails.sort();
            emails
        })
    }
}

const TWO_ADDRESSES: &str = r#"["ada@example.com", "bo@example.com"]"#;
const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-no-color"];

fn post(kind: FaultKind) -> Fault {
    Fault::new("POST", "/account/subaccount/invite", kind).times(1)
}

fn list(kind: FaultKind) -> Fault {
    Fault::new("GET", "/account/subaccount/invite", kind)
}

fn cancel(id: &str, kind: FaultKind) -> Fault {
    Fault::new("PUT", &format!("/account/subaccount/invite/{id}/status"), kind)
}

fn invites(world: &mut World, change: impl FnMut(&mut Invite)) {
    world.invites.values_mut().for_each(change);
}

/// Somebody invites in the console.
fn invite(world: &mut World, email: &str, note: Option<&str>, status: InviteStatus) {
    let (id, now) = (world.next_id(), world.now());
    let invite = Invite {
        id,
        account_id: world.account.id,
        email: email.to_owned(),
        subaccount_type: "enterprise".to_owned(),
        invite_note: note.map(str::to_owned),
        date_created: now,
        last_sent_date: now,
        status,
    };
    world.invites.insert(id, invite);
}
