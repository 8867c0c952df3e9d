//! What CertCentral lists of invites, and which of them are a resource's own.

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::{Answer, Error, Id, List, Session, id};
use crate::schema::{Json, Model};

use super::{Invite, SubaccountInvite};

/// Path of the list, and of the request that sends.
///
/// <https://dev.digicert.com/services-api/account/send-invite/>
pub(super) const PATH: &str = "account/subaccount/invite";

/// Invites by address without letter case, and by number.
#[derive(Default)]
pub(super) struct Listing {
    invites: BTreeMap<String, BTreeMap<Id, Listed>>,
    /// The highest number in the list, also of invites to others.
    last_id: Id,
}

/// An invite as it is listed.
pub(super) struct Listed {
    pub(super) invite: Invite,
    pub(super) subaccount_type: String,
    pub(super) invite_note: Option<String>,
}

/// The list as reads share it.
///
/// An address may have several invites, and asking for them takes a page, too: so even a lone read
/// looks at the list first.
static INVITES: List = List {
    path: PATH,
    keys: KEYS,
    row: |row| {
        id(row.get("id")?)?;
        let email = folded(row.get("email").and_then(Json::as_str).unwrap_or_default());
        let Json::Object(mut fields) = row else { return None };
        fields.retain(|name, _| FIELDS.contains(&name.as_str()));
        Some((email, fields))
    },
    unique: false,
    least: 1,
};

impl Listing {
    /// All invites to these addresses as the reads of this process see them: from one list for all,
    /// unless asking for each address takes fewer requests.
    pub(super) async fn shared(api: &Session, emails: &[&str]) -> Result<Self, Error> {
        let names: Vec<_> = emails.iter().map(|email| folded(email)).collect();
        match api.listed(&INVITES, &names).await {
            Some(listed) => Ok(listed.rows.iter().map(Listed::from_json).collect()),
            None => Self::by_address(api, emails).await,
        }
    }

    /// All invites to these addresses as they are now.
    ///
    /// Takes the whole list, unless asking for each address takes fewer requests.
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
            let to_it = |listed: &Listed| folded(&listed.invite.email) == name;
            let filter = [("filters[email]", *email)];
            rows.extend(api.list(PATH, &filter, KEYS, |row| read(row, to_it)).await?);
        }
        Ok(rows.into_iter().collect())
    }

    /// The invites with these IDs.
    pub(super) async fn with(api: &Session, ids: &BTreeSet<Id>) -> Result<Self, Error> {
        let named = |listed: &Listed| ids.contains(&listed.invite.id);
        let rows = api.list(PATH, &[], KEYS, |row| read(row, named)).await?;
        Ok(rows.into_iter().collect())
    }

    /// Every invite.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.invites.values().flat_map(BTreeMap::values)
    }

    /// Invites to an address, the newest last.
    pub(super) fn to(&self, email: &str) -> impl DoubleEndedIterator<Item = &Listed> {
        self.invites.get(&folded(email)).into_iter().flat_map(BTreeMap::values)
    }

    /// Invites to an address that are this resource's: of its type and note, or in its state.
    pub(super) fn own<'a>(
        &'a self,
        resource: &'a SubaccountInvite,
        email: &str,
    ) -> impl DoubleEndedIterator<Item = &'a Listed> {
        self.to(email).filter(|listed| {
            resource.has_kind_of(listed) || resource.invites().any(|it| it.id == listed.invite.id)
        })
    }

    /// Those that can still be accepted.
    pub(super) fn pending<'a>(
        &'a self,
        resource: &'a SubaccountInvite,
        email: &str,
    ) -> impl DoubleEndedIterator<Item = &'a Listed> {
        self.own(resource, email).filter(|listed| listed.invite.is_pending())
    }

    /// Whether an invite of that number to that address is listed.
    pub(super) fn has(&self, invite: &Invite) -> bool {
        self.invites
            .get(&folded(&invite.email))
            .is_some_and(|address| address.contains_key(&invite.id))
    }

    /// The highest number that was seen.
    pub(super) fn last_id(&self) -> Id {
        self.last_id
    }
}

impl FromIterator<Listed> for Listing {
    fn from_iter<T: IntoIterator<Item = Listed>>(all: T) -> Self {
        let mut listing = Self::default();
        for listed in all {
            listing.last_id = listing.last_id.max(listed.invite.id);
            let address = listing.invites.entry(folded(&listed.invite.email)).or_default();
            address.insert(listed.invite.id, listed);
        }
        listing
    }
}

impl Listed {
    pub(super) fn from_json(row: &Json) -> Self {
        let text = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut invite = Invite::from_answer(row);
        invite.status = invite.status.map(|status| match status.to_lowercase().as_str() {
            // The pages of the API spell it either way.
            "cancelled" => "canceled".to_owned(),
            other => other.to_owned(),
        });
        Self {
            invite,
            subaccount_type: text("subaccount_type").unwrap_or_default(),
            invite_note: text("invite_note").filter(|note| !note.is_empty()),
        }
    }
}

impl Invite {
    /// Whether it can still be accepted. A word nobody knows counts: not mailing again is safer.
    pub(super) fn is_pending(&self) -> bool {
        !self.is_accepted() && !self.is_closed()
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.status() == "accepted"
    }

    /// Whether it cannot be accepted any more.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.status(), "expired" | "canceled")
    }

    pub(super) fn status(&self) -> &str {
        self.status.as_deref().unwrap_or_default()
    }
}

impl SubaccountInvite {
    /// Whether the invite is of this resource's type and note.
    pub(super) fn has_kind_of(&self, listed: &Listed) -> bool {
        let note = |note: &Option<String>| one_line(note.as_deref().unwrap_or_default());
        self.has_type_of(listed) && note(&self.invite_note) == note(&listed.invite_note)
    }

    pub(super) fn has_type_of(&self, listed: &Listed) -> bool {
        self.subaccount_type.eq_ignore_ascii_case(&listed.subaccount_type)
    }

    pub(super) fn invites(&self) -> impl Iterator<Item = &Invite> {
        self.invites.iter().flatten()
    }
}

/// Cancels an invite. One that is not pending any more, or gone, needs no canceling.
///
/// <https://dev.digicert.com/services-api/account/update-invite-status/>
pub(super) async fn cancel(invite: &Invite, api: &Session) -> Result<(), Error> {
    let path = format!("{PATH}/{}/status", invite.id);
    let error = match api.put(&path, &serde_json::json!({ "status": "canceled" })).await {
        Ok(_) => return Ok(()),
        Err(error) if error.is_absent() => return Ok(()),
        Err(error) => error,
    };
    // It may have been accepted a moment ago, or canceled by an attempt whose answer was lost.
    match Listing::of(api, &[&invite.email]).await {
        Ok(now) => {
            let mut settled = now.to(&invite.email).filter(|it| !it.invite.is_pending());
            let is_settled = settled.any(|it| it.invite.id == invite.id);
            if is_settled { Ok(()) } else { Err(error) }
        }
        Err(_) => Err(error),
    }
}

/// Cancels them all, as far as that goes; those that are left, and the last error.
pub(super) async fn cancel_all<'a>(
    invites: &[&'a Invite],
    api: &Session,
) -> Option<(Vec<&'a Invite>, Error)> {
    let mut left = Vec::new();
    let mut last: Option<Error> = None;
    for invite in invites {
        // Each call to an API that does not answer waits for minutes.
        if last.as_ref().is_some_and(|error| !error.is_refusal()) {
            left.push(*invite);
        } else if let Err(error) = cancel(invite, api).await {
            left.push(*invite);
            last = Some(error);
        }
    }
    last.map(|error| (left, error))
}

/// An address without letter case, which is how CertCentral compares addresses.
pub(super) fn folded(email: &str) -> String {
    email.to_lowercase()
}

/// Line ends and other white space may come back differently.
fn one_line(note: &str) -> String {
    note.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of the list, if it is wanted.
fn read(row: Answer, wanted: impl Fn(&Listed) -> bool) -> Result<Option<Listed>, Error> {
    row.id("id")?;
    let listed = Listed::from_json(row.json());
    Ok(wanted(&listed).then_some(listed))
}

const KEYS: &[&str] = &["subaccount_invites"];

/// What of a row is used.
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
            let invite = Listed::from_json(&row).invite;
            assert_eq!((invite.status(), invite.is_pending()), (read, pending), "{status}");
            assert_eq!(invite.id, Id::from(41));
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
            assert_eq!(resource(note).has_kind_of(&Listed::from_json(&row)), same, "{row}");
        }
    }
}
