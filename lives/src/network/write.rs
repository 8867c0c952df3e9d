//! The ledger: what was written, and with which effect.

use certcentral_sim::{InProcess, InviteStatus, MailKind};
use serde_json::Value as Json;
use terraform_provider_digicert::certcentral::Sent;

use super::{Network, Phase, locked};

/// A write that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) phase: Phase,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Json,
    /// One-time keys that it made.
    pub(crate) keys: Vec<String>,
    /// Addresses that were invited although an invite of the same type and note was pending.
    pub(crate) mailed_again: Vec<String>,
    /// The provider has the response, which contains the keys.
    pub(crate) has_keys: bool,
    /// It changed the data.
    pub(crate) effect: bool,
}

/// A write in progress. Its effect is known once it ends, even if nobody waits for the response any more.
pub(super) struct Watched<'a> {
    network: &'a Network,
    pub(super) index: usize,
    mails: usize,
    keys: usize,
    /// Addresses with a pending invite like the one that is being sent.
    invited: Vec<String>,
}

impl<'a> Watched<'a> {
    pub(super) fn begin(network: &'a Network, sent: &Sent<'_>) -> Self {
        let body = sent.body.and_then(|it| serde_json::from_slice(it).ok()).unwrap_or(Json::Null);
        let mails = network.sim.with(|world| world.mails.len());
        let keys = network.sim.issued_keys().len();
        let is_invite = sent.method == "POST" && sent.path == "account/subaccount/invite";
        let invited = if is_invite { pending(&network.sim, &body) } else { Vec::new() };
        let entry = Entry {
            phase: network.phase(),
            method: sent.method,
            path: sent.path.to_owned(),
            body,
            keys: Vec::new(),
            mailed_again: Vec::new(),
            has_keys: false,
            effect: false,
        };
        let mut ledger = locked(&network.ledger);
        ledger.push(entry);
        Self { network, index: ledger.len() - 1, mails, keys, invited }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        let sim = &self.network.sim;
        let keys = sim.issued_keys().split_off(self.keys);
        let to: Vec<_> = sim.with(|world| {
            let new = world.mails.get(self.mails..).unwrap_or_default();
            let invites = new.iter().filter(|it| it.kind == MailKind::SubaccountInvite);
            invites.map(|it| it.to.to_lowercase()).collect()
        });
        let effect = sim.take_requests().iter().any(|it| it.effect);
        if let Some(entry) = locked(&self.network.ledger).get_mut(self.index) {
            entry.keys = keys;
            entry.mailed_again = to.into_iter().filter(|it| self.invited.contains(it)).collect();
            entry.effect = effect;
        }
    }
}

/// Addresses with a pending invite of the type and the note of this one.
fn pending(sim: &InProcess, body: &Json) -> Vec<String> {
    let text = |name: &str| body[name].as_str().filter(|it| !it.is_empty());
    sim.with(|world| {
        let now = world.now();
        let like = world.invites.values().filter(|it| {
            it.status_at(now) == InviteStatus::Pending
                && Some(it.subaccount_type.as_str()) == text("subaccount_type")
                && it.invite_note.as_deref() == text("invite_note")
        });
        like.map(|it| it.email.to_lowercase()).collect()
    })
}
