//! What CertCentral lists of invites, and which of them are a resource's own.

use std::collections::BTreeMap;

use crate::certcentral::{Answer, Error, Id, List, Session};
use crate::schema::{Json, Model, Unreadable};

use super::delta::Superseded;
use super::state::folded;
use super::{Invite, SubaccountInvite};

/// Path of the list, and of the request that sends.
///
/// <https://dev.digicert.com/services-api/account/send-invite/>
pub(super) const PATH: &str = "account/subaccount/invite";

/// Invites by address without letter case, and by ID.
pub(super) struct Listing(BTreeMap<String, BTreeMap<Id, ListedInvite>>);

/// An invite as it is listed.
#[derive(Clone)]
pub(super) struct ListedInvite {
    pub(super) id: Id,
    pub(super) invite: Invite,
    pub(super) subaccount_type: String,
    pub(super) invite_note: Option<String>,
}

/// Tells the invites of one resource from others: they have its type and note, are in its state, or
/// are older ones that it has yet to cancel.
pub(super) struct Ours<'a> {
    pub(super) resource: &'a SubaccountInvite,
    pub(super) superseded: &'a Superseded,
}

/// The list as reads share it.
///
/// An address may have several invites, and asking for them takes a page, too: so even a lone read
/// looks at the list first.
static INVITES: List = List {
    path: PATH,
    keys: KEYS,
    name: |row| Some(folded(row.get("email").and_then(Json::as_str).unwrap_or_default())),
    unique: false,
    least: 1,
};

impl Listing {
    /// All invites to these addresses as the reads of this process see them: from one list for all,
    /// unless asking for each address takes fewer requests.
    pub(super) async fn shared(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        let names: Vec<_> = emails.iter().map(|email| folded(email)).collect();
        match api.listed(&INVITES, &names).await {
            Some(rows) => Self::from_rows(rows),
            None => Self::by_address(api, emails).await,
        }
    }

    /// All invites to these addresses, and maybe others, as they are now.
    ///
    /// Takes the whole list, unless asking for each address takes fewer requests.
    pub(super) async fn of(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        if emails.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        if let Some(rows) = api.list_within(PATH, &[], KEYS, emails.len()).await? {
            return Self::from_rows(rows);
        }
        Self::by_address(api, emails).await
    }

    async fn by_address(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        let mut rows = Vec::new();
        for email in emails {
            rows.extend(api.list(PATH, &[("filters[email]", email)], KEYS).await?);
        }
        Self::from_rows(rows)
    }

    /// All invites.
    pub(super) async fn whole(api: &Session) -> Result<Self, Error> {
        Self::from_rows(api.list(PATH, &[], KEYS).await?)
    }

    fn from_rows(rows: Vec<Answer>) -> Result<Self, Error> {
        let read = |row: Answer| {
            let id = row.id("id")?;
            ListedInvite::new(id, row.json()).map_err(|error| row.wrong(&error.to_string()))
        };
        rows.into_iter().map(read).collect()
    }

    /// Every invite.
    pub(super) fn iter(&self) -> impl Iterator<Item = &ListedInvite> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// Invites to an address, the newest last.
    pub(super) fn to(&self, email: &str) -> impl DoubleEndedIterator<Item = &ListedInvite> {
        self.0.get(&folded(email)).into_iter().flat_map(BTreeMap::values)
    }

    /// Invites to an address that are this resource's.
    pub(super) fn ours<'a>(
        &'a self,
        ours: &Ours<'_>,
        email: &str,
    ) -> impl DoubleEndedIterator<Item = &'a ListedInvite> {
        self.to(email).filter(|listed| ours.include(listed))
    }

    /// Those that can still be accepted.
    pub(super) fn pending<'a>(
        &'a self,
        ours: &Ours<'_>,
        email: &str,
    ) -> impl DoubleEndedIterator<Item = &'a ListedInvite> {
        self.ours(ours, email).filter(|listed| listed.invite.is_pending())
    }

    /// Whether this invite is listed, too.
    pub(super) fn has(&self, listed: &ListedInvite) -> bool {
        let address = self.0.get(&folded(&listed.invite.email));
        address.is_some_and(|address| address.contains_key(&listed.id))
    }

    /// The highest ID.
    pub(super) fn last_id(&self) -> Id {
        self.iter().map(|listed| listed.id).max().unwrap_or_default()
    }
}

impl FromIterator<ListedInvite> for Listing {
    fn from_iter<T: IntoIterator<Item = ListedInvite>>(all: T) -> Self {
        let mut listing = Self(BTreeMap::new());
        for listed in all {
            let address = listing.0.entry(folded(&listed.invite.email)).or_default();
            address.insert(listed.id, listed);
        }
        listing
    }
}

impl ListedInvite {
    pub(super) fn new(id: Id, row: &Json) -> Result<Self, Unreadable> {
        let text = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut invite = Invite::from_answer(row)?;
        invite.status = invite.status.map(|status| match status.to_lowercase().as_str() {
            // The pages of the API spell it either way.
            "cancelled" => "canceled".to_owned(),
            other => other.to_owned(),
        });
        Ok(Self {
            id,
            invite,
            subaccount_type: text("subaccount_type").unwrap_or_default(),
            invite_note: text("invite_note").filter(|note| !note.is_empty()),
        })
    }
}

impl Ours<'_> {
    fn include(&self, listed: &ListedInvite) -> bool {
        self.resource.has_kind_of(listed)
            || self.superseded.contains_key(&listed.id)
            || self.resource.invites().any(|it| it.id == Some(listed.id))
    }
}

impl SubaccountInvite {
    /// Whether the invite is of this resource's type and note.
    pub(super) fn has_kind_of(&self, listed: &ListedInvite) -> bool {
        let note = |note: &Option<String>| one_line(note.as_deref().unwrap_or_default());
        self.has_type_of(listed) && note(&self.invite_note) == note(&listed.invite_note)
    }

    pub(super) fn has_type_of(&self, listed: &ListedInvite) -> bool {
        self.subaccount_type.eq_ignore_ascii_case(&listed.subaccount_type)
    }
}

/// Line ends and other white space may come back differently.
fn one_line(note: &str) -> String {
    note.split_whitespace().collect::<Vec<_>>().join(" ")
}

const KEYS: &[&str] = &["subaccount_invites"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_read_in_all_their_spellings() {
        for (status, read, pending) in [
            (json!("pending"), "pending", true),
            (json!("cancelled"), "canceled", false),
            (json!("Canceled"), "canceled", false),
            (json!("accepted"), "accepted", false),
            (json!("expired"), "expired", false),
            (json!("sent"), "sent", true),
            (json!(null), "", true),
        ] {
            let row = json!({"id": "41", "email": "a@b.example", "status": status});
            let invite = ListedInvite::new(Id::from(41), &row).unwrap().invite;
            assert_eq!((invite.status(), invite.is_pending()), (read, pending), "{status}");
            assert_eq!(invite.id, Some(Id::from(41)));
        }
    }

    #[test]
    fn type_and_note_tell_invites_apart() {
        let resource = |note: Option<&str>| SubaccountInvite {
            subaccount_type: "enterprise".into(),
            invite_note: note.map(str::to_owned),
            ..SubaccountInvite::default()
        };
        for (note, row, same) in [
            (None, json!({"subaccount_type": "enterprise"}), true),
            (None, json!({"subaccount_type": "Enterprise", "invite_note": ""}), true),
            (Some(""), json!({"subaccount_type": "enterprise", "invite_note": null}), true),
            (Some("Hi"), json!({"subaccount_type": "enterprise", "invite_note": "hi"}), false),
            (Some("a\nb"), json!({"subaccount_type": "enterprise", "invite_note": "a\r\nb"}), true),
            (None, json!({"subaccount_type": "retail"}), false),
            (None, json!({}), false),
        ] {
            let listed = ListedInvite::new(Id::from(41), &row).unwrap();
            assert_eq!(resource(note).has_kind_of(&listed), same, "{row}");
        }
    }
}
