//! Holds what happened against the invariants.

mod keys;
mod objects;

use std::collections::BTreeSet;

use terraform_provider_digicert::schema::Value;

use super::Life;
use crate::core::{Address, Plan, Said, State};
use crate::invariant::{Invariant, Violation};
use crate::kinds::kind;
use crate::network::{Entry, Network};

/// How a run ended.
#[derive(Default)]
pub(super) struct Done {
    pub(super) said: Vec<(Address, Said)>,
    pub(super) ledger: Vec<Entry>,
    /// Addresses whose change failed or was not begun.
    pub(super) undone: BTreeSet<Address>,
    pub(super) was_interrupted: bool,
    pub(super) was_killed: bool,
    /// Only one apply was in flight.
    pub(super) was_killed_alone: bool,
    /// With `-target`, the plan did not see every address that may have the same object.
    pub(super) was_targeted: bool,
    /// The plan had read every object.
    pub(super) was_refreshed: bool,
    /// A fault says that an object is absent.
    pub(super) had_absences: bool,
    /// Faults were injected.
    pub(super) had_faults: bool,
}

impl Done {
    pub(super) fn has_errors(&self) -> bool {
        self.said.iter().any(|(_, it)| it.is_error)
    }

    /// Whether a response from a record became the state, without a read.
    pub(super) fn has_restored(&self) -> bool {
        self.said.iter().any(|(_, it)| it.summary.contains("restored from recovery_dir"))
    }

    pub(super) fn errors(&self) -> Vec<String> {
        let errors = self.said.iter().filter(|(_, it)| it.is_error);
        errors.map(|(address, it)| format!("{address}: {}: {}", it.summary, it.detail)).collect()
    }
}

/// IDs of the objects that a state stands for, the current one first.
pub(super) fn owned(of: &str, state: &Value) -> Vec<u64> {
    let number = |it: &Value| it.as_str().and_then(|it| it.parse::<u64>().ok());
    let mut ids: Vec<u64> = Vec::new();
    if of == "digicert_subaccount_invite" {
        if let Value::List(invites) = state.attribute("invites") {
            let open =
                invites.iter().filter(|it| it.attribute("status").as_str() == Some("pending"));
            ids.extend(open.filter_map(|it| number(it.attribute("id"))));
        }
        return ids;
    }
    ids.extend(number(state.attribute("id")));
    if let Value::List(superseded) = state.attribute("superseded_key_ids") {
        ids.extend(superseded.iter().filter_map(number));
    }
    ids
}

/// Whether an ID of a state is still to be found.
pub(super) fn lacks_id(of: &str, state: &Value) -> bool {
    if of != "digicert_subaccount_invite" {
        return state.attribute("id").is_null();
    }
    let (Value::Set(emails), Value::List(invites)) =
        (state.attribute("emails"), state.attribute("invites"))
    else {
        return true;
    };
    emails.len() > invites.len() || invites.iter().any(|it| it.attribute("id").is_null())
}

/// What a person imports an object by.
pub(super) fn import_id(of: &str, state: &Value) -> Option<String> {
    if of != "digicert_subaccount_invite" {
        return state.attribute("id").as_str().map(str::to_owned);
    }
    let Value::List(invites) = state.attribute("invites") else { return None };
    let ids: Vec<_> = invites.iter().filter_map(|it| it.attribute("id").as_str()).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

fn broken(invariant: Invariant, detail: impl Into<String>) -> Violation {
    Violation::new(invariant, detail)
}

impl Life {
    /// A plan has written nothing.
    pub(super) fn judge_reads(&mut self, network: &Network) -> Result<(), Violation> {
        self.statistics.requests += self.sim.take_requests().len() as u64;
        match network.take_ledger().first() {
            Some(Entry { method, path, phase, .. }) => {
                Err(broken(Invariant::ReadsWriteNothing, format!("{phase:?}: {method} {path}")))
            }
            None => Ok(()),
        }
    }

    /// Errors teach, and contain no secret.
    pub(super) fn judge_said(&self, said: &[(Address, Said)]) -> Result<(), Violation> {
        for (address, said) in said {
            let text = format!("{}: {}", said.summary, said.detail);
            if self.secret_in(&text) {
                return Err(broken(
                    Invariant::SecretsInStateOnly,
                    format!("{address}: {}", said.summary),
                ));
            }
            if said.is_error && !self.teaches(*address, said) {
                return Err(broken(Invariant::ErrorsTeach, format!("{address}: {text}")));
            }
        }
        Ok(())
    }

    fn secret_in(&self, text: &str) -> bool {
        text.contains(self.sim.api_key())
            || self.sim.issued_keys().iter().any(|it| text.contains(it))
    }

    fn teaches(&self, address: Address, said: &Said) -> bool {
        let text = format!("{} {}", said.summary, said.detail);
        let mut names: Vec<String> = vec![address.of.to_owned(), "API key".into(), "`".into()];
        names.extend(self.config.get(&address).map(|it| strings(&it.config)).unwrap_or_default());
        let object = self.state.object(address);
        names.extend(object.and_then(|it| it.value.attribute("id").as_str()).map(str::to_owned));
        let is_named = said.has_path || names.iter().any(|it| text.contains(it.as_str()));
        let is_sentence = said.detail.ends_with(['.', '/', '}', '"']);
        is_named && is_sentence && NEXT_STEPS.iter().any(|it| text.contains(it))
    }

    /// What an apply did.
    pub(super) fn judge_run(
        &mut self,
        before: &State,
        plan: &Plan,
        done: &Done,
    ) -> Result<(), Violation> {
        self.judge_mails(&plan.state, done)?;
        self.judge_removals(&plan.state, done)?;
        self.judge_others()?;
        self.judge_keys(done)?;
        self.judge_states()?;
        self.judge_objects(before, plan, done)
    }

    fn judge_mails(&mut self, before: &State, done: &Done) -> Result<(), Violation> {
        for entry in &done.ledger {
            for email in &entry.mailed_again {
                let Some(value) = self.resend_value(before, email) else {
                    return Err(broken(
                        Invariant::MailOnce,
                        format!("{email} is mailed without a reason"),
                    ));
                };
                // A resend that was killed is begun again: nothing records that it was sent.
                if !done.was_killed && !self.resent.insert((email.clone(), value)) {
                    return Err(broken(Invariant::MailOnce, format!("{email} is mailed again")));
                }
            }
        }
        if !done.has_errors() && !done.was_interrupted {
            self.resent.clear();
        }
        Ok(())
    }

    /// The value of a trigger that asks to send to this address again.
    fn resend_value(&self, before: &State, email: &str) -> Option<String> {
        let asking = self.config.iter().find_map(|(address, resource)| {
            let emails = strings(&resource.config["emails"]);
            let is_its = emails.iter().any(|it| it.eq_ignore_ascii_case(email));
            is_its.then_some((address, resource.config["resend_triggers"]["round"].as_str()))
        });
        let (address, value) = asking?;
        let value = value?;
        let Value::Map(old) = before.object(*address)?.value.attribute("resend_triggers") else {
            return None;
        };
        let old = old.get("round").and_then(Value::as_str)?;
        (old != value).then(|| value.to_owned())
    }

    /// Nothing that is in the state at the end was removed.
    fn judge_removals(&self, before: &State, done: &Done) -> Result<(), Violation> {
        for entry in done.ledger.iter().filter(|it| it.effect && !done.was_targeted) {
            let Some((of, id)) = removed(entry) else { continue };
            // Without a refresh, an object without an ID may be the one that another address has.
            let mut unidentified = before.objects().filter(|(it, _)| of.contains(&it.of));
            if unidentified.any(|(it, object)| lacks_id(it.of, &object.value)) {
                continue;
            }
            let holder = self.state.objects().find(|(address, object)| {
                of.contains(&address.of) && owned(address.of, &object.value).contains(&id)
            });
            let is_excused = |it: &Address| done.was_killed || done.undone.contains(it);
            if let Some((address, _)) = holder.filter(|(it, _)| !is_excused(it)) {
                let detail =
                    format!("{} {}: {address} has it in its state", entry.method, entry.path);
                return Err(broken(Invariant::NotUndone, detail));
            }
        }
        Ok(())
    }

    /// What other people created is as it was.
    fn judge_others(&self) -> Result<(), Violation> {
        let touched = self
            .others
            .iter()
            .find(|(of, id)| !self.sim.with(|world| (kind(of).is_untouched)(world, *id)));
        match touched {
            Some((of, id)) => {
                Err(broken(Invariant::NotUndone, format!("{of} {id} of another person")))
            }
            None => Ok(()),
        }
    }
}

/// Types and ID of what a write removes, if it removes something.
fn removed(entry: &Entry) -> Option<(&'static [&'static str], u64)> {
    let parts: Vec<_> = entry.path.split('/').collect();
    let id = |text: &str| text.parse().ok();
    match (entry.method, parts.as_slice()) {
        ("DELETE", ["user", it]) => Some((&["digicert_user", "digicert_service_user"], id(it)?)),
        ("DELETE", ["organization", it]) => Some((&["digicert_organization"], id(it)?)),
        ("DELETE", ["account", "metadata", it]) => Some((&["digicert_custom_field"], id(it)?)),
        ("PUT", ["container", it, "deactivate"]) => Some((&["digicert_division"], id(it)?)),
        ("PUT", ["key", it, "status"]) => Some((&["digicert_api_key"], id(it)?)),
        ("PUT", ["account", "subaccount", "invite", it, "status"]) => {
            Some((&["digicert_subaccount_invite"], id(it)?))
        }
        _ => None,
    }
}

/// All texts in a configuration that may name an object.
fn strings(json: &serde_json::Value) -> Vec<String> {
    use serde_json::Value as Json;
    match json {
        Json::String(text) if text.len() > 3 => vec![text.clone()],
        Json::Array(elements) => elements.iter().flat_map(strings).collect(),
        Json::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// What a person can do.
const NEXT_STEPS: &[&str] = &[
    "again",
    "Check",
    "check",
    "Set ",
    "set ",
    "Run ",
    "run ",
    "Add ",
    "add ",
    "mport",
    "emove",
    "Use ",
    "use ",
    "Wait",
    "Fix",
    "Choose",
    "Ask",
    "Revoke",
    "elete",
    "estore",
    "Configure",
    "increase",
    "lower",
    "Correct",
    "must end",
    "is probably wrong",
    "Look",
    "Upgrade",
];
