//! The invites of a state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::certcentral::Id;
use crate::schema::Json;

use super::listing::folded;
use super::{Invite, SubaccountInvite};

/// The one invite to each address that counts, by the address without letter case.
#[derive(Default)]
pub(super) struct Entries(BTreeMap<String, Invite>);

impl Entries {
    pub(super) fn of(resource: &SubaccountInvite) -> Self {
        let mut entries = Self::default();
        resource.invites().for_each(|invite| entries.put(invite));
        entries
    }

    pub(super) fn get(&self, email: &str) -> Option<&Invite> {
        self.0.get(&folded(email))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put(&mut self, invite: &Invite) {
        self.0.insert(folded(&invite.email), invite.clone());
    }

    /// The addresses as the invites spell them.
    pub(super) fn emails(&self) -> BTreeSet<String> {
        self.0.values().map(|invite| invite.email.clone()).collect()
    }

    /// The numbers of the invites to these addresses, as the resource's id.
    pub(super) fn id(&self, emails: &BTreeSet<String>) -> Option<String> {
        let ids: BTreeSet<Id> = emails.iter().filter_map(|it| Some(self.get(it)?.id)).collect();
        let ids: Vec<_> = ids.iter().map(Id::to_string).collect();
        (!ids.is_empty()).then(|| ids.join(","))
    }

    /// The invites to these addresses, in their order and spelling.
    pub(super) fn to(&self, emails: &BTreeSet<String>) -> Vec<Invite> {
        let spelled = |email: &String| {
            let invite = self.get(email)?.clone();
            Some(Invite { email: email.clone(), ..invite })
        };
        emails.iter().filter_map(spelled).collect()
    }

    /// The computed attributes.
    pub(super) fn answer(&self, emails: &BTreeSet<String>) -> Json {
        let invite = |it: Invite| {
            json!({
                "id": it.id,
                "email": it.email,
                "status": it.status,
                "date_created": it.date_created,
                "last_sent_date": it.last_sent_date,
            })
        };
        let invites: Vec<_> = self.to(emails).into_iter().map(invite).collect();
        json!({ "id": self.id(emails), "invites": invites })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_invites_follow_the_addresses_as_configured() {
        let mut entries = Entries::default();
        for (id, email) in [(9, "ADA@example.com"), (10, "bo@example.com"), (2, "cy@example.com")] {
            entries.put(&Invite { id: id.into(), email: email.into(), ..Invite::default() });
        }
        let emails = ["cy@example.com", "Ada@example.com"].map(str::to_owned).into();
        assert_eq!(entries.id(&emails).as_deref(), Some("2,9"));
        let listed: Vec<_> = entries.to(&emails).into_iter().map(|it| it.email).collect();
        assert_eq!(listed, ["Ada@example.com", "cy@example.com"]);
        assert_eq!(Entries::default().answer(&emails), json!({ "id": null, "invites": [] }));
    }
}
