//! What an update has to do.

use std::collections::BTreeSet;

use crate::certcentral::Id;

use super::entries::Entries;
use super::listing::{Listed, Listing, folded};
use super::{Invite, SubaccountInvite, addresses};

/// The addresses something has to be done for.
pub(super) struct Errand<'a> {
    prior: &'a SubaccountInvite,
    /// In `emails` and without an invite.
    new: Vec<&'a str>,
    /// To be sent another one, unless they have accepted.
    again: Vec<&'a str>,
    /// Not in `emails` any more.
    pub(super) removed: Vec<&'a str>,
}

/// What the list of invites makes of an errand.
#[derive(Default)]
pub(super) struct Round<'a> {
    /// To send to.
    pub(super) send: Vec<&'a str>,
    /// Pending already.
    pub(super) adopted: Vec<&'a Invite>,
    /// Those of both whose older invites are to be canceled.
    renewed: Vec<&'a str>,
}

impl<'a> Errand<'a> {
    pub(super) fn of(planned: &'a SubaccountInvite, prior: &'a SubaccountInvite) -> Self {
        let known = Entries::of(prior);
        let (old, new): (Vec<_>, Vec<_>) =
            addresses(&planned.emails).into_iter().partition(|email| known.get(email).is_some());
        let kept: BTreeSet<_> = planned.emails.iter().map(|email| folded(email)).collect();
        let mut removed = addresses(&prior.emails);
        removed.retain(|email| !kept.contains(&folded(email)));
        let again = if planned.resends(prior) { old } else { Vec::new() };
        Self { prior, new, again, removed }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.addresses().is_empty()
    }

    pub(super) fn addresses(&self) -> Vec<&'a str> {
        [&*self.new, &*self.again, &*self.removed].concat()
    }

    /// Whom to send to, now that it is known what is pending. `unsettled` is what a request without
    /// an answer has left in [`Private`](crate::kind::Private).
    pub(super) fn round(
        &self,
        before: &'a Listing,
        entries: &mut Entries,
        unsettled: Option<Id>,
    ) -> Round<'a> {
        let mut round = Round::default();
        for email in &self.new {
            round.adopt_or_send(email, before.pending(self.prior, email).next_back());
        }
        for email in &self.again {
            if let Some(newest) = before.own(self.prior, email).next_back() {
                entries.put(&newest.invite);
            }
            if entries.get(email).is_some_and(Invite::is_accepted) {
                continue;
            }
            // Whatever is pending is sent again, but not what the lost request sent for this.
            let lost = |it: &&Listed| unsettled.is_some_and(|mark| it.invite.id > mark);
            let newest = before.pending(self.prior, email).next_back();
            round.adopt_or_send(email, newest.filter(lost));
            round.renewed.push(email);
        }
        for invite in &round.adopted {
            entries.put(invite);
        }
        round
    }

    /// Pending invites that a newer one stands in for.
    pub(super) fn superseded(
        &self,
        round: &Round<'a>,
        before: &'a Listing,
        entries: &Entries,
    ) -> Vec<&'a Invite> {
        let older = |email: &&'a str| {
            let newest = entries.get(email).map(|it| it.id).unwrap_or_default();
            before.pending(self.prior, email).filter(move |it| it.invite.id < newest)
        };
        round.renewed.iter().flat_map(older).map(|it| &it.invite).collect()
    }
}

impl<'a> Round<'a> {
    fn adopt_or_send(&mut self, email: &'a str, pending: Option<&'a Listed>) {
        match pending {
            Some(listed) => self.adopted.push(&listed.invite),
            None => self.send.push(email),
        }
    }
}
