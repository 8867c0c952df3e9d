//! Messages of `digicert_subaccount_invite`.

use crate::certcentral::{Error, Id};
use crate::kind::Failure;
use crate::resources::posted;
use crate::schema::{Diagnostic, Path};

use super::Invite;
use super::state::Superseded;

/// No invite was sent because of this error.
pub(super) fn nothing_sent(error: Error) -> Failure {
    let advice = "No invite was sent or canceled. Fix the cause and apply again.";
    Failure::advised(error, advice)
}

/// No response was received, and no new invite was found.
pub(super) fn maybe_sent(emails: &[&str], error: &Error, unlisted: Option<&Error>) -> Diagnostic {
    let looked = posted::not_found("invite", unlisted);
    let detail = format!(
        "The request to invite {} was sent, but no usable response was received: {error}. The request was not \
         repeated, and {looked}. Apply again: an invite that is listed by then is adopted instead of being \
         sent twice.",
        some(emails)
    );
    Diagnostic::error("Invites may have been sent", detail).at(Path::of("emails"))
}

/// The request succeeded, but the list has no new invite to these addresses.
pub(super) fn not_listed_yet(emails: &[&str], reason: &str) -> String {
    format!(
        "The request to invite {} was sent, but {reason}. The next refresh looks for the invites. The plan \
         after it invites an address that has no invite, and cancels an older invite once the new one is \
         listed; apply that plan.",
        some(emails)
    )
}

pub(super) fn adopted(invites: &[&Invite], has_triggers: bool) -> String {
    let resend = match has_triggers {
        true => "change a value of `resend_triggers`",
        false => "set `resend_triggers`, apply that, and then change a value in it",
    };
    format!(
        "Pending invites with this type and note already exist for {}. They were adopted, and no e-mail was \
         sent to these addresses. To send new invites anyway, {resend}.",
        some(invites.iter().map(|it| with_id(&it.email, it.id)))
    )
}

pub(super) fn not_listed(invites: &[Invite]) -> String {
    format!(
        "The list of invites does not contain the invites to {}. They are kept in the state, and nothing is sent. Check \
         that the API key and `base_url` belong to the account that sent them. If the invites no longer \
         exist, remove the addresses from `emails`, apply that, and add them again: they are then sent new \
         invites.",
        some(invites.iter().map(|it| with_id(&it.email, it.id)))
    )
}

/// These invites have expired or been canceled.
pub(super) fn closed(invites: &[Invite], has_triggers: bool) -> String {
    let resend = match has_triggers {
        true => {
            "change a value of `resend_triggers`: every address that has not accepted is then sent a new \
             invite"
        }
        false => {
            "add `resend_triggers`, for example `resend_triggers = { round = \"1\" }`: only these addresses \
             are then sent a new invite"
        }
    };
    format!(
        "These invites can no longer be accepted: {}. Nothing is sent without a change of the configuration. \
         To invite the addresses again, {resend}. To stop inviting them, remove them from `emails`.",
        some(invites.iter().map(|it| format!("{} ({})", it.email, it.status())))
    )
}

pub(super) fn uninvited(emails: &[&str]) -> String {
    format!(
        "No invite to {} was found. Applying this plan sends one, unless a pending invite is found first.",
        some(emails)
    )
}

/// Older invites that the planned update cancels.
pub(super) fn to_cancel(older: &Superseded) -> String {
    format!(
        "Newer invites have been sent, but the older ones to {} may still be pending, so that both can be \
         accepted. Applying this plan cancels the older ones and sends nothing.",
        some(older.iter().map(|(id, email)| with_id(email, Some(*id))))
    )
}

pub(super) fn not_superseded(older: &Superseded, error: &Error) -> String {
    format!(
        "Newer invites were sent, but canceling the older ones to {} failed: {error}. Until they are canceled, \
         both can be accepted. Apply again: the next plan shows an update that cancels them.",
        some(older.iter().map(|(id, email)| with_id(email, Some(*id))))
    )
}

pub(super) fn not_canceled(id: Id, email: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "Failed to cancel invite {id} to {email}: {error}. Changes that were made before remain in effect. \
         Apply again to cancel the rest."
    );
    Diagnostic::error("Invite not canceled", detail).at(Path::of("emails"))
}

fn with_id(email: &str, id: Option<Id>) -> String {
    match id {
        Some(id) => format!("{email} ({id})"),
        None => email.to_owned(),
    }
}

/// The first few of many, for a message.
pub(super) fn some(all: impl IntoIterator<Item: ToString>) -> String {
    let all: Vec<_> = all.into_iter().map(|one| one.to_string()).collect();
    match all.get(MOST_SHOWN..) {
        Some(rest @ [_, ..]) => {
            format!("{} and {} more", all[..MOST_SHOWN].join(", "), rest.len())
        }
        _ => all.join(", "),
    }
}

const MOST_SHOWN: usize = 10;
