//! From the numbers of invites to a state.

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::Id;
use crate::schema::{Diagnostic, Json, Path};

use super::entries::Entries;
use super::listing::Listing;
use super::{SubaccountInvite, some};

/// The numbers in the text of an import.
pub(super) fn ids(text: &str) -> Result<BTreeSet<Id>, Diagnostic> {
    let ids: Result<_, _> = text.split(',').map(|id| id.trim().parse()).collect();
    ids.map_err(|_| {
        let rule = "The id must be numbers of invites joined by commas, as in 41,42";
        not_imported(format!("{rule}, but it is {text:?}."))
    })
}

/// The state to import: everything but what CertCentral does not know.
pub(super) fn state(mut ids: BTreeSet<Id>, listing: &Listing) -> Result<Json, Diagnostic> {
    let mut entries = Entries::default();
    let mut state: Option<SubaccountInvite> = None;
    for listed in listing.iter().filter(|listed| ids.remove(&listed.invite.id)) {
        let first = state.get_or_insert_with(|| SubaccountInvite {
            subaccount_type: listed.subaccount_type.clone(),
            invite_note: listed.invite_note.clone(),
            ..SubaccountInvite::default()
        });
        if !first.has_kind_of(listed) {
            return Err(not_imported(format!(
                "The invites of one resource have one type and one note, but those of invite {} are not those \
                 of the others. Import it into a resource of its own.",
                listed.invite.id
            )));
        }
        entries.put(&listed.invite);
    }
    let state = state.filter(|_| ids.is_empty()).ok_or_else(|| {
        not_imported(format!("The account behind the API key has no invite {}.", some(&ids)))
    })?;
    let mut answer = entries.answer(&entries.emails());
    answer["emails"] = json!(entries.emails());
    answer["subaccount_type"] = json!(state.subaccount_type);
    answer["invite_note"] = json!(state.invite_note);
    Ok(answer)
}

fn not_imported(detail: String) -> Diagnostic {
    Diagnostic::error("Invalid import ID", detail).at(Path::of("id"))
}
