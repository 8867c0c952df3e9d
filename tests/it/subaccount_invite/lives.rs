//! Random lives: whatever was edited, failed or happened elsewhere, once CertCentral answers again an
//! apply or two leave one open invite to each address, and nobody gets an e-mail without a reason.

use std::collections::{BTreeMap, BTreeSet};

use certcentral_sim::{FaultKind, InviteStatus, Sim};
use fastrand::Rng;
use serde_json::{Value, json};

use super::{cancel, list, post};
use crate::host::{Host, Object};

const INVITE: &str = "digicert_subaccount_invite";
const ADDRESSES: [&str; 4] =
    ["ada@example.com", "bo@example.com", "cy@example.com", "di@example.com"];

struct Life<'a> {
    sim: &'a Sim,
    host: Host<'a>,
    object: Object,
    config: Value,
    random: Rng,
    /// Addresses that an apply which failed has sent to again, and the trigger it was for.
    resent: BTreeSet<(String, String)>,
    story: Vec<String>,
}

#[tokio::test]
async fn every_life_ends_with_one_open_invite_to_each_address() {
    for seed in 0..LIVES {
        let sim = crate::fixtures::sim();
        let host = Host::without_retries(&sim).await;
        let mut life = Life {
            sim: &sim,
            host,
            object: Object::default(),
            config: json!({ "emails": ADDRESSES[..2], "subaccount_type": "enterprise" }),
            random: Rng::with_seed(seed),
            resent: BTreeSet::new(),
            story: vec![format!("seed {seed}")],
        };
        life.apply(true).await;
        for _ in 0..STEPS {
            life.edit();
            life.happen_elsewhere();
            life.break_something();
            let refresh = life.random.u8(..4) > 0;
            life.apply(refresh).await;
            sim.clear_faults();
            if life.random.u8(..3) == 0 {
                life.settle().await;
            }
        }
        life.settle().await;
    }
}

const LIVES: u64 = 16;
const STEPS: usize = 12;

impl Life<'_> {
    fn tell(&mut self, event: impl Into<String>) {
        self.story.push(event.into());
    }

    fn edit(&mut self) {
        if self.random.bool() {
            let mut emails: Vec<_> = ADDRESSES.iter().filter(|_| self.random.bool()).collect();
            if emails.is_empty() {
                emails.push(self.random.choice(&ADDRESSES).expect("four"));
            }
            let upper = self.random.bool();
            let spell = |it: &&str| if upper { it.replacen('a', "A", 1) } else { (*it).to_owned() };
            self.config["emails"] = emails.into_iter().map(spell).collect();
        }
        if self.random.u8(..3) == 0 {
            self.config["resend_triggers"] = match self.random.u8(..4) {
                0 => Value::Null,
                round => json!({ "round": round.to_string() }),
            };
        }
        self.tell(format!("configured {}", self.config));
    }

    fn happen_elsewhere(&mut self) {
        let status = match self.random.u8(..10) {
            0 => InviteStatus::Accepted,
            1 => InviteStatus::Canceled,
            _ => return,
        };
        let ids: Vec<_> = self.sim.with(|world| world.invites.keys().copied().collect());
        let Some(id) = self.random.choice(ids) else { return };
        self.sim.with(|world| world.invites.get_mut(&id).expect("listed").status = status);
        self.tell(format!("{id} is {status:?}"));
    }

    fn break_something(&mut self) {
        let any = "50*";
        let fault = match self.random.u8(..12) {
            0 => post(FaultKind::Reset),
            1..=3 => post(FaultKind::Reset).with_effect(),
            4 => post(FaultKind::status(403)),
            5 | 6 => cancel(any, FaultKind::status(403)).times(1),
            7 => cancel(any, FaultKind::Reset).times(1),
            8 => cancel(any, FaultKind::Reset).with_effect().times(1),
            _ => return self.break_lists(),
        };
        self.tell(format!("{fault:?}"));
        self.sim.fault(fault);
        self.break_lists();
    }

    /// The first list is that of the refresh, the second and third are those of an apply that sends.
    fn break_lists(&mut self) {
        if self.random.u8(..3) > 0 {
            let fault = list(FaultKind::status(500)).after(self.random.usize(..4)).times(1);
            self.tell(format!("{fault:?}"));
            self.sim.fault(fault);
        }
    }

    /// Plans and applies as core does, and holds the provider to what core demands of it. Whether there
    /// was something to do.
    async fn apply(&mut self, refresh: bool) -> bool {
        let pending = self.pending();
        if refresh && self.object.state.is_some() {
            let read = self.host.read(INVITE, &self.object).await;
            self.tell(format!("read: {} {:?} {:?}", read.attributes, read.errors, read.warnings));
            if !read.errors.is_empty() {
                return true;
            }
            self.object = read.object;
        }
        let prior = self.object.attributes();
        let planned = self.host.plan(INVITE, &self.object, Some(&self.config)).await.succeeded();
        self.tell(format!("planned: {} {:?}", planned.attributes, planned.warnings));
        if planned.attributes == prior {
            return false;
        }
        let mails = self.mails();
        let expected = planned.attributes.clone();
        let done =
            self.host.apply_planned(INVITE, &self.object, planned.object, Some(&self.config)).await;
        self.tell(format!("applied: {} {:?} {:?}", done.attributes, done.errors, done.warnings));
        if done.errors.is_empty() {
            assert!(is_compatible(&expected, &done.attributes), "{:#?}", self.story);
        }
        let triggers = |it: &Value| it["resend_triggers"]["round"].as_str().map(str::to_owned);
        let (old, new) = (triggers(&prior), triggers(&self.config));
        let resends = old.is_some() && new.is_some() && old != new;
        for (email, sent) in self.mails() {
            let sent = sent - mails.get(&email).copied().unwrap_or_default();
            let again = (email, new.clone().unwrap_or_default());
            let is_due = resends && !self.resent.contains(&again);
            let allowed = usize::from(is_due || !pending.contains_key(&again.0));
            assert!(sent <= allowed, "{again:?}: {:#?}", self.story);
            if sent > 0 {
                self.resent.insert(again);
            }
        }
        if done.errors.is_empty() {
            self.resent.clear();
        }
        self.object = done.object;
        true
    }

    /// Two applies of another run at most, and then there is nothing to do.
    async fn settle(&mut self) {
        self.host = Host::without_retries(self.sim).await;
        self.tell("another run");
        for _ in 0..2 {
            self.apply(true).await;
        }
        assert!(!self.apply(true).await, "{:#?}", self.story);
        let state = self.object.attributes();
        let mut known = BTreeMap::new();
        for invite in state["invites"].as_array().expect("a list") {
            let email = invite["email"].as_str().expect("text").to_lowercase();
            if invite["status"] == "pending" {
                let id: u64 = invite["id"].as_str().expect("an ID").parse().expect("digits");
                known.insert(email, vec![id]);
            }
        }
        assert_eq!(self.pending(), known, "{:#?}", self.story);
        assert_eq!(
            state["invites"].as_array().map(Vec::len),
            state["emails"].as_array().map(Vec::len)
        );
    }

    /// Open invites by address.
    fn pending(&self) -> BTreeMap<String, Vec<u64>> {
        self.sim.with(|world| {
            let mut pending = BTreeMap::<_, Vec<_>>::new();
            for invite in world.invites.values().filter(|it| it.status == InviteStatus::Pending) {
                pending.entry(invite.email.to_lowercase()).or_default().push(invite.id);
            }
            pending
        })
    }

    /// E-mails by address.
    fn mails(&self) -> BTreeMap<String, usize> {
        self.sim.with(|world| {
            let mut mails = BTreeMap::new();
            world.mails.iter().for_each(|it| *mails.entry(it.to.to_lowercase()).or_default() += 1);
            mails
        })
    }
}

/// Whether core accepts this state after this plan.
fn is_compatible(planned: &Value, actual: &Value) -> bool {
    match (planned, actual) {
        (Value::String(unknown), _) if unknown == "unknown" => true,
        (Value::Array(planned), Value::Array(actual)) => {
            planned.len() == actual.len()
                && planned
                    .iter()
                    .zip(actual)
                    .all(|(planned, actual)| is_compatible(planned, actual))
        }
        (Value::Object(planned), Value::Object(actual)) => {
            planned.iter().all(|(name, planned)| is_compatible(planned, &actual[name]))
        }
        _ => planned == actual,
    }
}
