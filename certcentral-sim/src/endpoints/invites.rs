//! Subaccount invites.
//!
//! <https://dev.digicert.com/services-api/account/send-invite/>. The page of a single invite gives
//! the path of a subaccount, so there is no such read here.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::stamp;
use crate::options::{CanceledSpelling, InviteStatusFilter};
use crate::query::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::rules::{Field, Kind, UNLIMITED, check, optional, required};
use crate::world::{Invite, InviteStatus, MailKind, World};

/// A managed subaccount has no user who could accept.
const TYPES: &[&str] = &["retail", "enterprise", "reseller"];

const CREATE: &[Field] = &[
    required("emails", Kind::Emails),
    required("subaccount_type", Kind::OneOf(TYPES)),
    optional("invite_note", Kind::Text(UNLIMITED)),
];

const UPDATE: &[Field] = &[required("status", Kind::OneOf(&["canceled"]))];

const COLUMNS: &[&str] =
    &["id", "email", "subaccount_type", "date_created", "last_sent_date", "status"];

/// Sends an invite to each address, also to one with existing invites. Returns no IDs.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    if !call.options.subaccounts_enabled {
        return Err(Refusal::no_subaccounts());
    }
    let body = check(CREATE, &call.body)?;
    let now = world.now();
    for email in body.texts("emails") {
        let id = world.next_id();
        world.mail(&email, MailKind::SubaccountInvite);
        let invite = Invite {
            id,
            account_id: call.caller.account_id,
            email,
            subaccount_type: body.required_text("subaccount_type"),
            invite_note: body.text("invite_note"),
            date_created: now,
            last_sent_date: now,
            status: InviteStatus::Pending,
        };
        world.invites.insert(id, invite);
    }
    Ok(Reply::created_silently())
}

/// Lists invites, including expired and canceled ones.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow_list(&[
        "filters[email]",
        "filters[subaccount_type]",
        "filters[date_created]",
        "filters[last_sent_date]",
        "filters[status]",
        "filters[search]",
    ])?;
    let now = world.now();
    let mine = world.invites.values().filter(|it| call.sees(it.account_id));
    let found = mine.filter(|it| fits(call, it, now)).collect();
    page(call, "subaccount_invites", found, |it| show(call, it, now), COLUMNS)
}

/// Cancels an invite while it is pending.
pub(super) fn update_status(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let (id, now) = (call.id()?, world.now());
    let found = world.invites.get_mut(&id).filter(|it| call.sees(it.account_id));
    let invite = found.ok_or_else(|| call.missing("invite"))?;
    check(UPDATE, &call.body)?;
    if invite.status_at(now) != InviteStatus::Pending {
        let message = "Only a pending invite can be canceled.";
        return Err(Refusal::because("invite_not_pending", message));
    }
    invite.status = InviteStatus::Canceled;
    Ok(Reply::no_content())
}

fn fits(call: &Call<'_>, it: &Invite, now: DateTime) -> bool {
    let query = &call.query;
    query.fits("filters[email]", &[&it.email])
        && query.fits("filters[search]", &[&it.email])
        && query.fits("filters[subaccount_type]", &[&it.subaccount_type])
        && query.fits("filters[date_created]", &[&stamp(it.date_created)])
        && query.fits("filters[last_sent_date]", &[&stamp(it.last_sent_date)])
        && query.fits("filters[status]", found_by(call, it.status_at(now)))
}

/// The values of `filters[status]` that find a status.
fn found_by(call: &Call<'_>, status: InviteStatus) -> &'static [&'static str] {
    match (status, call.options.invite_status_filter) {
        (InviteStatus::Canceled, InviteStatusFilter::Cancelled) => &["cancelled"],
        (InviteStatus::Canceled, InviteStatusFilter::Canceled) => &["canceled"],
        _ => spellings(status),
    }
}

fn show(call: &Call<'_>, it: &Invite, now: DateTime) -> Value {
    let status = spellings(it.status_at(now));
    let spelling = match call.options.canceled_spelling {
        CanceledSpelling::Canceled => status.first(),
        CanceledSpelling::Cancelled => status.last(),
    };
    json!({
        "id": it.id,
        "email": it.email,
        "subaccount_type": it.subaccount_type,
        "invite_note": it.invite_note,
        "date_created": stamp(it.date_created),
        "last_sent_date": stamp(it.last_sent_date),
        "status": spelling,
    })
}

/// The spelling of a status. One has two documented spellings.
fn spellings(status: InviteStatus) -> &'static [&'static str] {
    match status {
        InviteStatus::Pending => &["pending"],
        InviteStatus::Accepted => &["accepted"],
        InviteStatus::Canceled => &["canceled", "cancelled"],
        InviteStatus::Expired => &["expired"],
    }
}
