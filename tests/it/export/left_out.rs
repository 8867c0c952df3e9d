//! Objects that are left out, with a line that says why.

use certcentral_sim::{Fault, FaultKind, InviteStatus, Webhook};

use super::account::{FEW, fill, invite};
use super::{export, files};
use crate::fixtures::sim;

#[test]
fn what_is_gone_by_the_time_it_is_read_is_left_out() {
    let sim = sim();
    fill(&sim, FEW);
    let gone = || FaultKind::Status {
        status: 404,
        code: Some("not_found|organization".into()),
        body: None,
        retry_after: None,
    };
    sim.fault(Fault::new("GET", "/organization/300002", gone()));
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("out");
    let text = export(&sim, &out, &["--only=organization_contacts,organization"]).succeeded();
    let line = "Left out: digicert_organization_contacts Example Second Org (300002): it no longer exists.";
    assert!(text.contains(line), "{text}");
    assert!(!files(&out)["organization_contacts.tf"].contains("300002"));
}

#[test]
fn objects_whose_plan_would_change_something_are_left_out() {
    let sim = sim();
    sim.with(|world| {
        world.containers.get_mut(&1003).expect("it exists").is_active = false;
        world.organizations.get_mut(&300_001).expect("it exists").telephone = None;
        world.account.admin_email = None;
        let (id, account_id) = (world.next_id(), world.account.id);
        let webhook = Webhook::new(id, account_id, "https://hooks.example.com/");
        world.webhooks.insert(id, webhook);
    });
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("out");
    let text = export(&sim, &out, &[]).succeeded();
    for line in [
        "Left out: digicert_webhook ",
        "it is pending, and its configuration would activate it.",
        "Left out: digicert_organization Example Org LLC (300001): ",
        "its values are not a valid configuration: ",
        "Left out: digicert_account_emails this (100001): ",
        // It has no contact.
        "Left out: digicert_organization_contacts Example Second Org (300002): ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let files = files(&out);
    assert!(!files.contains_key("webhooks.tf") && !files.contains_key("account_emails.tf"));
    assert!(!files["divisions.tf"].contains("1003"), "{text}");
    // Nothing refers to what is left out.
    assert!(files["organization_contacts.tf"].contains("organization_id = \"300001\""));
}

#[test]
fn pending_invites_are_written_once_each() {
    let sim = sim();
    let [old, new, other] = sim.with(|world| {
        let note = || Some("Hello".to_owned());
        let old = invite(world, "a@example.com", note(), InviteStatus::Pending);
        let new = invite(world, "A@example.com", note(), InviteStatus::Pending);
        invite(world, "b@example.com", note(), InviteStatus::Canceled);
        let other = invite(world, "a@example.com", None, InviteStatus::Pending);
        [old, new, other]
    });
    let directory = tempfile::tempdir().expect("a directory");
    let out = directory.path().join("out");
    export(&sim, &out, &["--only=subaccount_invite"]).succeeded();
    let text = &files(&out)["subaccount_invites.tf"];
    assert_eq!(text.matches("resource ").count(), 2, "{text}");
    for id in [new, other] {
        assert!(text.contains(&format!("  id = \"{id}\"\n")), "{text}");
    }
    assert!(!text.contains(&old.to_string()), "{text}");
    assert_eq!(text.to_lowercase().matches("a@example.com").count(), 2, "{text}");
}
