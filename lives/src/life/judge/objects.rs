//! Whether every object exists once and is in the state.

use std::collections::BTreeSet;

use super::super::Life;
use super::{Done, broken, lacks_id, owned};
use crate::core::{Address, Object, Plan, Resource, Said, State};
use crate::invariant::{Invariant, Violation};
use crate::kinds::{KINDS, Kind, kind};

impl Life {
    /// Every new object is in the state, or an error or a kill is the reason why not.
    pub(in crate::life) fn judge_objects(
        &mut self,
        before: &State,
        plan: &Plan,
        done: &Done,
    ) -> Result<(), Violation> {
        for kind in &KINDS {
            let held: BTreeSet<u64> = self
                .state
                .objects()
                .filter(|(address, _)| address.of == kind.of)
                .flat_map(|(_, it)| owned(kind.of, &it.value))
                .collect();
            for number in 0..kind.objects {
                let existing = self.sim.with(|world| (kind.existing)(world, number));
                // Nothing has gone wrong, so a search before the create has found the first one.
                let is_clean = !done.had_faults && !done.has_errors() && !done.was_interrupted;
                let creates = done.ledger.iter().any(|it| it.method == "POST" && it.effect);
                if kind.is_unique && is_clean && creates && existing.len() > 1 {
                    let detail = format!("{} {number}: {existing:?}", kind.of);
                    return Err(broken(Invariant::ExactlyOnce, detail));
                }
                let was_rotated = plan.updates(kind.of) && self.was_rotated(kind, number, done);
                let stray: Vec<u64> = existing
                    .into_iter()
                    .filter(|id| !held.contains(id) && !self.abandoned.contains(&(kind.of, *id)))
                    .filter(|id| was_rotated || !self.unsettled.contains(id))
                    .collect();
                // A warning says that the next runs go on to settle it.
                let is_unsettled = !done.was_killed
                    && kind.of == "digicert_subaccount_invite"
                    && (!done.was_refreshed
                        || done
                            .said
                            .iter()
                            .any(|(address, it)| address.of == kind.of && !it.is_error));
                let is_unidentified = is_unsettled || self.lacks_id(kind, number);
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
                let was_dropped = done.had_absences && had(before) && !had(&plan.state);
                let failed =
                    done.said.iter().any(|(address, it)| it.is_error && address.of == kind.of);
                if !(done.was_killed || failed || was_dropped || (had(&plan.state) && stays)) {
                    let detail = format!("{} {number}: {stray:?} is in no state", kind.of);
                    return Err(broken(invariant(kind.of), detail));
                }
                // A rotation finds what an earlier one has left.
                let rotates = kind.of == "digicert_api_key"
                    && (!done.was_killed || self.recovery.is_some())
                    && plan.updates(kind.of);
                if rotates && self.object_of(kind.of, number).is_some() {
                    self.unsettled.extend(stray);
                } else {
                    self.abandoned.extend(stray.into_iter().map(|it| (kind.of, it)));
                }
            }
        }
        Ok(())
    }

    /// Whether the state has this object, without its ID so far.
    fn lacks_id(&self, kind: &Kind, number: usize) -> bool {
        self.state.objects().any(|(address, object)| {
            address.of == kind.of
                && self.numbers.get(&address) == Some(&number)
                && lacks_id(kind.of, &object.value)
        })
    }

    /// Whether a key of this object was made, and nothing has gone wrong.
    fn was_rotated(&self, kind: &Kind, number: usize, done: &Done) -> bool {
        let makes = self.sim.with(|world| {
            done.ledger
                .iter()
                .any(|it| (kind.makes_key_of)(world, &it.path, &it.body) == Some(number))
        });
        makes && !done.was_interrupted && !done.has_errors()
    }

    /// The object in the state that the configuration means by this number.
    pub(in crate::life) fn object_of(&self, of: &str, number: usize) -> Option<&Object> {
        let is_it = |it: &(&Address, &Resource)| it.0.of == of && it.1.number == number;
        self.state.object(*self.config.iter().find(is_it)?.0)
    }

    /// Whether an object exists whether it is managed or not.
    pub(in crate::life) fn is_account_wide(&self, kind: &Kind) -> bool {
        matches!(
            kind.of,
            "digicert_account_emails"
                | "digicert_account_settings"
                | "digicert_organization_contacts"
                | "digicert_webhook"
        )
    }

    /// The end of a life: everything that is configured exists once.
    pub(in crate::life) fn judge_end(&mut self) -> Result<(), Violation> {
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
                .filter(|it| {
                    let is_abandoned = self.abandoned.contains(&(address.of, *it));
                    held.contains(it) || !(is_abandoned || self.unsettled.contains(it))
                })
                .collect();
            let is_known = address.of != "digicert_account_settings";
            if is_known && held != existing {
                let detail =
                    format!("{address}: the state has {held:?}, CertCentral has {existing:?}");
                return Err(broken(invariant(address.of), detail));
            }
        }
        Ok(())
    }
}

/// The invariant of a type whose objects are not those of the state.
fn invariant(of: &str) -> Invariant {
    match of {
        "digicert_api_key" => Invariant::SupersededListed,
        _ => Invariant::ExactlyOnce,
    }
}
