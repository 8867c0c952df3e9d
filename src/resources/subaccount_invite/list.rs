//! The list of invites, and which of them belong to a resource.

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::{Answer, Error, Id, List, Session, id_of, text_of};
use crate::schema::{Json, Model, Unreadable};

use super::state::{Superseded, folded};
use super::{Invite, SubaccountInvite};

/// Path of the list, and of the request that sends.
///
/// <https://dev.digicert.com/services-api/account/send-invite/>
pub(super) const PATH: &str = "account/subaccount/invite";

/// Invites by address without letter case, and by ID.
#[derive(Default)]
pub(super) struct Listing {
    invites: BTreeMap<String, BTreeMap<Id, ListedInvite>>,
    /// The highest ID in the list, also of invites to others.
    last_id: Id,
}

/// An invite as it is listed.
#[derive(Clone)]
pub(super) struct ListedInvite {
    pub(super) id: Id,
    pub(super) invite: Invite,
    pub(super) subaccount_type: String,
    pub(super) invite_note: Option<String>,
}

/// Identifies the invites of one resource: they have its type and note, are in its state, or are older ones
/// that it still has to cancel.
pub(super) struct Ours<'a> {
    pub(super) resource: &'a SubaccountInvite,
    pub(super) superseded: &'a Superseded,
}

/// The list that concurrent reads share.
///
/// An address may have several invites, and reading them takes a page as well: so even a single read uses
/// the list.
static INVITES: List = List {
    path: PATH,
    query: &[],
    paged: true,
    changed_by: &[PATH],
    keys: KEYS,
    row: |row| {
        id_of(&row)?;
        let email = folded(text_of(&row, "email"));
        let Json::Object(mut fields) = row else { return None };
        fields.retain(|name, _| FIELDS.contains(&name.as_str()));
        Some((email, fields))
    },
    unique: false,
    least: 1,
};

/// The invites that match a query, as attributes.
pub(crate) async fn list(api: &Session, query: &[(&str, &str)]) -> Result<Vec<Json>, Error> {
    if query.is_empty() {
        let rows = api.listed_all(&INVITES).await?;
        return Ok(rows.into_iter().map(as_attributes).collect());
    }
    let take = |row: Answer| {
        row.id("id")?;
        Ok(Some(as_attributes(row.into_json())))
    };
    api.list(PATH, query, KEYS, take).await
}

impl Listing {
    /// All invites to these addresses for a read: from one shared list, unless a request for each address
    /// takes fewer requests.
    pub(super) async fn shared(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        let names: Vec<_> = emails.iter().map(|email| folded(email)).collect();
        let shared = api.listed(&INVITES, &names).await;
        // An invalid row is requested again, so that the error names the call.
        let invite = |row: &Json| ListedInvite::new(id_of(row)?, row).ok();
        match shared.and_then(|listed| listed.rows.iter().map(invite).collect()) {
            Some(listing) => Ok(listing),
            None => Self::by_address(api, emails).await,
        }
    }

    /// All invites to these addresses as they are now.
    ///
    /// Reads the whole list, unless a request for each address takes fewer requests.
    pub(super) async fn of(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        if emails.is_empty() {
            return Ok(Self::default());
        }
        let wanted: BTreeSet<_> = emails.iter().map(|email| folded(email)).collect();
        let mut last_id = Id::default();
        let to_them = |row: Answer| {
            last_id = last_id.max(row.id("id")?);
            read(row, |listed| wanted.contains(&folded(&listed.invite.email)))
        };
        match api.list_within(PATH, &[], KEYS, emails.len(), to_them).await? {
            Some(rows) => Ok(Self { last_id, ..rows.into_iter().collect() }),
            None => Self::by_address(api, emails).await,
        }
    }

    async fn by_address(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        let mut rows = Vec::new();
        for email in emails {
            let name = folded(email);
            let to_it = |listed: &ListedInvite| folded(&listed.invite.email) == name;
            let filter = [("filters[email]", *email)];
            rows.extend(api.list(PATH, &filter, KEYS, |row| read(row, to_it)).await?);
        }
        Ok(rows.into_iter().collect())
    }

    /// The invites with these IDs.
    pub(super) async fn with(api: &Session, ids: &BTreeSet<Id>) -> Result<Self, Error> {
        let named = |listed: &ListedInvite| ids.contains(&listed.id);
        let rows = api.list(PATH, &[], KEYS, |row| read(row, named)).await?;
        Ok(rows.into_iter().collect())
    }

    /// Every invite.
    pub(super) fn iter(&self) -> impl Iterator<Item = &ListedInvite> {
        self.invites.values().flat_map(BTreeMap::values)
    }

    /// Invites to an address, the newest last.
    pub(super) fn to(&self, email: &str) -> impl DoubleEndedIterator<Item = &ListedInvite> {
        self.invites.get(&folded(email)).into_iter().flat_map(BTreeMap::values)
    }

    /// Invites to an address that belong to this resource.
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

    /// Whether the list contains this invite.
    pub(super) fn has(&self, listed: &ListedInvite) -> bool {
        let address = self.invites.get(&folded(&listed.invite.email));
        address.is_some_and(|address| address.contains_key(&listed.id))
    }

    /// The highest ID in the list.
    pub(super) fn last_id(&self) -> Id {
        self.last_id
    }
}

impl FromIterator<ListedInvite> for Listing {
    fn from_iter<T: IntoIterator<Item = ListedInvite>>(all: T) -> Self {
        let mut listing = Self::default();
        for listed in all {
            listing.last_id = listing.last_id.max(listed.id);
            let address = listing.invites.entry(folded(&listed.invite.email)).or_default();
            address.insert(listed.id, listed);
        }
        listing
    }
}

impl ListedInvite {
    pub(super) fn new(id: Id, row: &Json) -> Result<Self, Unreadable> {
        let text = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut invite = Invite::from_response(row)?;
        invite.status = invite.status.map(|status| spelled(&status));
        Ok(Self {
            id,
            invite,
            subaccount_type: text("subaccount_type").unwrap_or_default(),
            invite_note: text("invite_note").filter(|note| !note.is_empty()),
        })
    }
}

/// A row of the list, with the status as the resource spells it.
fn as_attributes(mut row: Json) -> Json {
    if let Some(status) = row.get("status").and_then(Json::as_str).map(spelled) {
        row["status"] = status.into();
    }
    row
}

/// A status in one spelling.
fn spelled(status: &str) -> String {
    match status.to_lowercase().as_str() {
        // DigiCert documents both spellings.
        "cancelled" => "canceled".to_owned(),
        other => other.to_owned(),
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

/// The API may return line ends and other white space differently.
pub(super) fn one_line(note: &str) -> String {
    note.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of the list, if it is wanted.
pub(super) fn read(
    row: Answer,
    wanted: impl Fn(&ListedInvite) -> bool,
) -> Result<Option<ListedInvite>, Error> {
    let listed = ListedInvite::new(row.id("id")?, row.json());
    let listed = listed.map_err(|error| row.wrong(&error.to_string()))?;
    Ok(wanted(&listed).then_some(listed))
}

pub(super) const KEYS: &[&str] = &["subaccount_invites"];

/// The fields of a row that are used.
const FIELDS: &[&str] =
    &["id", "email", "status", "date_created", "last_sent_date", "subaccount_type", "invite_note"];

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
