//! One-time keys, and secrets in the state.

use std::collections::BTreeSet;

use super::super::{Life, Which, api_key};
use super::{Done, broken};
use crate::core::{Address, Object, resource, to_json, without_sensitive};
use crate::invariant::{Invariant, Violation};
use crate::kinds::{KINDS, Kind};

impl Life {
    pub(in crate::life) fn judge_keys(&mut self, done: &Done) -> Result<(), Violation> {
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
        // At two addresses, as after a rename whose old address is not destroyed yet, the object has two keys.
        let addresses = |which: &Which| {
            let is_it = |it: &&Address| it.of == which.0 && self.numbers.get(it) == Some(&which.1);
            self.state.0.keys().filter(is_it).count()
        };
        let twofold: Vec<_> = self.keys.keys().filter(|it| addresses(it) > 1).copied().collect();
        twofold.iter().for_each(|it| drop(self.keys.remove(it)));
        let states: Vec<(Which, Option<String>)> = self.objects_of_config().collect();
        for (which, key) in states {
            let Some(expected) = self.keys.get(&which).cloned() else { continue };
            if let Some(key) = key.as_ref().filter(|_| done.has_restored()) {
                self.keys.insert(which, key.clone());
                continue;
            }
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
    pub(in crate::life) fn must_have(&self, done: &Done) -> bool {
        !done.was_killed || (self.recovery.is_some() && done.was_killed_alone)
    }

    /// The configured objects that are in the state, with their keys.
    pub(in crate::life) fn objects_of_config(
        &self,
    ) -> impl Iterator<Item = (Which, Option<String>)> {
        self.config.iter().filter_map(|(address, resource)| {
            let object = self.state.object(*address)?;
            Some(((address.of, resource.number), api_key(&object.value).map(str::to_owned)))
        })
    }

    /// No secret is in the state but in sensitive attributes.
    pub(in crate::life) fn judge_states(&self) -> Result<(), Violation> {
        for (address, object) in self.state.objects() {
            let Object { value, private, identity, .. } = object;
            let mut text = String::from_utf8_lossy(private).into_owned();
            text += &to_json(&without_sensitive(resource(address.of).block(), value)).to_string();
            text += &to_json(identity).to_string();
            if self.secret_in(&text) {
                return Err(broken(
                    Invariant::SecretsInStateOnly,
                    format!("the state of {address}"),
                ));
            }
        }
        Ok(())
    }
}
