//! `digicert_subaccount_invite`: invites that let customers open subaccounts by themselves.
//!
//! An invite is a mail to a customer, so nothing here may send one twice. The request that sends has
//! no answer, so everything is found out from the list of all invites: see `sending`.

mod entries;
mod errand;
mod import;
mod listing;
mod sending;

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::{Error, Id, Session, printable};
use crate::model;
use crate::resource::{Change, Context, Failure, Reading, Resource};
use crate::schema::{Attr, Diagnostic, Json, Path};

use entries::Entries;
use errand::Errand;
use listing::{Listing, cancel, cancel_all};
use sending::SENDING;

model! {
    /// Invites people by e-mail to open a subaccount of the account behind the API key.
    ///
    /// Creating it sends one mail to each address, except where a pending invite of the same type and note
    /// is there already: that one is adopted, with a warning. After that, mail goes only to
    /// addresses added to `emails`, and to all that have not accepted when `resend_triggers` changes.
    /// Destroying it cancels the invites that are still pending; what was accepted stays.
    ///
    /// Two resources of the same type and note that share an address share its invite, too: do without.
    ///
    /// An invite expires 30 days after it was sent. Whoever accepts one gets a subaccount at once;
    /// CertCentral does not tell which.
    pub struct SubaccountInvite {
        /// Numbers of the invites in ascending order, joined by commas.
        #[attr(computed, changes_with(&["emails"]))]
        pub id: Option<String>,
        /// Addresses to invite. An address that is added is invited; the pending invite to one that is removed is
        /// canceled.
        #[attr(
            email,
            not_empty("an invite without an address invites nobody"),
            distinct_without_case,
            unreadable
        )]
        pub emails: BTreeSet<String>,
        /// Type of subaccount that is opened: `retail`, `enterprise` or `reseller`, as far as the account
        /// may have such subaccounts. A change cancels what is pending and invites anew.
        #[attr(force_new, unreadable, caseless)]
        pub subaccount_type: String,
        /// Words of your own in the mail. A change cancels what is pending and invites anew.
        #[attr(force_new, unreadable)]
        pub invite_note: Option<String>,
        /// Any texts under any names. When they change, every address that has not accepted is sent another
        /// invite, and its older one is canceled. Setting them for the first time or removing them
        /// all sends nothing.
        #[attr(unreadable)]
        pub resend_triggers: Option<BTreeMap<String, String>>,
        /// Newest invite to each address, in the order of the addresses. An address without one is invited
        /// by the next apply.
        #[attr(computed, changes_with(&["emails"]))]
        pub invites: Option<Vec<Invite>>,
    }
}

model! {
    /// Invite to one address.
    pub struct Invite {
        /// Number of the invite.
        pub id: Id,
        /// Address as it is configured.
        pub email: String,
        /// `pending`, `accepted`, `expired` or `canceled`.
        pub status: Option<String>,
        /// When the invite was made, as CertCentral writes it: `YYYY-MM-DD hh:mm:ss`.
        pub date_created: Option<String>,
        /// When the invite was last sent, in the same form.
        pub last_sent_date: Option<String>,
    }
}

impl Resource for SubaccountInvite {
    const NAME: &'static str = "subaccount_invite";

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let nothing = Self { emails: BTreeSet::new(), invites: None, ..self.clone() };
        self.update(nothing, cx).await
    }

    async fn read(self, cx: &mut Context) -> Result<Reading, Failure> {
        let listing = Listing::shared(&cx.api()?, &addresses(&self.emails)).await?;
        let mut entries = Entries::of(&self);
        let mut missing = Vec::new();
        for email in &self.emails {
            let known = entries.get(email).map(|invite| invite.id);
            match listing.own(&self, email).next_back().map(|listed| &listed.invite) {
                Some(newest) if known.is_none_or(|id| id <= newest.id) => entries.put(newest),
                _ => missing.extend(known.map(|id| format!("{email} ({id})"))),
            }
        }
        if !missing.is_empty() {
            cx.warn("Invites not listed", not_listed(&missing));
        }
        let closed = entries.to(&self.emails).into_iter().filter(Invite::is_closed);
        let closed: Vec<_> = closed.map(|it| format!("{} ({})", it.email, it.status())).collect();
        if !closed.is_empty() {
            cx.warn("Invites closed", cannot_be_accepted(&closed));
        }
        Ok(Reading::Found(entries.answer(&self.emails)))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let mut entries = Entries::of(&prior);
        let errand = Errand::of(&self, &prior);
        if errand.is_nothing() {
            return Ok(entries.answer(&self.emails));
        }
        let api = cx.api()?;
        let _turn = api.unless_stopped(SENDING.lock()).await?;
        let before = Listing::of(&api, &errand.addresses()).await?;
        let round = errand.round(&before, &mut entries, cx.private.unsettled);
        if !round.adopted.is_empty() {
            cx.warn("Invites adopted", adopted(&round.adopted));
        }
        if !round.send.is_empty() {
            let sent = self.send(&round.send, &before, &api, cx).await?;
            sent.iter().for_each(|invite| entries.put(invite));
        }
        cx.private.unsettled = None;
        let older = errand.superseded(&round, &before, &entries);
        if let Some((left, error)) = cancel_all(&older, &api).await {
            cx.warn("Older invites not canceled", not_superseded(&left, &error));
        }
        for (done, email) in errand.removed.iter().enumerate() {
            if let Err(failed) = prior.cancel_pending(email, &before, &api).await {
                cx.reached(self.with_rest(&errand.removed[done..], &entries));
                return Err(failed.at(Path::of("emails")).into());
            }
        }
        // Not an empty list: what was sent has not been listed yet.
        Ok(if entries.is_empty() { Json::Null } else { entries.answer(&self.emails) })
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        let listing = Listing::of(&api, &addresses(&self.emails)).await?;
        for email in &self.emails {
            self.cancel_pending(email, &listing, &api).await?;
        }
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let ids = import::ids(id)?;
        let listing = Listing::with(&cx.api()?, &ids).await?;
        Ok(import::state(ids, &listing)?)
    }

    fn review(change: &mut Change<'_>) {
        let (prior, planned) = (Self::from_value(change.prior), Self::from_value(change.planned));
        let triggers = change.planned.attribute("resend_triggers");
        let may_resend = prior.has_triggers() && !triggers.is_wholly_known();
        let known = Entries::of(&prior);
        let mut uninvited = addresses(&planned.emails);
        uninvited.retain(|email| known.get(email).is_none());
        if may_resend || planned.resends(&prior) || !uninvited.is_empty() {
            change.known_after_apply(&["id", "invites"]);
        }
        uninvited.retain(|email| prior.emails.contains(*email));
        if !uninvited.is_empty() {
            let detail = format!(
                "No invite to {} is known, so this plan sends one, unless a pending one has turned up by then.",
                some(&uninvited)
            );
            let warning = Diagnostic::warning("Addresses without an invite", detail);
            change.diagnostics.push(warning.at(Path::of("emails")));
        }
    }
}

impl SubaccountInvite {
    fn has_triggers(&self) -> bool {
        self.resend_triggers.as_ref().is_some_and(|triggers| !triggers.is_empty())
    }

    /// Whether the step from `prior` asks for mail to everybody who has not accepted.
    fn resends(&self, prior: &Self) -> bool {
        let both = prior.has_triggers() && self.has_triggers();
        both && prior.resend_triggers != self.resend_triggers
    }

    async fn cancel_pending(
        &self,
        email: &str,
        listing: &Listing,
        api: &Session,
    ) -> Result<(), Diagnostic> {
        for listed in listing.pending(self, email) {
            let canceled = cancel(&listed.invite, api).await;
            canceled.map_err(|error| not_canceled(&listed.invite, &error))?;
        }
        Ok(())
    }

    /// What is reached while these addresses are still to be removed.
    fn with_rest(&self, rest: &[&str], entries: &Entries) -> Self {
        let mut reached = self.clone();
        reached.emails.extend(rest.iter().map(|email| (*email).to_owned()));
        reached.id = entries.id(&reached.emails);
        reached.invites = Some(entries.to(&reached.emails));
        reached
    }
}

fn adopted(invites: &[&Invite]) -> String {
    let each = invites.iter().map(|it| format!("{} ({})", it.email, it.id));
    format!(
        "Invites of this type and note are pending already to {}, so they were adopted and no mail was sent. \
         To send again, change resend_triggers from one value to another.",
        some(each)
    )
}

fn not_listed(invites: &[String]) -> String {
    format!(
        "The list of invites lacks those to {}. They are kept in the state, and no mail is sent. Check that the \
         API key and base_url belong to the account that sent them.",
        some(invites)
    )
}

fn cannot_be_accepted(invites: &[String]) -> String {
    format!(
        "These addresses have not accepted and cannot any more: {}. No mail is sent for that. To invite them \
         again, change resend_triggers from one value to another; to be done with them, remove them from \
         emails.",
        some(invites)
    )
}

fn not_canceled(invite: &Invite, error: &Error) -> Diagnostic {
    let detail = format!(
        "Canceling invite {} to {} failed: {error}. What was done before that is done; apply again to cancel \
         the rest.",
        invite.id,
        printable(&invite.email)
    );
    Diagnostic::error("Invite not canceled", detail)
}

fn not_superseded(invites: &[&Invite], error: &Error) -> String {
    let each = invites.iter().map(|it| format!("{} ({})", it.email, it.id));
    format!(
        "Newer invites were sent, but canceling the older ones to {} failed: {error}. Both may be accepted. \
         Cancel the older ones in CertCentral; a destroy would cancel them, too.",
        some(each)
    )
}

fn addresses(emails: &BTreeSet<String>) -> Vec<&str> {
    emails.iter().map(String::as_str).collect()
}

/// The first few of many, for a message.
fn some(all: impl IntoIterator<Item: ToString>) -> String {
    let all: Vec<_> = all.into_iter().map(|one| printable(&one.to_string())).collect();
    match all.get(MOST_SHOWN..) {
        Some(rest @ [_, ..]) => {
            format!("{} and {} more", all[..MOST_SHOWN].join(", "), rest.len())
        }
        _ => all.join(", "),
    }
}

const MOST_SHOWN: usize = 10;
