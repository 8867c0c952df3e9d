//! Sends invites. The response is empty, so the new invites are the difference of two lists.

use serde_json::json;

use super::Context;
use crate::certcentral::{Error, Session};
use crate::kind::Failure;
use crate::resources::posted;
use crate::schema::Json;

use super::list::{ListedInvite, Listing, PATH};
use super::state::folded;
use super::{SubaccountInvite, messages};

impl SubaccountInvite {
    /// Sends invites to these addresses in one request. Returns the error of a request that may have been
    /// executed.
    ///
    /// # Errors
    ///
    /// If no invite was sent.
    pub(super) async fn post(
        &self,
        emails: &[&str],
        api: &Session,
    ) -> Result<Option<Error>, Failure> {
        if emails.is_empty() {
            return Ok(None);
        }
        posted::post(api, PATH, &self.request(emails)).await.map_err(messages::nothing_sent)
    }

    /// The invites to these addresses that are listed now and were not `before`; `unanswered` is the
    /// result of [`Self::post`].
    ///
    /// # Errors
    ///
    /// If no response was received and no invite is found. This is recorded in the private data, so that the
    /// next apply does not send again.
    pub(super) async fn find_sent(
        &self,
        emails: &[&str],
        before: &Listing,
        unanswered: Option<Error>,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Vec<ListedInvite>, Failure> {
        let after = Listing::of(api, emails).await;
        let found: Vec<_> = after.as_ref().map_or_else(
            |_| Vec::new(),
            |after| {
                let answered = unanswered.is_none();
                let found = |email: &&str| self.newly_listed(email, before, after, answered);
                emails.iter().filter_map(found).collect()
            },
        );
        if let Some(error) = unanswered.as_ref().filter(|_| found.is_empty()) {
            cx.private.unsettled.get_or_insert_with(|| before.last_id());
            return Err(messages::maybe_sent(emails, error, after.err().as_ref()).into());
        }
        let listed: Vec<_> = found.iter().map(|it| folded(&it.invite.email)).collect();
        let mut missing = emails.to_vec();
        missing.retain(|email| !listed.contains(&folded(email)));
        if !missing.is_empty() {
            let reason = posted::not_listed("invite", unanswered.as_ref(), after.as_ref().err());
            cx.warn("Invites not listed yet", messages::not_listed_yet(&missing, &reason));
        }
        Ok(found)
    }

    fn request(&self, emails: &[&str]) -> Json {
        let mut body = json!({ "emails": emails, "subaccount_type": self.subaccount_type });
        if let Some(note) = self.invite_note.as_deref().filter(|note| !note.is_empty()) {
            body["invite_note"] = note.into();
        }
        body
    }

    /// The newest invite to the address that only the second list contains.
    fn newly_listed(
        &self,
        email: &str,
        before: &Listing,
        after: &Listing,
        answered: bool,
    ) -> Option<ListedInvite> {
        let new = || after.to(email).rev().filter(|listed| !before.has(listed));
        // If CertCentral accepted the note but returns another one, CertCentral has rewritten it.
        let rewritten = || new().find(|it| answered && self.has_type_of(it));
        new().find(|listed| self.has_kind_of(listed)).or_else(rewritten).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certcentral::Id;

    #[test]
    fn what_is_new_is_ours_by_type_and_note() {
        let row = |id: u64, subaccount_type: &str, note: &str| {
            let row = json!({
                "id": id, "email": "ADA@example.com", "subaccount_type": subaccount_type, "invite_note": note,
            });
            ListedInvite::new(Id::from(id), &row).unwrap()
        };
        let resource = SubaccountInvite {
            subaccount_type: "enterprise".into(),
            invite_note: Some("a & b".into()),
            ..SubaccountInvite::default()
        };
        let newest = |after: Vec<ListedInvite>, answered| {
            let before = Listing::from_iter([row(9, "enterprise", "a & b")]);
            let found = resource.newly_listed(
                "ada@example.com",
                &before,
                &after.into_iter().collect(),
                answered,
            );
            found.map(|listed| u64::from(listed.id))
        };
        let old = || row(9, "enterprise", "a & b");
        let ours = || row(11, "enterprise", "a & b");
        let (rewritten, retail) =
            (|| row(12, "enterprise", "a &amp; b"), || row(13, "retail", "a & b"));
        for (after, answered, expected) in [
            (vec![old()], true, None),
            (vec![old(), ours(), row(10, "enterprise", "a & b")], true, Some(11)),
            (vec![old(), ours(), rewritten(), retail()], true, Some(11)),
            (vec![old(), rewritten(), retail()], true, Some(12)),
            (vec![old(), rewritten()], false, None),
            (vec![old(), retail()], true, None),
        ] {
            assert_eq!(newest(after, answered), expected);
        }
    }
}
