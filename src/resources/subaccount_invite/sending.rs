//! Sending, whose answer tells nothing: what came of it is the difference of two lists.

use serde_json::json;
use tokio::sync::Mutex;

use crate::certcentral::{Error, Session};
use crate::kind::{Context, Failure};
use crate::schema::{Diagnostic, Json, Path};

use super::listing::{Listing, PATH, folded};
use super::{Invite, SubaccountInvite, some};

/// Held from the first list to the second, so that what is new in the second is of one resource.
pub(super) static SENDING: Mutex<()> = Mutex::const_new(());

impl SubaccountInvite {
    /// Sends to all these addresses in one request; the invites that are listed afterwards and were
    /// not `before`.
    ///
    /// # Errors
    ///
    /// Only if nothing is known to have been sent. Where it is not known that nothing has, the next
    /// apply is told so that it does not send again.
    pub(super) async fn send(
        &self,
        emails: &[&str],
        before: &Listing,
        api: &Session,
        cx: &mut Context,
    ) -> Result<Vec<Invite>, Failure> {
        let unanswered = match api.post(PATH, &self.request(emails)).await {
            Err(error) if !error.effect_unknown() => return Err(error.into()),
            sent => sent.err(),
        };
        let after = Listing::of(api, emails).await;
        let found: Vec<_> = after.as_ref().map_or_else(
            |_| Vec::new(),
            |after| {
                let answered = unanswered.is_none();
                let found = |email: &&str| self.newly_listed(email, before, after, answered);
                emails.iter().filter_map(found).collect()
            },
        );
        match (unanswered, after.err()) {
            (Some(error), unlisted) if found.is_empty() => {
                cx.private.unsettled.get_or_insert_with(|| before.last_id());
                Err(maybe_sent(emails, &error, unlisted.as_ref()).into())
            }
            (None, Some(error)) => {
                let reason = format!("reading the list of invites afterwards failed: {error}");
                cx.warn("Invites not listed yet", unlisted(emails, &reason));
                Ok(found)
            }
            (unanswered, _) => {
                let listed: Vec<_> = found.iter().map(|it| folded(&it.email)).collect();
                let mut missing = emails.to_vec();
                missing.retain(|email| !listed.contains(&folded(email)));
                if !missing.is_empty() {
                    let reason = match unanswered {
                        Some(error) => format!("no usable answer came ({error})"),
                        None => "the list of invites does not show them".to_owned(),
                    };
                    cx.warn("Invites not listed yet", unlisted(&missing, &reason));
                }
                Ok(found)
            }
        }
    }

    fn request(&self, emails: &[&str]) -> Json {
        let mut body = json!({ "emails": emails, "subaccount_type": self.subaccount_type });
        if let Some(note) = self.invite_note.as_deref().filter(|note| !note.is_empty()) {
            body["invite_note"] = note.into();
        }
        body
    }

    /// The newest invite to the address that is in the second list alone.
    fn newly_listed(
        &self,
        email: &str,
        before: &Listing,
        after: &Listing,
        answered: bool,
    ) -> Option<Invite> {
        let new = || after.to(email).rev().filter(|listed| !before.has(&listed.invite));
        // Once CertCentral has taken a note, one that it shows otherwise was rewritten by it.
        let rewritten = || new().find(|it| answered && self.has_type_of(it));
        let listed = new().find(|listed| self.has_kind_of(listed)).or_else(rewritten)?;
        Some(listed.invite.clone())
    }
}

/// After a request without an answer, where no invite is found.
fn maybe_sent(emails: &[&str], error: &Error, unlisted: Option<&Error>) -> Diagnostic {
    let looked = match unlisted {
        Some(error) => format!("reading the list of invites afterwards failed, too: {error}"),
        None => "the list of invites, read afterwards, shows nothing new".to_owned(),
    };
    let detail = format!(
        "The request to invite {} was sent, but no usable answer came: {error}. It was not repeated, and \
         {looked}. Apply again: the list is read before anything is sent, and an invite that has turned \
         up by then is adopted instead of mailing again.",
        some(emails)
    );
    Diagnostic::error("Invites may have been sent", detail).at(Path::of("emails"))
}

fn unlisted(emails: &[&str], reason: &str) -> String {
    format!(
        "The request to invite {} was sent, but {reason}. The next refresh looks for the invites; an \
         address that has none then is part of the next plan.",
        some(emails)
    )
}

#[cfg(test)]
mod tests {
    use super::super::listing::Listed;
    use super::*;

    #[test]
    fn what_is_new_is_ours_by_type_and_note() {
        let row = |id: u64, subaccount_type: &str, note: &str| {
            Listed::from_json(&json!({
                "id": id, "email": "ADA@example.com", "subaccount_type": subaccount_type, "invite_note": note,
            }))
            .unwrap()
        };
        let resource = SubaccountInvite {
            subaccount_type: "enterprise".into(),
            invite_note: Some("a & b".into()),
            ..SubaccountInvite::default()
        };
        let newest = |after: Vec<Listed>, answered| {
            let before = Listing::from_iter([row(9, "enterprise", "a & b")]);
            let found = resource.newly_listed(
                "ada@example.com",
                &before,
                &after.into_iter().collect(),
                answered,
            );
            found.map(|invite| u64::from(invite.id))
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
