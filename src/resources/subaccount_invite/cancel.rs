//! Cancels invites. An invite that another object of this run has adopted is not canceled.

use std::collections::BTreeSet;

use super::Context;
use crate::certcentral::{Error, Id, Session};
use crate::kind::Failure;

use super::delta::due;
use super::list::{Listing, Ours, PATH};
use super::messages;
use super::state::InvitesByEmail;

/// The invite as a part that objects of one run can share; see [`Context::claim`].
pub(super) fn part(id: Id) -> String {
    format!("invite/{id}")
}

impl Ours<'_> {
    /// Cancels the pending invites to an address.
    pub(super) async fn cancel(
        &self,
        email: &str,
        listing: &Listing,
        api: &Session,
        cx: &Context,
    ) -> Result<(), Failure> {
        for listed in listing.pending(self, email) {
            if !cx.is_claimed_elsewhere(&part(listed.id)) {
                let canceled = cancel(listed.id, email, api).await;
                canceled.map_err(|error| messages::not_canceled(listed.id, email, &error))?;
            }
        }
        Ok(())
    }
}

/// Cancels the invites to these addresses, given without letter case, that newer ones have replaced. Those
/// for which that fails stay in the private data: a later plan shows an update that cancels them.
pub(super) async fn cancel_superseded(
    emails: &BTreeSet<String>,
    known: &InvitesByEmail,
    api: &Session,
    cx: &mut Context,
) {
    let mut due = due(&cx.private.superseded, emails, known);
    let mut last: Option<Error> = None;
    for (id, email) in &due {
        // Each request to an API that does not respond takes minutes.
        if last.as_ref().is_some_and(|error| !error.is_refusal()) {
            break;
        }
        if !cx.is_claimed_elsewhere(&part(*id))
            && let Err(error) = cancel(*id, email, api).await
        {
            last = Some(error);
        } else {
            cx.private.superseded.remove(id);
        }
    }
    if let Some(error) = last {
        due.retain(|id, _| cx.private.superseded.contains_key(id));
        cx.warn("Older invites not canceled", messages::not_superseded(&due, &error));
    }
}

/// Cancels an invite. One that is no longer pending, or does not exist, needs no canceling.
///
/// <https://dev.digicert.com/services-api/account/update-invite-status/>
async fn cancel(id: Id, email: &str, api: &Session) -> Result<(), Error> {
    let path = format!("{PATH}/{id}/status");
    let error = match api.put(&path, &serde_json::json!({ "status": "canceled" })).await {
        Ok(_) => return Ok(()),
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => error,
    };
    // It may have been accepted a moment ago, or canceled by an attempt whose response was lost.
    match Listing::of(api, &[email]).await {
        Ok(now) if now.to(email).any(|it| it.id == id && !it.invite.is_pending()) => Ok(()),
        _ => Err(error),
    }
}
