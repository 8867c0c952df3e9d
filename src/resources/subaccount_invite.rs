//! `digicert_subaccount_invite`: invites that let customers create subaccounts by themselves.
//!
//! An invite is an e-mail to a customer, so no invite may be sent twice. The response to the request that
//! sends invites is empty, so the new invites are found in the list of all invites: see `send`.

mod cancel;
mod delta;
mod existing;
mod import;
mod list;
mod messages;
mod plan;
mod send;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use crate::certcentral::Id;
use crate::kind::{self, Change, Declared, Existing, Failure, Identity, Read, Resource};
use crate::model;
use crate::schema::Json;

use cancel::{cancel_superseded, part};
use delta::{Delta, Resend};
pub(crate) use list::list;
use list::{Listing, Ours};
use state::{InvitesByEmail, folded};

/// Held from the first list to the last write: new invites in a second list then belong to one resource,
/// and no resource cancels an invite that another one is adopting.
const CHANGING_INVITES: &str = "subaccount invites";

model! {
    /// Invites people by e-mail to create a subaccount under the account the API key belongs to.
    ///
    /// Creating this resource sends one e-mail to each address. An existing pending invite with the same type
    /// and note is adopted instead, with a warning. Later, e-mails are sent only to addresses that are added
    /// to `emails`, and when `resend_triggers` changes. Destroying the resource cancels pending invites;
    /// accepted ones are not affected.
    ///
    /// An invite expires 30 days after it was sent. A subaccount is created as soon as an invite is
    /// accepted; the API does not report which one.
    ///
    /// ~> **Note:** Do not use the same address in two resources with the same type and note: both would manage
    /// the same invite. When an apply creates one resource and destroys another, invites that the new one has adopted
    /// are not canceled. Terraform may destroy the old one first, which cancels them, so that the new one
    /// sends new invites. Use a `moved` block to rename a resource.
    ///
    /// A resend is complete when the new invite is listed and the older one is canceled. If it is
    /// interrupted, by Ctrl-C or by an error of CertCentral, a later plan shows an update that cancels the
    /// older invite. If the provider is killed during a resend, the next apply sends these invites once
    /// more and cancels all older ones.
    ///
    /// **Required permissions:** API key of an administrator, without restrictions. Subaccounts must be enabled
    /// for the account.
    ///
    /// **DigiCert API:** [Send invite](https://dev.digicert.com/services-api/account/send-invite/),
    /// [List invites](https://dev.digicert.com/en/certcentral-apis/services-api/account/list-invites.html),
    /// [Update invite status](https://dev.digicert.com/services-api/account/update-invite-status/)
    pub struct SubaccountInvite {
        /// Lowest ID of the invites that existed when the resource was created or imported. It does not change
        /// when addresses are added or removed.
        #[attr(computed)]
        pub id: Option<String>,
        /// E-mail addresses to invite. Added addresses are invited; pending invites of removed addresses are
        /// canceled. A change of letter case alone sends nothing.
        #[attr(
            email,
            not_empty("an invite without an address invites nobody"),
            unique_ignoring_case,
            not_returned
        )]
        pub emails: BTreeSet<String>,
        /// Type of the subaccount, if it is enabled for the account. Changing this cancels pending invites and
        /// sends new ones.
        #[attr(
            one_of(&["retail", "enterprise", "reseller"]),
            force_new,
            not_returned,
            names_object
        )]
        pub subaccount_type: String,
        /// Custom text for the e-mail. Changing this cancels pending invites and sends new ones.
        #[attr(force_new, not_returned)]
        pub invite_note: Option<String>,
        /// Arbitrary map of values. When it changes from one value to another, a new invite is sent to every
        /// address that has not accepted, and its previous invite is canceled. When it is set for the first
        /// time, also after an import, a new invite is sent only to addresses whose invite has expired or been
        /// canceled. Removing it sends nothing.
        #[attr(not_returned)]
        pub resend_triggers: Option<BTreeMap<String, String>>,
        /// Most recent invite to each address, sorted by address. An address without an invite is invited
        /// by the next apply.
        #[attr(computed)]
        pub invites: Option<Vec<Invite>>,
    }
}

model! {
    /// Invite to one address.
    pub struct Invite {
        /// ID of the invite. Null if the invite was sent and is not listed yet.
        pub id: Option<Id>,
        /// Address as configured in `emails`.
        pub email: String,
        /// `pending`, `accepted`, `expired` or `canceled`.
        pub status: Option<String>,
        /// Time when the invite was created, as the API returns it: `YYYY-MM-DD hh:mm:ss`.
        pub date_created: Option<String>,
        /// Time when the invite was last sent, in the same format.
        pub last_sent_date: Option<String>,
    }
}

/// What an update has begun and a later one has to complete.
#[derive(Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Unfinished {
    /// Highest invite ID before a POST that got no answer. Newer invites may be its work: they are adopted,
    /// and nothing is sent again.
    unsettled: Option<Id>,
    /// Older invites that newer ones replace and that are not canceled yet, with their addresses.
    superseded: BTreeMap<Id, String>,
}

type Context = kind::Context<Unfinished>;

impl Declared for SubaccountInvite {
    const TYPE: &'static str = "digicert_subaccount_invite";
}

impl Resource for SubaccountInvite {
    type Memory = Unfinished;

    const IDENTITY: Identity = Identity::None;

    async fn create(self, cx: &mut Context) -> Result<Json, Failure> {
        let nothing = Self { emails: BTreeSet::new(), invites: None, ..self.clone() };
        let mut answer = self.update(nothing, cx).await?;
        if answer["id"].is_null() {
            // The new invites are not listed yet. The next read looks for them.
            answer["invites"] = Json::Null;
        }
        Ok(answer)
    }

    async fn read(self, cx: &mut Context) -> Result<Read, Failure> {
        let listing = Listing::shared(&cx.api()?, &addresses(&self.emails)).await?;
        let ours = Ours { resource: &self, superseded: &cx.private.superseded.clone() };
        let mut known = InvitesByEmail::of(&self);
        let mut missing = Vec::new();
        for email in &self.emails {
            let newest = listing.ours(&ours, email).next_back();
            match known.get(email) {
                Some(invite) if newest.is_none_or(|it| invite.id > Some(it.id)) => {
                    missing.push(invite.clone());
                }
                _ => newest.into_iter().for_each(|newest| known.put(&newest.invite)),
            }
            for listed in listing.to(email).filter(|listed| !listed.invite.is_pending()) {
                cx.private.superseded.remove(&listed.id);
            }
        }
        if !missing.is_empty() {
            cx.warn("Invites not listed", messages::not_listed(&missing));
        }
        let mut closed = known.known(&self.emails);
        closed.retain(Invite::is_closed);
        if !closed.is_empty() {
            let detail = messages::closed(&closed, self.has_triggers());
            cx.warn("Invites expired or canceled", detail);
        }
        Ok(Read::Found(self.answer(known.known(&self.emails))))
    }

    async fn update(self, prior: Self, cx: &mut Context) -> Result<Json, Failure> {
        let mut known = InvitesByEmail::of(&prior);
        let superseded = cx.private.superseded.clone();
        let ours = Ours { resource: &prior, superseded: &superseded };
        let delta = Delta::of(&self, &prior, Resend::by(&prior, &self, true), &superseded);
        if delta.is_empty() {
            return Ok(self.answer(known.all(&self.emails)));
        }
        let api = cx.api()?;
        let _changing = cx.exclusive(CHANGING_INVITES).await?;
        let before = Listing::of(&api, &delta.addresses()).await.map_err(messages::nothing_sent)?;
        let batch = delta.batch(&before, &ours, &mut known, cx.private.unsettled);
        let unanswered = self.post(&batch.send, &api).await?;
        cx.private.superseded.extend(batch.older);
        let sent = match self.find_sent(&batch.send, &before, unanswered, &api, cx).await {
            Ok(sent) => sent,
            Err(failure) => {
                // The state keeps addresses to remove, so that a later update removes them.
                let reached = self.with_rest(&delta.removed, &known);
                cx.set_partial_state(Self { resend_triggers: prior.resend_triggers, ..reached });
                return Err(failure);
            }
        };
        cx.private.unsettled = None;
        if !batch.adopted.is_empty() {
            cx.warn("Invites adopted", messages::adopted(&batch.adopted, self.has_triggers()));
        }
        for invite in batch.adopted.into_iter().chain(sent.iter().map(|it| &it.invite)) {
            known.put(invite);
            invite.id.into_iter().for_each(|id| cx.claim(part(id)));
        }
        let kept = self.folded_emails();
        cancel_superseded(&kept, &known, &api, cx).await;
        for (done, email) in delta.removed.iter().enumerate() {
            if let Err(failure) = ours.cancel(email, &before, &api, cx).await {
                cx.set_partial_state(self.with_rest(&delta.removed[done..], &known));
                return Err(failure);
            }
        }
        cx.private.superseded.retain(|_, email| kept.contains(&folded(email)));
        Ok(self.answer(known.all(&self.emails)))
    }

    async fn delete(self, cx: &mut Context) -> Result<(), Failure> {
        let api = cx.api()?;
        let _changing = cx.exclusive(CHANGING_INVITES).await?;
        let ours = Ours { resource: &self, superseded: &cx.private.superseded };
        let listing = Listing::of(&api, &addresses(&self.emails)).await;
        let listing = listing.map_err(messages::nothing_sent)?;
        for email in &self.emails {
            ours.cancel(email, &listing, &api, cx).await?;
        }
        Ok(())
    }

    async fn import(id: &str, cx: &mut Context) -> Result<Json, Failure> {
        let ids = import::ids(id)?;
        let listing = Listing::with(&cx.api()?, &ids).await?;
        Ok(import::state(ids, &listing)?)
    }

    async fn existing(cx: &mut Context) -> Result<Vec<Existing>, Failure> {
        Ok(existing::existing(&cx.api()?).await?)
    }

    async fn modify_plan(change: &mut Change<'_>, cx: &mut Context) -> Result<(), Failure> {
        if change.is_update() { Self::plan(change, cx) } else { Ok(()) }
    }

    fn ids(&self) -> Vec<String> {
        let ids: Vec<_> = self.invites().filter_map(|it| it.id).map(|id| id.to_string()).collect();
        if ids.is_empty() { self.id.iter().cloned().collect() } else { ids }
    }

    fn is_lost_when_destroyed(&self) -> bool {
        // Nothing else is canceled.
        self.invites.is_none() || self.invites().any(Invite::is_pending)
    }
}

impl SubaccountInvite {
    /// The partial state while these addresses are still to be removed.
    fn with_rest(&self, rest: &[&str], known: &InvitesByEmail) -> Self {
        let mut reached = self.clone();
        reached.emails.extend(rest.iter().map(|email| (*email).to_owned()));
        reached.invites = Some(known.known(&reached.emails));
        reached
    }
}

fn addresses(emails: &BTreeSet<String>) -> Vec<&str> {
    emails.iter().map(String::as_str).collect()
}
