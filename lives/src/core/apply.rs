//! The walk of an apply.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use terraform_provider_digicert::schema::Value;
use tokio::task::JoinSet;

use super::plan::{self, Action, Change, decoded, unknown_if_null};
use super::plugin::{Answered, Plugin, Said};
use super::state::{Address, Config, Object, Resource, State};
use super::value::incompatible;
use crate::invariant::{Invariant, Violation};
use crate::network::{Network, locked};

/// What is known of an apply while it runs, and after its provider was killed.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) state: State,
    pub(crate) said: Vec<(Address, Said)>,
    /// Addresses whose change failed or was not begun.
    pub(crate) undone: BTreeSet<Address>,
    /// Updates that are in flight. If the provider dies, core keeps the state without its private part.
    updating: BTreeSet<Address>,
}

impl Progress {
    pub(crate) fn new(state: State) -> Self {
        Self { state, ..Self::default() }
    }

    /// What core saves if the provider was killed, and core was not.
    pub(crate) fn bury(&mut self) {
        for address in std::mem::take(&mut self.updating) {
            if let Some(instance) = self.state.0.get_mut(&address)
                && let Some(object) = &mut instance.current
            {
                object.private.clear();
                object.identity = Value::Null;
            }
        }
    }
}

/// A step of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Destroy(Address),
    Change(Address),
    /// Destroys the objects that were replaced before.
    Depose(Address),
}

/// Applies a plan. What is done so far is in `progress` at any time.
pub(crate) async fn apply(
    plugin: &Plugin,
    network: &Arc<Network>,
    provider: &serde_json::Value,
    config: &Config,
    changes: &[Change],
    progress: &Arc<Mutex<Progress>>,
) -> Result<(), Violation> {
    let said = plugin.configure(provider).await?;
    let about_provider = Address { of: "provider", label: '-' };
    let failed = said.iter().any(|it| it.is_error);
    locked(progress).said.extend(said.into_iter().map(|it| (about_provider, it)));
    if failed {
        locked(progress).undone.extend(changes.iter().map(|it| it.address));
        return Ok(());
    }
    let mut waiting = steps(config, changes, &locked(progress).state);
    let all: BTreeSet<Step> = waiting.keys().copied().collect();
    let (mut done, mut failed) = (BTreeSet::new(), BTreeSet::new());
    let mut tasks = JoinSet::new();
    let mut was_stopped = false;
    loop {
        let is_stopped = network.is_stopped();
        if is_stopped && !was_stopped {
            was_stopped = true;
            plugin.stop().await?;
        }
        // What depends on a failed step is not done.
        let lost: Vec<_> = waiting
            .iter()
            .filter(|(_, after)| is_stopped || after.iter().any(|it| failed.contains(it)))
            .map(|(step, _)| *step)
            .collect();
        let has_lost = !lost.is_empty();
        for step in lost {
            waiting.remove(&step);
            failed.insert(step);
            locked(progress).undone.insert(step.address());
        }
        let ready: Vec<_> = waiting
            .iter()
            .filter(|(_, after)| after.iter().all(|it| done.contains(it) || !all.contains(it)))
            .map(|(step, _)| *step)
            .take(10_usize.saturating_sub(tasks.len()))
            .collect();
        for step in ready {
            waiting.remove(&step);
            let change = changes.iter().find(|it| it.address == step.address()).cloned();
            let resource = config.get(&step.address()).cloned();
            let node = Node {
                plugin: plugin.clone(),
                network: Arc::clone(network),
                progress: Arc::clone(progress),
                step,
                change,
                resource,
            };
            tasks.spawn(node.run());
        }
        if tasks.is_empty() && waiting.is_empty() {
            return Ok(());
        }
        if has_lost {
            continue;
        }
        let mut signal = network.signal();
        signal.borrow_and_update();
        tokio::select! {
            joined = tasks.join_next(), if !tasks.is_empty() => {
                let joined = joined.expect("a task");
                let (step, succeeded) = joined.unwrap_or_else(|error| {
                    Err(Violation::new(Invariant::NoPanic, format!("a task of core: {error}")))
                })?;
                if succeeded { done.insert(step) } else { failed.insert(step) };
            }
            _ = signal.changed() => {}
        }
    }
}

/// The steps of the changes, each with those that come before it.
fn steps(config: &Config, changes: &[Change], state: &State) -> BTreeMap<Step, Vec<Step>> {
    let by_text =
        |text: &String| changes.iter().map(|it| it.address).find(|it| it.to_string() == *text);
    let mut steps = BTreeMap::new();
    for change in changes {
        let address = change.address;
        let mut before: Vec<_> = config
            .get(&address)
            .map(|it| it.references().iter().filter_map(by_text).map(Step::Change).collect())
            .unwrap_or_default();
        // What depended on a destroyed object is destroyed first; if the new object exists already, it is also changed first.
        let dependents =
            state.objects().filter(|(_, it)| it.depends_on.contains(&address.to_string()));
        let dependents: Vec<_> = dependents.map(|(it, _)| it).collect();
        let dependents = dependents.iter().flat_map(|it| [Step::Destroy(*it), Step::Change(*it)]);
        match change.action {
            Action::NoOp => {}
            Action::Create | Action::Update => drop(steps.insert(Step::Change(address), before)),
            Action::Delete => {
                let destroyed = dependents.filter(|it| matches!(it, Step::Destroy(_)));
                steps.insert(Step::Destroy(address), destroyed.collect());
            }
            Action::Replace { create_first: false } => {
                let destroyed = dependents.filter(|it| matches!(it, Step::Destroy(_)));
                steps.insert(Step::Destroy(address), destroyed.collect());
                before.push(Step::Destroy(address));
                steps.insert(Step::Change(address), before);
            }
            Action::Replace { create_first: true } => {
                steps.insert(Step::Change(address), before);
                let mut after: Vec<_> = dependents.collect();
                after.push(Step::Change(address));
                steps.insert(Step::Depose(address), after);
            }
        }
    }
    for (address, instance) in &state.0 {
        if !instance.deposed.is_empty() {
            steps.entry(Step::Depose(*address)).or_default();
        }
    }
    steps
}

impl Step {
    fn address(self) -> Address {
        match self {
            Self::Destroy(address) | Self::Change(address) | Self::Depose(address) => address,
        }
    }
}

/// One step of the walk.
struct Node {
    plugin: Plugin,
    network: Arc<Network>,
    progress: Arc<Mutex<Progress>>,
    step: Step,
    change: Option<Change>,
    resource: Option<Resource>,
}

impl Node {
    /// Whether it succeeded.
    async fn run(self) -> Result<(Step, bool), Violation> {
        let succeeded = match self.step {
            Step::Destroy(_) => self.destroy().await?,
            Step::Change(_) => self.create_or_update().await?,
            Step::Depose(_) => self.depose().await?,
        };
        if !succeeded {
            locked(&self.progress).undone.insert(self.step.address());
        }
        Ok((self.step, succeeded))
    }

    fn address(&self) -> Address {
        self.step.address()
    }

    fn rejected(&self, what: &str) -> Violation {
        Violation::new(Invariant::CoreAccepts, format!("{}: {what}", self.address()))
    }

    fn say(&self, said: &[Said]) {
        let said = said.iter().map(|it| (self.address(), it.clone()));
        locked(&self.progress).said.extend(said);
    }

    /// Calls the provider, and counts the call as in flight.
    async fn apply(
        &self,
        prior: &Value,
        planned: &Value,
        config: &Value,
        private: &[u8],
        identity: &Value,
    ) -> Result<Answered, Violation> {
        self.network.applying.fetch_add(1, Ordering::Relaxed);
        let of = self.address().of;
        let applied = self.plugin.apply(of, prior, planned, config, private, identity).await;
        self.network.applying.fetch_sub(1, Ordering::Relaxed);
        let applied = applied?;
        self.say(&applied.said);
        if !applied.state.is_wholly_known() {
            return Err(self.rejected("an apply returned an unknown value"));
        }
        Ok(applied)
    }

    async fn destroy(&self) -> Result<bool, Violation> {
        let Some(object) = locked(&self.progress).state.object(self.address()).cloned() else {
            return Ok(true);
        };
        let private = self.change.as_ref().map_or_else(Vec::new, |it| it.private.clone());
        let (left, succeeded) = self.destroy_object(&object, &private).await?;
        locked(&self.progress).state.set(self.address(), left);
        Ok(succeeded)
    }

    /// What is left of an object after a destroy, and whether that succeeded.
    async fn destroy_object(
        &self,
        object: &Object,
        private: &[u8],
    ) -> Result<(Option<Object>, bool), Violation> {
        let null = Value::Null;
        let applied = self.apply(&object.value, &null, &null, private, &object.identity).await?;
        let failed = applied.failed();
        if !failed && !applied.state.is_null() {
            return Err(self.rejected("something is left after a destroy"));
        }
        let left = match (failed, applied.state.is_null()) {
            (true, true) => Some(object.clone()),
            (true, false) => Some(Object {
                value: applied.state,
                private: applied.private,
                identity: applied.identity,
                ..object.clone()
            }),
            (false, _) => None,
        };
        Ok((left, !failed))
    }

    async fn depose(&self) -> Result<bool, Violation> {
        let deposed = locked(&self.progress).state.0.get(&self.address()).cloned();
        for object in deposed.map(|it| it.deposed).unwrap_or_default() {
            let null = Value::Null;
            let Object { value, private, identity, .. } = &object;
            let of = self.address().of;
            let planned = self.plugin.plan(of, value, &null, &null, private, identity).await?;
            self.say(&planned.said);
            if planned.failed() {
                return Ok(false);
            }
            let (left, succeeded) = self.destroy_object(&object, &planned.private).await?;
            let mut progress = locked(&self.progress);
            if let Some(instance) = progress.state.0.get_mut(&self.address()) {
                instance.deposed.retain(|it| it.value != object.value);
                instance.deposed.extend(left);
                let current = instance.current.take();
                progress.state.set(self.address(), current);
            }
            if !succeeded {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn create_or_update(&self) -> Result<bool, Violation> {
        let (Some(change), Some(resource)) = (&self.change, &self.resource) else {
            return Ok(true);
        };
        let mut prior = locked(&self.progress).state.object(self.address()).cloned();
        let mut replaced = None;
        if matches!(change.action, Action::Replace { create_first: true }) {
            replaced = prior.take();
        }
        let ids = locked(&self.progress).state.clone();
        let config = decoded(&self.plugin, self.address(), resource, &|text| ids.id_at(text))?;
        let mut said = Vec::new();
        let again =
            plan::change(&self.plugin, self.address(), prior.as_ref(), &config, &mut said).await?;
        if said.iter().any(|it| it.is_error) {
            self.say(&said);
        }
        let Some(again) = again else { return Ok(false) };
        if let Some(difference) = incompatible(&change.after, &again.change.after) {
            return Err(self.rejected(&format!("inconsistent final plan: {difference}")));
        }
        if let Some(replaced) = &replaced {
            let mut progress = locked(&self.progress);
            let instance = progress.state.0.entry(self.address()).or_default();
            instance.current = None;
            instance.deposed.push(replaced.clone());
        }
        if prior.is_some() {
            locked(&self.progress).updating.insert(self.address());
        }
        let planned = again.change;
        let before = prior.as_ref().map_or(Value::Null, |it| it.value.clone());
        let (after, private, identity) = (&planned.after, &planned.private, &planned.identity);
        let applied = self.apply(&before, after, &config, private, identity).await?;
        let succeeded = !applied.failed();
        let object = self.result(&planned.after, prior, applied, resource)?;
        let mut progress = locked(&self.progress);
        progress.updating.remove(&self.address());
        let restored = if object.is_none() { replaced } else { None };
        if let Some(restored) = &restored
            && let Some(instance) = progress.state.0.get_mut(&self.address())
        {
            instance.deposed.retain(|it| it.value != restored.value);
        }
        progress.state.set(self.address(), object.or(restored));
        Ok(succeeded)
    }

    /// What becomes the state.
    fn result(
        &self,
        planned: &Value,
        prior: Option<Object>,
        applied: Answered,
        resource: &Resource,
    ) -> Result<Option<Object>, Violation> {
        let failed = applied.failed();
        if failed && applied.state.is_null() {
            return Ok(prior);
        }
        if applied.state.is_null() {
            return Err(self.rejected("an apply returned no state"));
        }
        if !failed && let Some(difference) = incompatible(planned, &applied.state) {
            return Err(self.rejected(&format!("inconsistent result: {difference}")));
        }
        let known = prior.as_ref().map_or(Value::Unknown, |it| unknown_if_null(&it.identity));
        let is_key = self.address().of == "digicert_api_key";
        if !is_key && incompatible(&known, &applied.identity).is_some() {
            return Err(self.rejected("the identity changed in an update"));
        }
        let was_tainted = prior.as_ref().is_some_and(|it| it.is_tainted);
        Ok(Some(Object {
            value: applied.state,
            private: applied.private,
            identity: applied.identity,
            is_tainted: failed && (prior.is_none() || was_tainted),
            depends_on: resource.references(),
        }))
    }
}
