//! What happens between the runs: edits of the configuration, of the state, and by other people.

use std::time::Duration;

use fastrand::Rng;

use super::{Life, judge};
use crate::core::{Address, By, Import, Resource};
use crate::kinds::{Chooser, KINDS, kind};
use crate::script::{ImportBy, Renamed, Step};

impl Life {
    /// Something that is not a command of Terraform's that calls the provider.
    pub(super) fn happen(&mut self, step: &Step) {
        match step {
            Step::Configure { address, number, seed, create_before_destroy } => {
                self.configure(*address, *number, *seed, *create_before_destroy);
            }
            Step::Remove(address) => {
                if !self.is_referenced(*address) {
                    self.config.remove(address);
                    self.imports.retain(|it| it.to != *address);
                }
            }
            Step::Rename { from, to, with } => self.rename(*from, *to, *with),
            Step::Forget { address, import } => self.forget(*address, *import),
            Step::Taint(address) => {
                let instance = self.state.0.get_mut(address);
                if let Some(object) = instance.and_then(|it| it.current.as_mut()) {
                    object.is_tainted = true;
                }
            }
            Step::EditElsewhere { address, seed } => {
                let mut random = Rng::with_seed(*seed);
                // With `refresh_from_lists`, such changes are noticed only in lists that show them.
                let is_noticed = self.provider["refresh_from_lists"] != true;
                if let Some(id) = self.id(*address).filter(|_| is_noticed) {
                    self.sim.with(|world| (kind(address.of).edit)(world, &mut random, id));
                }
            }
            Step::RemoveElsewhere(address) => {
                if let (Some(id), Some(remove)) = (self.id(*address), kind(address.of).remove) {
                    self.sim.with(|world| remove(world, id));
                }
            }
            Step::CreateElsewhere => {
                for kind in &KINDS {
                    let created = kind.create.map(|create| self.sim.with(create));
                    self.others.extend(created.map(|id| (kind.of, id)));
                }
            }
            Step::Wait { days } => self.sim.clock_advance(Duration::from_secs(days * 86_400)),
            Step::Fault(_) | Step::Run(_) => {}
        }
    }

    pub(super) fn configure(&mut self, address: Address, number: usize, seed: u64, first: bool) {
        let is_elsewhere = |(other, it): (&Address, &Resource)| {
            other.of == address.of && (*other == address) != (it.number == number)
        };
        let is_other = *self.numbers.entry(address).or_insert(number) != number;
        if is_other || self.config.iter().any(is_elsewhere) {
            return;
        }
        let addresses = self.config.keys().map(|it| (it.of, it.to_string())).collect();
        let mut random = Rng::with_seed(seed);
        let mut chooser = Chooser { random: &mut random, addresses };
        let kind = kind(address.of);
        let config = (kind.config)(&mut chooser, number);
        let create_before_destroy = first && kind.can_exist_twice;
        self.config.insert(address, Resource { number, config, create_before_destroy });
    }

    pub(super) fn is_referenced(&self, address: Address) -> bool {
        let text = address.to_string();
        self.config.values().any(|it| it.references().contains(&text))
    }

    pub(super) fn rename(&mut self, from: Address, to: char, with: Renamed) {
        let to = Address { label: to, ..from };
        if self.config.contains_key(&to) || self.state.0.contains_key(&to) {
            return;
        }
        let number = self.config.get(&from).map(|it| it.number);
        if number.is_some_and(|it| *self.numbers.entry(to).or_insert(it) != it) {
            return;
        }
        let Some(resource) = self.config.remove(&from) else { return };
        self.config.insert(to, resource);
        let (old, new) = (format!("\"ref:{from}\""), format!("\"ref:{to}\""));
        for resource in self.config.values_mut() {
            let text = resource.config.to_string().replace(&old, &new);
            resource.config = serde_json::from_str(&text).expect("it was JSON before");
        }
        for import in self.imports.iter_mut().filter(|it| it.to == from) {
            import.to = to;
        }
        match with {
            Renamed::Moved => self.moved.push((from, to)),
            Renamed::Imported if kind(from.of).is_imported_by_its_id => {
                let id =
                    self.state.object(from).and_then(|it| judge::import_id(from.of, &it.value));
                self.imports.extend(id.map(|id| Import { to, by: By::Id(id) }));
            }
            _ => {}
        }
    }

    pub(super) fn forget(&mut self, address: Address, import: Option<ImportBy>) {
        let Some(instance) = self.state.0.remove(&address) else { return };
        let number = self.numbers.get(&address).copied();
        number.map(|it| self.keys.remove(&(address.of, it)));
        for object in instance.current.iter().chain(&instance.deposed) {
            let mut ids = judge::owned(address.of, &object.value);
            if let Some(number) = number.filter(|_| judge::lacks_id(address.of, &object.value)) {
                ids.extend(self.sim.with(|world| (kind(address.of).existing)(world, number)));
            }
            self.abandoned.extend(ids.into_iter().map(|it| (address.of, it)));
        }
        // With the state, the trace of a rotation that was killed is lost, too.
        let unsettled = std::mem::take(&mut self.unsettled);
        self.abandoned.extend(unsettled.into_iter().map(|it| ("digicert_api_key", it)));
        let Some(object) = instance.current else { return };
        let (Some(by), true) = (import, self.config.contains_key(&address)) else { return };
        let Some(id) = judge::import_id(address.of, &object.value) else { return };
        let account = object.identity.attribute("account_id").as_str().map(str::to_owned);
        let has_id = object.identity.attribute("id").as_str().is_some();
        let by = match by {
            ImportBy::Identity { with_account } if has_id => {
                By::Identity(id, account.filter(|_| with_account))
            }
            _ => By::Id(id),
        };
        self.imports.push(Import { to: address, by });
    }

    pub(super) fn id(&self, address: Address) -> Option<u64> {
        let object = self.state.object(address)?;
        judge::owned(address.of, &object.value).first().copied()
    }
}
