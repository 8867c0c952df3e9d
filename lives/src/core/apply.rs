//! The walk of an apply.

mod node;

use node::Node;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use terraform_provider_digicert::schema::Value;
use tokio::task::JoinSet;

use super::plan::{Action, Change};
use super::plugin::{Plugin, Said};
use super::state::{Address, Config, State};
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
