//! The invites in a state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::certcentral::Id;
use crate::schema::{Json, Model};

use super::{Invite, SubaccountInvite};

/// Older invites that a newer one replaces and that are not canceled yet, with their addresses.
pub(super) type Superseded = BTreeMap<Id, String>;

/// The invite to each address, by the address without letter case. An invite that was sent but is not
/// listed yet has no ID and is not among them.
#[derive(Default)]
pub(super) struct InvitesByEmail(BTreeMap<String, Invite>);

impl InvitesByEmail {
    pub(super) fn of(resource: &SubaccountInvite) -> Self {
        let mut invites = Self::default();
        resource.invites().filter(|invite| invite.id.is_some()).for_each(|it| invites.put(it));
        invites
    }

    pub(super) fn get(&self, email: &str) -> Option<&Invite> {
        self.0.get(&folded(email))
    }

    pub(super) fn put(&mut self, invite: &Invite) {
        self.0.insert(folded(&invite.email), invite.clone());
    }

    /// The addresses as the invites spell them.
    pub(super) fn emails(&self) -> BTreeSet<String> {
        self.0.values().map(|invite| invite.email.clone()).collect()
    }

    /// Whether the invite to this address is newer than the one with this ID.
    pub(super) fn has_newer(&self, email: &str, id: Id) -> bool {
        self.get(email).is_some_and(|invite| invite.id > Some(id))
    }

    /// The invites to these addresses, in their order and spelling.
    pub(super) fn known(&self, emails: &BTreeSet<String>) -> Vec<Invite> {
        emails.iter().filter_map(|email| self.spelled(email)).collect()
    }

    /// The same, with an invite that has only an address for each address without an invite.
    pub(super) fn all(&self, emails: &BTreeSet<String>) -> Vec<Invite> {
        let unlisted = |email: &String| Invite { email: email.clone(), ..Invite::default() };
        emails.iter().map(|email| self.spelled(email).unwrap_or_else(|| unlisted(email))).collect()
    }

    fn spelled(&self, email: &str) -> Option<Invite> {
        let invite = self.get(email)?.clone();
        Some(Invite { email: email.to_owned(), ..invite })
    }
}

impl Invite {
    /// Whether it can still be accepted. An unknown status counts as pending: not sending again is safer.
    pub(super) fn is_pending(&self) -> bool {
        !self.is_accepted() && !self.is_closed()
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.status() == "accepted"
    }

    /// Whether it can no longer be accepted.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.status(), "expired" | "canceled")
    }

    pub(super) fn status(&self) -> &str {
        self.status.as_deref().unwrap_or_default()
    }
}

impl SubaccountInvite {
    pub(super) fn invites(&self) -> impl Iterator<Item = &Invite> {
        self.invites.iter().flatten()
    }

    /// The addresses without letter case.
    pub(super) fn folded_emails(&self) -> BTreeSet<String> {
        self.emails.iter().map(|email| folded(email)).collect()
    }

    pub(super) fn has_triggers(&self) -> bool {
        self.resend_triggers.as_ref().is_some_and(|triggers| !triggers.is_empty())
    }

    /// The computed attributes of the resource with these invites. Its ID is the lowest of theirs and does
    /// not change.
    pub(super) fn answer(&self, invites: Vec<Invite>) -> Json {
        let lowest = || invites.iter().filter_map(|it| it.id).min().map(|id| id.to_string());
        let id = self.id.clone().or_else(lowest);
        let invites: Vec<_> = invites.into_iter().map(Invite::into_response).collect();
        json!({ "id": id, "invites": invites })
    }
}

/// An address without letter case, which is how CertCentral compares addresses.
pub(super) fn folded(email: &str) -> String {
    email.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invites(rows: &[(u64, &str)]) -> InvitesByEmail {
        let mut invites = InvitesByEmail::default();
        for (id, email) in rows {
            let id = Some(Id::from(*id));
            invites.put(&Invite { id, email: (*email).into(), ..Invite::default() });
        }
        invites
    }

    fn emails(emails: &[&str]) -> BTreeSet<String> {
        emails.iter().map(|email| (*email).to_owned()).collect()
    }

    #[test]
    fn invites_follow_the_addresses_as_configured() {
        let invites = invites(&[(9, "ADA@example.com"), (10, "bo@example.com")]);
        let shown = |invites: Vec<Invite>| -> Vec<_> {
            invites.into_iter().map(|it| (it.id.map(u64::from), it.email)).collect()
        };
        let emails = emails(&["cy@example.com", "Ada@example.com"]);
        let ada = || (Some(9), "Ada@example.com".to_owned());
        assert_eq!(shown(invites.known(&emails)), [ada()]);
        assert_eq!(shown(invites.all(&emails)), [ada(), (None, "cy@example.com".to_owned())]);
    }

    #[test]
    fn the_id_is_the_lowest_of_the_first_invites_and_stays() {
        let invites = invites(&[(9, "ada@example.com"), (2, "cy@example.com")]);
        let all = || invites.known(&emails(&["ada@example.com", "cy@example.com"]));
        let resource = |id: Option<&str>| SubaccountInvite {
            id: id.map(str::to_owned),
            ..SubaccountInvite::default()
        };
        assert_eq!(resource(None).answer(all())["id"], "2");
        assert_eq!(resource(Some("1")).answer(all())["id"], "1");
        assert_eq!(resource(None).answer(Vec::new()), json!({ "id": null, "invites": [] }));
    }
}
