//! Subaccount invites.

use std::time::Duration;

use certcentral_sim::{CanceledSpelling, InviteStatus, InviteStatusFilter, MailKind, Options, Sim};
use serde_json::{Value, json};

use crate::client::{get, post, put};

const DAY: Duration = Duration::from_secs(86_400);

fn send(sim: &Sim, emails: &[&str]) {
    let body = json!({ "emails": emails, "subaccount_type": "retail", "invite_note": "Welcome" });
    let answer = post(sim, "/account/subaccount/invite", body);
    assert_eq!((answer.status, &*answer.text), (201, ""));
}

fn list(sim: &Sim, query: &str) -> Vec<Value> {
    let body = get(sim, &format!("/account/subaccount/invite{query}")).json();
    body["subaccount_invites"].as_array().unwrap().clone()
}

fn cancel(sim: &Sim, id: &Value) -> crate::client::Answer {
    let path = format!("/account/subaccount/invite/{id}/status");
    put(sim, &path, json!({ "status": "canceled" }))
}

#[test]
fn invites_are_sent_and_listed() {
    let sim = Sim::start(Options::default()).unwrap();
    send(&sim, &["a@example.com", "b@example.com"]);
    send(&sim, &["a@example.com"]);
    assert_eq!(sim.with(|world| world.mails_of(MailKind::SubaccountInvite)), 3);
    let all = list(&sim, "");
    assert_eq!(all.len(), 3);
    assert_eq!((&all[0]["status"], &all[0]["invite_note"]), (&json!("pending"), &json!("Welcome")));
    assert_eq!(all[0]["date_created"].as_str().unwrap().len(), "2024-01-02 03:04:05".len());
    assert_eq!(list(&sim, "?filters[email]=A@example.com").len(), 2);
    assert_eq!(list(&sim, "?filters[search]=%25b@").len(), 1);
    assert_eq!(list(&sim, "?filters[subaccount_type]=reseller").len(), 0);
    assert_eq!(list(&sim, "?limit=1&sort=-id")[0]["email"], "a@example.com");
    let day = &all[0]["date_created"].as_str().unwrap()[..10];
    assert_eq!(list(&sim, &format!("?filters[date_created]=%25{day}")).len(), 3);
    assert_eq!(list(&sim, &format!("?filters[last_sent_date]=%25{day}&limit=2")).len(), 2);
    assert_eq!(list(&sim, &format!("?filters[last_sent_date]={day}")).len(), 0);
    assert_eq!(list(&sim, "?filters[last_sent_date]=%252001-01-01").len(), 0);
}

#[test]
fn only_pending_invites_can_be_canceled() {
    let sim = Sim::start(Options::default()).unwrap();
    send(&sim, &["a@example.com"]);
    let id = list(&sim, "")[0]["id"].clone();
    assert_eq!(cancel(&sim, &id).status, 204);
    assert_eq!(cancel(&sim, &id).codes(), "invite_not_pending");
    assert_eq!(list(&sim, "?filters[status]=cancelled")[0]["status"], "canceled");
    assert_eq!(list(&sim, "?filters[status]=pending").len(), 0);
    assert_eq!(cancel(&sim, &json!(9)).codes(), "not_found|invite");
}

#[test]
fn a_canceled_invite_has_two_spellings() {
    for (invite_status_filter, by_canceled, by_cancelled) in [
        (InviteStatusFilter::Cancelled, 0, 1),
        (InviteStatusFilter::Canceled, 1, 0),
        (InviteStatusFilter::Both, 1, 1),
    ] {
        let sim = Sim::start(Options { invite_status_filter, ..Options::default() }).unwrap();
        send(&sim, &["a@example.com"]);
        cancel(&sim, &list(&sim, "")[0]["id"]);
        assert_eq!(list(&sim, "?filters[status]=canceled").len(), by_canceled);
        assert_eq!(list(&sim, "?filters[status]=cancelled").len(), by_cancelled);
    }

    let canceled_spelling = CanceledSpelling::Cancelled;
    let sim = Sim::start(Options { canceled_spelling, ..Options::default() }).unwrap();
    send(&sim, &["a@example.com"]);
    cancel(&sim, &list(&sim, "")[0]["id"]);
    assert_eq!(list(&sim, "")[0]["status"], "cancelled");
}

#[test]
fn an_invite_expires_after_thirty_days() {
    let sim = Sim::start(Options::default()).unwrap();
    send(&sim, &["a@example.com", "b@example.com"]);
    let ids: Vec<u64> = sim.with(|world| world.invites.keys().copied().collect());
    sim.with(|world| world.invites.get_mut(&ids[1]).unwrap().status = InviteStatus::Accepted);
    sim.clock_advance(29 * DAY);
    assert_eq!(list(&sim, "")[0]["status"], "pending");
    sim.clock_advance(DAY);
    let all = list(&sim, "");
    assert_eq!((&all[0]["status"], &all[1]["status"]), (&json!("expired"), &json!("accepted")));
    assert_eq!(cancel(&sim, &json!(ids[0])).codes(), "invite_not_pending");
}

#[test]
fn a_single_invite_cannot_be_read() {
    let sim = Sim::start(Options::default()).unwrap();
    send(&sim, &["a@example.com"]);
    let id = list(&sim, "")[0]["id"].clone();
    assert_eq!(get(&sim, &format!("/account/subaccount/invite/{id}")).codes(), "not_found|route");
    assert_eq!(get(&sim, &format!("/account/subaccount/{id}")).codes(), "not_found|account");
}

#[test]
fn invites_are_checked() {
    let sim = Sim::start(Options::default()).unwrap();
    let body = json!({ "emails": ["a@example.com", "b"], "subaccount_type": "managed", "x": 1 });
    let codes = "unknown_field|x invalid_field|emails[1] invalid_field|subaccount_type";
    assert_eq!(post(&sim, "/account/subaccount/invite", body).codes(), codes);
    assert_eq!(list(&sim, "").len(), 0);
}
