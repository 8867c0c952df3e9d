//! What CertCentral lists of invites, and which of them are a resource's own.

use std::collections::BTreeMap;

use crate::certcentral::{Answer, Error, Id, List, Session};
use crate::schema::{Json, Model, Unreadable};

use super::{Invite, SubaccountInvite};

/// Path of the list, and of the request that sends.
///
/// <https://dev.digicert.com/services-api/account/send-invite/>
pub(super) const PATH: &str = "account/subaccount/invite";

/// Invites by address without letter case, and by number.
pub(super) struct Listing(BTreeMap<String, BTreeMap<Id, Listed>>);

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
            row.id("id")?;
            Listed::from_json(row.json()).map_err(|error| row.wrong(&error.to_string()))
        };
        rows.into_iter().map(read).collect()
    }

    /// Every invite.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// Invites to an address, the newest last.
    pub(super) fn to(&self, email: &str) -> impl DoubleEndedIterator<Item = &Listed> {
        self.0.get(&folded(email)).into_iter().flat_map(BTreeMap::values)
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
        self.0.get(&folded(&invite.email)).is_some_and(|address| address.contains_key(&invite.id))
    }

    /// The highest number.
    pub(super) fn last_id(&self) -> Id {
        self.iter().map(|listed| listed.invite.id).max().unwrap_or_default()
    }
}

impl FromIterator<Listed> for Listing {
    fn from_iter<T: IntoIterator<Item = Listed>>(all: T) -> Self {
        let mut listing = Self(BTreeMap::new());
        for listed in all {
            let address = listing.0.entry(folded(&listed.invite.email)).or_default();
            address.insert(listed.invite.id, listed);
        }
        listing
    }
}

impl Listed {
    pub(super) fn from_json(row: &Json) -> Result<Self, Unreadable> {
        let text = |name: &str| row.get(name).and_then(Json::as_str).map(str::to_owned);
        let mut invite = Invite::from_response(row)?;
        invite.status = invite.status.map(|status| match status.to_lowercase().as_str() {
            // The pages of the API spell it either way.
            "cancelled" => "canceled".to_owned(),
            other => other.to_owned(),
        });
        Ok(Self {
            invite,
            subaccount_type: text("subaccount_type").unwrap_or_default(),
            invite_note: text("invite_note").filter(|note| !note.is_empty()),
        })
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
            let invite = Listed::from_json(&row).unwrap().invite;
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
            assert_eq!(
                resource(note).has_kind_of(&Listed::from_json(&row).unwrap()),
                same,
                "{row}"
            );
        }
    }
}
