//! Invites: one list for all resources.

use certcentral_sim::{Fault, FaultKind, Invite, InviteStatus, Options, Sim, World};
use serde_json::{Value, json};

use super::{far_away, made_in, object, refresh, requests};
use crate::host::{Host, Object};

const INVITE: &str = "digicert_subaccount_invite";

/// An account that has sent so many invites, and the state of resources with so many of them each.
fn account(options: Options, invites: usize, each: usize) -> (Sim, Vec<Object>) {
    let sim = Sim::start(options).expect("loopback has a port");
    let rows: Vec<_> = sim.with(|world| (0..invites).map(|_| add(world)).collect());
    let private = made_in(&sim);
    let objects = rows.chunks(each).map(|rows| object(&attributes(rows), &private)).collect();
    (sim, objects)
}

fn add(world: &mut World) -> Value {
    let (id, now) = (world.next_id(), world.now());
    let invite = Invite {
        id,
        account_id: world.account.id,
        email: format!("customer{id}@example.com"),
        subaccount_type: "enterprise".to_owned(),
        invite_note: None,
        date_created: now,
        last_sent_date: now,
        status: InviteStatus::Pending,
    };
    let date = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let row = json!({
        "id": id.to_string(), "email": invite.email, "status": "pending", "date_created": date,
        "last_sent_date": date,
    });
    world.invites.insert(id, invite);
    row
}

fn attributes(rows: &[Value]) -> Value {
    let column = |name: &str| -> Vec<_> {
        rows.iter().map(|row| row[name].as_str().expect("a text")).collect()
    };
    json!({
        "id": column("id").join(","), "emails": column("email"), "subaccount_type": "enterprise",
        "invite_note": null, "resend_triggers": null, "invites": rows,
    })
}

#[tokio::test]
async fn all_resources_share_one_list() {
    for (page_limit_max, invites, each, most) in [
        (1000, 1000, 1, 3),
        (1000, 1000, 50, 3),
        (1000, 1000, 1000, 3),
        (1000, 10_000, 5000, 12),
        (100, 1000, 1, 12),
        (100, 1000, 1000, 10),
        (1000, 1, 1, 1),
    ] {
        let (sim, objects) =
            account(Options { page_limit_max, ..Options::default() }, invites, each);
        sim.fault(far_away("/account/subaccount/invite"));
        let host = Host::without_retries(&sim).await;
        let taken = requests(&host, &sim, INVITE, &objects).await;
        assert!(taken.len() <= most, "{} for {invites} by {each}", taken.len());
        let again = requests(&host, &sim, INVITE, &objects).await;
        assert_eq!(again.len(), 0, "nothing was written");
    }
}

#[tokio::test]
async fn a_few_of_many_are_asked_for_by_address() {
    let (sim, objects) = account(Options { page_limit_max: 100, ..Options::default() }, 3000, 1);
    let strewn: Vec<_> = objects.iter().step_by(300).cloned().collect();
    let taken = requests(&Host::without_retries(&sim).await, &sim, INVITE, &strewn).await;
    assert_eq!((strewn.len(), taken.len()), (10, 11));
    let taken = requests(&Host::without_retries(&sim).await, &sim, INVITE, &strewn[..1]).await;
    assert_eq!(taken.len(), 2);
}

#[tokio::test]
async fn what_changed_shows_after_a_write_and_when_the_list_fails() {
    let (sim, objects) = account(Options { page_limit_max: 5, ..Options::default() }, 20, 1);
    let mut host = Host::without_retries(&sim).await;
    requests(&host, &sim, INVITE, &objects).await;
    host.apply(INVITE, &objects[0], None).await.succeeded();
    let accept = |it: &mut Invite| it.status = InviteStatus::Accepted;
    sim.with(|world| world.invites.values_mut().skip(1).for_each(accept));
    for answered in refresh(&host, INVITE, &objects[1..]).await {
        assert_eq!(answered.succeeded().attributes["invites"][0]["status"], "accepted");
    }

    // The filtered list has the same path, so only the first requests fail.
    let (sim, objects) = account(Options { page_limit_max: 5, ..Options::default() }, 20, 1);
    sim.fault(
        Fault::new("GET", "/account/subaccount/invite", FaultKind::status(403)).after(1).times(1),
    );
    let taken = requests(&Host::without_retries(&sim).await, &sim, INVITE, &objects).await;
    assert!(taken.len() <= 22, "{}", taken.len());
}
