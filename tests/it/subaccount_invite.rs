//! `digicert_subaccount_invite` through the real CLI. What counts is the mail.

mod life;
mod lives;
mod lost;
mod plan;
mod resend;
mod shared;
mod unfinished;

use certcentral_sim::{Fault, FaultKind, Invite, InviteStatus, MailKind, Options, World};
use serde_json::Value;

use crate::cli::{Workspace, unwrapped};

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
    assert_eq!(
        (space.state("id"), space.ids()),
        ("500001".into(), "500001,500005,500006,500007".into())
    );
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
fn an_address_without_an_invite_is_invited() {
    let space = Space::new(Options::default());
    space.apply(TWO_ADDRESSES, "");
    space.sim.with(|world| world.invites.remove(&500_002));
    space.workspace.edit_state("digicert_subaccount_invite", |instance| {
        let invites = instance["attributes"]["invites"].as_array_mut().expect("invites");
        invites.retain(|invite| invite["id"] != "500002");
    });
    let plan = unwrapped(&space.workspace.assert_plan());
    assert!(plan.contains("No invite to bo@example.com was found"), "{plan}");
    space.workspace.apply();
    assert_eq!(space.mails(), 3);
    assert_eq!((space.state("id"), space.ids()), ("500001".into(), "500001,500003".into()));
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
        ("a,b", r#"for example 41,42, but it is "a,b""#),
        ("500001,7,8", "has no invite 7, 8"),
        ("500001,500002", "invite 500002 differs from the first one"),
    ] {
        let said =
            space.run(&["import", "-no-color", "digicert_subaccount_invite.it", id]).failed();
        assert!(said.contains("Invalid import ID") && said.contains(says), "{said}");
    }
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

    /// IDs of `invites`, in their order.
    fn ids(&self) -> String {
        let invites = self.state("invites");
        let id = |it: &Value| it["id"].as_str().unwrap_or("null").to_owned();
        invites.as_array().into_iter().flatten().map(id).collect::<Vec<_>>().join(",")
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
