//! The changes that an update has to make.

use std::collections::BTreeSet;

use crate::certcentral::Id;

use super::list::{ListedInvite, Listing, Ours};
use super::state::{InvitesByEmail, Superseded, folded};
use super::{Invite, SubaccountInvite, addresses};

/// Those of them that are to these addresses, given without letter case, and that a known newer invite has
/// replaced: they can be canceled.
pub(super) fn due(
    superseded: &Superseded,
    emails: &BTreeSet<String>,
    known: &InvitesByEmail,
) -> Superseded {
    let is_due = |(id, email): &(&Id, &String)| {
        emails.contains(&folded(email)) && known.has_newer(email, **id)
    };
    superseded.iter().filter(is_due).map(|(id, email)| (*id, email.clone())).collect()
}

/// Which addresses that have an invite are sent another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resend {
    Nobody,
    /// Those whose invite has expired or been canceled.
    Closed,
    /// All that have not accepted.
    NotAccepted,
}

/// The addresses that an update has to handle.
pub(super) struct Delta<'a> {
    resend: Resend,
    /// In `emails` and without an invite.
    pub(super) new: Vec<&'a str>,
    /// To be sent another one.
    pub(super) again: Vec<&'a str>,
    /// Only their older invites have to be canceled.
    pub(super) superseded: Vec<&'a str>,
    /// No longer in `emails`.
    pub(super) removed: Vec<&'a str>,
}

/// The invites to send and to adopt, based on the list of invites.
#[derive(Default)]
pub(super) struct Batch<'a> {
    /// Addresses to send to.
    pub(super) send: Vec<&'a str>,
    /// Pending already.
    pub(super) adopted: Vec<&'a Invite>,
    /// Pending invites that those to be sent or adopted replace.
    pub(super) older: Superseded,
}

impl Resend {
    /// The effect of a change of `resend_triggers`. An unknown value counts as changed.
    pub(super) fn by(prior: &SubaccountInvite, planned: &SubaccountInvite, is_known: bool) -> Self {
        let differ = !is_known || prior.resend_triggers != planned.resend_triggers;
        match (prior.has_triggers(), planned.has_triggers() || !is_known) {
            (false, true) => Self::Closed,
            (true, true) if differ => Self::NotAccepted,
            _ => Self::Nobody,
        }
    }

    fn concerns(self, invite: &Invite) -> bool {
        match self {
            Self::Nobody => false,
            Self::Closed => invite.is_closed(),
            Self::NotAccepted => !invite.is_accepted(),
        }
    }
}

impl<'a> Delta<'a> {
    pub(super) fn of(
        planned: &'a SubaccountInvite,
        prior: &'a SubaccountInvite,
        resend: Resend,
        superseded: &Superseded,
    ) -> Self {
        let known = InvitesByEmail::of(prior);
        let kept = planned.folded_emails();
        let replaced: BTreeSet<_> =
            due(superseded, &kept, &known).values().map(|email| folded(email)).collect();
        let (mut new, mut again, mut superseded) = (Vec::new(), Vec::new(), Vec::new());
        for email in addresses(&planned.emails) {
            match known.get(email) {
                None => new.push(email),
                Some(invite) if resend.concerns(invite) => again.push(email),
                Some(_) if replaced.contains(&folded(email)) => superseded.push(email),
                Some(_) => {}
            }
        }
        let mut removed = addresses(&prior.emails);
        removed.retain(|email| !kept.contains(&folded(email)));
        Self { resend, new, again, superseded, removed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.addresses().is_empty()
    }

    pub(super) fn addresses(&self) -> Vec<&'a str> {
        [&*self.new, &*self.again, &*self.superseded, &*self.removed].concat()
    }

    /// The invites to send and to adopt. `unsettled` is the mark of a request without a response in
    /// [`Unfinished`](super::Unfinished). Listed values of the other invites are written to `known`.
    pub(super) fn batch(
        &self,
        before: &'a Listing,
        ours: &Ours<'_>,
        known: &mut InvitesByEmail,
        unsettled: Option<Id>,
    ) -> Batch<'a> {
        let mut batch = Batch::default();
        for email in &self.new {
            batch.adopt_or_send(email, before.pending(ours, email).next_back());
        }
        for email in &self.again {
            let newest = before.ours(ours, email).next_back();
            if let Some(newest) = newest {
                known.put(&newest.invite);
            }
            if known.get(email).is_some_and(Invite::is_accepted) {
                continue;
            }
            let pending = newest.filter(|it| it.invite.is_pending());
            let adopted = match self.resend {
                // Another invite was sent outside Terraform after the closed one was read.
                Resend::Closed => pending,
                // Resend even to pending invites, except those the unanswered request may have created.
                _ => pending.filter(|it| unsettled.is_some_and(|mark| it.id > mark)),
            };
            batch.adopt_or_send(email, adopted);
            let older = before.pending(ours, email);
            let older = older.filter(|it| adopted.is_none_or(|adopted| it.id < adopted.id));
            batch.older.extend(older.map(|it| (it.id, it.invite.email.clone())));
        }
        for email in &self.superseded {
            let id = known.get(email).and_then(|invite| invite.id);
            if let Some(listed) = before.to(email).find(|listed| Some(listed.id) == id) {
                known.put(&listed.invite);
            }
        }
        for invite in &batch.adopted {
            known.put(invite);
        }
        batch
    }
}

impl<'a> Batch<'a> {
    fn adopt_or_send(&mut self, email: &'a str, pending: Option<&'a ListedInvite>) {
        match pending {
            Some(listed) => self.adopted.push(&listed.invite),
            None => self.send.push(email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_triggers_resends() {
        let resource = |trigger: &str| {
            let triggers = [("round".to_owned(), trigger.to_owned())];
            let resend_triggers = match trigger {
                "none" => None,
                "empty" => Some(std::collections::BTreeMap::new()),
                _ => Some(triggers.into()),
            };
            SubaccountInvite { resend_triggers, ..SubaccountInvite::default() }
        };
        for (prior, planned, is_known, resend) in [
            ("1", "2", true, Resend::NotAccepted),
            ("1", "1", true, Resend::Nobody),
            ("none", "1", true, Resend::Closed),
            ("empty", "1", true, Resend::Closed),
            ("1", "none", true, Resend::Nobody),
            ("1", "empty", true, Resend::Nobody),
            ("none", "empty", true, Resend::Nobody),
            ("1", "none", false, Resend::NotAccepted),
            ("none", "none", false, Resend::Closed),
        ] {
            let found = Resend::by(&resource(prior), &resource(planned), is_known);
            assert_eq!(found, resend, "{prior} {planned} {is_known}");
        }
    }

    #[test]
    fn an_older_invite_is_due_once_a_newer_one_is_known() {
        let invite = |id: u64| Invite {
            id: Some(id.into()),
            email: "Ada@example.com".into(),
            ..Invite::default()
        };
        let superseded = Superseded::from([(5.into(), "ada@example.com".to_owned())]);
        let kept = BTreeSet::from(["ada@example.com".to_owned()]);
        for (id, emails, is_due) in
            [(6, &kept, true), (5, &kept, false), (6, &BTreeSet::new(), false)]
        {
            let mut known = InvitesByEmail::default();
            known.put(&invite(id));
            assert_eq!(!due(&superseded, emails, &known).is_empty(), is_due, "{id}");
        }
    }
}
