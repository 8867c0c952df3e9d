//! Holds what happened against the invariants.

use std::collections::BTreeSet;

use terraform_provider_digicert::schema::Value;

use super::{Life, Which, api_key};
use crate::core::{Address, Object, Plan, Resource, Said, State, without_sensitive};
use crate::invariant::{Invariant, Violation};
use crate::kinds::{KINDS, Kind, kind};
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
    pub(super) is_empty: bool,
    /// With `-target`, the plan did not see every address that may have the same object.
    pub(super) was_targeted: bool,
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
        self.judge_removals(done)?;
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
    fn judge_removals(&self, done: &Done) -> Result<(), Violation> {
        for entry in done.ledger.iter().filter(|it| it.effect && !done.was_targeted) {
            let Some((of, id)) = removed(entry) else { continue };
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

    fn judge_keys(&mut self, done: &Done) -> Result<(), Violation> {
        let held: Vec<String> = self
            .state
            .objects()
            .filter_map(|(_, it)| api_key(&it.value).map(str::to_owned))
            .collect();
        for entry in &done.ledger {
            for key in &entry.keys {
                let which = self.sim.with(|world| {
                    let number = |it: &Kind| (it.makes_key_of)(world, &entry.path, &entry.body);
                    KINDS.iter().find_map(|it| Some((it.of, number(it)?)))
                });
                let is_held = held.contains(key);
                if is_held || self.is_recorded(key) {
                    which.map(|it| self.keys.insert(it, key.clone()));
                } else if entry.has_keys && self.must_have(done) {
                    let detail = format!("{which:?}: the key of {} {}", entry.method, entry.path);
                    return Err(broken(Invariant::KeyKept, detail));
                }
            }
        }
        let states: Vec<(Which, Option<String>)> = self.objects_of_config().collect();
        for (which, key) in states {
            let Some(expected) = self.keys.get(&which).cloned() else { continue };
            if key.as_ref() != Some(&expected) && !self.is_recorded(&expected) {
                return Err(broken(Invariant::KeyKept, format!("{which:?} has lost its key")));
            }
        }
        let present: BTreeSet<_> = self.objects_of_config().map(|it| it.0).collect();
        let recorded: BTreeSet<_> =
            self.keys.iter().filter(|(_, key)| self.is_recorded(key)).map(|(it, _)| *it).collect();
        self.keys.retain(|it, _| present.contains(it) || recorded.contains(it));
        Ok(())
    }

    /// Whether a key that arrived must be in the state or in a record.
    fn must_have(&self, done: &Done) -> bool {
        !done.was_killed || (self.recovery.is_some() && done.was_killed_alone)
    }

    /// The configured objects that are in the state, with their keys.
    fn objects_of_config(&self) -> impl Iterator<Item = (Which, Option<String>)> {
        self.config.iter().filter_map(|(address, resource)| {
            let object = self.state.object(*address)?;
            Some(((address.of, resource.number), api_key(&object.value).map(str::to_owned)))
        })
    }

    /// No secret is in the state but in sensitive attributes.
    fn judge_states(&self) -> Result<(), Violation> {
        let registry = terraform_provider_digicert::provider::Provider::new();
        for (address, object) in self.state.objects() {
            let Ok(resource) = registry.resource(address.of) else { continue };
            let Object { value, private, identity, .. } = object;
            let mut text = String::from_utf8_lossy(private).into_owned();
            text += &crate::core::to_json(&without_sensitive(resource.block(), value)).to_string();
            text += &crate::core::to_json(identity).to_string();
            if self.secret_in(&text) {
                return Err(broken(
                    Invariant::SecretsInStateOnly,
                    format!("the state of {address}"),
                ));
            }
        }
        Ok(())
    }

    /// Every new object is in the state, or an error or a kill is the reason why not.
    fn judge_objects(&mut self, before: &State, plan: &Plan, done: &Done) -> Result<(), Violation> {
        for kind in &KINDS {
            let held: BTreeSet<u64> = self
                .state
                .objects()
                .filter(|(address, _)| address.of == kind.of)
                .flat_map(|(_, it)| owned(kind.of, &it.value))
                .collect();
            for number in 0..kind.objects {
                let existing = self.sim.with(|world| (kind.existing)(world, number));
                let stray: Vec<u64> = existing
                    .into_iter()
                    .filter(|id| !held.contains(id) && !self.abandoned.contains(&(kind.of, *id)))
                    .collect();
                // A warning says that the next runs go on to settle it.
                let is_unsettled = kind.of == "digicert_subaccount_invite"
                    && done.said.iter().any(|(address, it)| address.of == kind.of && !it.is_error);
                let is_unidentified = is_unsettled
                    || self
                        .object_of(kind.of, number)
                        .is_some_and(|it| lacks_id(kind.of, &it.value));
                if stray.is_empty() || is_unidentified || self.is_account_wide(kind) {
                    continue;
                }
                let had = |state: &State| {
                    state.objects().any(|(address, it)| {
                        let ids = owned(kind.of, &it.value);
                        address.of == kind.of && ids.iter().any(|id| stray.contains(id))
                    })
                };
                // A 404 of the API itself is believed.
                let stays = |(address, it): &(Address, Said)| {
                    address.of == kind.of && it.detail.contains("still exists in CertCentral")
                };
                let stays = kind.outlives_destroy || done.said.iter().any(stays);
                let was_dropped = done.had_faults && had(before) && !had(&plan.state);
                let failed =
                    done.said.iter().any(|(address, it)| it.is_error && address.of == kind.of);
                if !(done.was_killed || failed || was_dropped || (had(&plan.state) && stays)) {
                    let detail = format!("{} {number}: {stray:?} is in no state", kind.of);
                    return Err(broken(Invariant::ExactlyOnce, detail));
                }
                // A rotation finds what an earlier one has left.
                let rotates = kind.of == "digicert_api_key"
                    && (!done.was_killed || self.recovery.is_some())
                    && plan.updates(kind.of);
                if !(rotates && self.object_of(kind.of, number).is_some()) {
                    self.abandoned.extend(stray.into_iter().map(|it| (kind.of, it)));
                }
            }
        }
        Ok(())
    }

    /// The object in the state that the configuration means by this number.
    fn object_of(&self, of: &str, number: usize) -> Option<&Object> {
        let is_it = |it: &(&Address, &Resource)| it.0.of == of && it.1.number == number;
        self.state.object(*self.config.iter().find(is_it)?.0)
    }

    /// Whether an object exists whether it is managed or not.
    fn is_account_wide(&self, kind: &Kind) -> bool {
        matches!(
            kind.of,
            "digicert_account_emails"
                | "digicert_account_settings"
                | "digicert_organization_contacts"
                | "digicert_webhook"
        )
    }

    /// The end of a life: everything that is configured exists once.
    pub(super) fn judge_end(&mut self) -> Result<(), Violation> {
        self.judge_empty()?;
        for (address, resource) in &self.config {
            let Some(object) = self.state.object(*address) else {
                return Err(broken(Invariant::ExactlyOnce, format!("{address} is in no state")));
            };
            let held: BTreeSet<u64> = owned(address.of, &object.value).into_iter().collect();
            let existing =
                self.sim.with(|world| (kind(address.of).existing)(world, resource.number));
            let existing: BTreeSet<u64> = existing
                .into_iter()
                .filter(|it| held.contains(it) || !self.abandoned.contains(&(address.of, *it)))
                .collect();
            let is_known = address.of != "digicert_account_settings";
            if is_known && held != existing {
                let invariant = match address.of {
                    "digicert_api_key" => Invariant::SupersededListed,
                    _ => Invariant::ExactlyOnce,
                };
                let detail =
                    format!("{address}: the state has {held:?}, CertCentral has {existing:?}");
                return Err(broken(invariant, detail));
            }
        }
        Ok(())
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
