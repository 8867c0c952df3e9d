//! The invites that exist, as the resources that can import them.

use std::collections::BTreeMap;

use crate::certcentral::{Error, Id, Session};
use crate::kind::Existing;

use super::list::{KEYS, ListedInvite, PATH, one_line, read};
use super::state::folded;

/// One resource for each type and note, with the newest pending invite to each address: so every address is written
/// once, and what was accepted, canceled or has expired is not written.
pub(super) async fn existing(api: &Session) -> Result<Vec<Existing>, Error> {
    let pending = |listed: &ListedInvite| listed.invite.is_pending();
    Ok(grouped(api.list(PATH, &[], KEYS, |row| read(row, pending)).await?))
}

fn grouped(pending: Vec<ListedInvite>) -> Vec<Existing> {
    let mut groups: BTreeMap<(String, String), BTreeMap<String, Id>> = BTreeMap::new();
    for listed in pending {
        let note = one_line(listed.invite_note.as_deref().unwrap_or_default());
        let group = groups.entry((listed.subaccount_type.to_lowercase(), note)).or_default();
        let newest = group.entry(folded(&listed.invite.email)).or_default();
        *newest = listed.id.max(*newest);
    }
    groups.into_values().map(|group| as_one(&group)).collect()
}

fn as_one(group: &BTreeMap<String, Id>) -> Existing {
    let mut ids: Vec<_> = group.values().copied().collect();
    ids.sort();
    let ids: Vec<_> = ids.iter().map(Id::to_string).collect();
    let emails: Vec<_> = group.keys().map(String::as_str).collect();
    Existing { import_id: ids.join(","), name: emails.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_address_is_written_once_for_each_type_and_note() {
        let row = |id: u64, email: &str, of: &str, note: &str| {
            let row = json!({
                "id": id, "email": email, "status": "pending", "subaccount_type": of, "invite_note": note,
            });
            ListedInvite::new(id.into(), &row).expect("a row")
        };
        let found = grouped(vec![
            row(4, "b@x.example", "retail", ""),
            row(1, "a@x.example", "Retail", ""),
            row(10, "A@x.example", "retail", ""),
            row(2, "a@x.example", "retail", "Hi \n there"),
            row(3, "b@x.example", "retail", "Hi there"),
        ]);
        let shown: Vec<_> = found.iter().map(|it| (&*it.import_id, &*it.name)).collect();
        let both = "a@x.example, b@x.example";
        assert_eq!(shown, [("4,10", both), ("2,3", both)]);
    }
}
