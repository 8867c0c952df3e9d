//! Imports invites by ID.

use std::collections::BTreeSet;

use serde_json::json;

use crate::certcentral::Id;
use crate::schema::{Diagnostic, Json, Path};

use super::SubaccountInvite;
use super::list::Listing;
use super::messages::some;
use super::state::InvitesByEmail;

/// The IDs in the text of an import.
pub(super) fn ids(text: &str) -> Result<BTreeSet<Id>, Diagnostic> {
    let ids: Result<_, _> = text.split(',').map(|id| id.trim().parse()).collect();
    ids.map_err(|_| {
        let rule = "The import ID must be a comma-separated list of invite IDs, for example 41,42";
        not_imported(format!("{rule}, but it is {text:?}."))
    })
}

/// The imported state: everything that the API returns.
pub(super) fn state(mut ids: BTreeSet<Id>, listing: &Listing) -> Result<Json, Diagnostic> {
    let mut known = InvitesByEmail::default();
    let mut state: Option<SubaccountInvite> = None;
    for listed in listing.iter().filter(|listed| ids.remove(&listed.id)) {
        let first = state.get_or_insert_with(|| SubaccountInvite {
            // A configuration must use lower case.
            subaccount_type: listed.subaccount_type.to_lowercase(),
            invite_note: listed.invite_note.clone(),
            ..SubaccountInvite::default()
        });
        if !first.has_kind_of(listed) {
            return Err(not_imported(format!(
                "All invites of a resource must have the same type and note, and invite {} differs from the \
                 first one. Import it into a separate resource.",
                listed.id
            )));
        }
        known.put(&listed.invite);
    }
    let state = state.filter(|_| ids.is_empty()).ok_or_else(|| {
        not_imported(format!(
            "The account the API key belongs to has no invite {}. Correct the import ID: `GET \
             /account/subaccount/invite` lists the invites of the account.",
            some(&ids)
        ))
    })?;
    let mut answer = state.answer(known.known(&known.emails()));
    answer["emails"] = json!(known.emails());
    answer["subaccount_type"] = json!(state.subaccount_type);
    answer["invite_note"] = json!(state.invite_note);
    Ok(answer)
}

fn not_imported(detail: String) -> Diagnostic {
    Diagnostic::error("Invalid import ID", detail).at(Path::of("id"))
}
