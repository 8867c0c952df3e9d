//! The walk of a plan.

mod node;

pub(super) use node::change;
use node::{Node, Planned};

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_digicert::protocol::json;
use terraform_provider_digicert::schema::Value;

use super::plugin::{Plugin, Said, resource};
use super::state::{Address, Config, Resource, State};
use super::value::resolved;
use crate::invariant::{Invariant, Violation};

/// What a run is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    /// `-refresh=false` if not.
    pub(crate) refresh: bool,
    /// `-target`: this address and what it depends on.
    pub(crate) target: Option<Address>,
    /// `-replace`.
    pub(crate) replace: Option<Address>,
    /// `import` blocks.
    pub(crate) imports: Vec<Import>,
    /// `moved` blocks.
    pub(crate) moved: Vec<(Address, Address)>,
}

/// An `import` block.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) to: Address,
    pub(crate) by: By,
}

/// What an object is imported by.
#[derive(Clone, Debug)]
pub(crate) enum By {
    Id(String),
    /// The ID in an identity, with or without the account.
    Identity(String, Option<String>),
}

/// What is planned for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    NoOp,
    Create,
    Update,
    /// The old object first, or the new one.
    Replace {
        create_first: bool,
    },
    Delete,
}

/// A planned change.
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) address: Address,
    pub(crate) action: Action,
    pub(crate) after: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Value,
}

/// The result of a plan.
pub(crate) struct Plan {
    /// The state after moves, imports and refresh.
    pub(crate) state: State,
    pub(crate) changes: Vec<Change>,
    pub(crate) said: Vec<(Address, Said)>,
    pub(crate) imported: usize,
}

impl Plan {
    pub(crate) fn failed(&self) -> bool {
        self.said.iter().any(|(_, it)| it.is_error)
    }

    /// Whether an apply has nothing to do. An import or a move is something.
    pub(crate) fn is_empty(&self) -> bool {
        self.imported == 0
            && self.changes.iter().all(|it| it.action == Action::NoOp)
            && self.state.0.values().all(|it| it.deposed.is_empty())
    }

    /// Whether an object of this type is updated.
    pub(crate) fn updates(&self, of: &str) -> bool {
        self.changes.iter().any(|it| it.address.of == of && it.action == Action::Update)
    }

    /// The changes, for a message.
    pub(crate) fn summary(&self) -> String {
        let changes = self.changes.iter().filter(|it| it.action != Action::NoOp);
        let text = |it: &Change| format!("{} {:?}{}", it.address, it.action, self.differences(it));
        changes.map(text).collect::<Vec<_>>().join("; ")
    }

    fn differences(&self, change: &Change) -> String {
        let prior = self.state.object(change.address).map(|it| &it.value);
        let (Some(prior), Value::Object(after)) = (prior, &change.after) else {
            return String::new();
        };
        let changed = after.iter().filter(|(name, value)| prior.attribute(name) != value);
        let shown = changed.map(|(name, value)| {
            let hidden = name.contains("key") || name.contains("secret");
            let show = |it: &Value| if hidden { "…".to_owned() } else { it.show() };
            format!(" {name}: {} -> {};", show(prior.attribute(name)), show(value))
        });
        format!(" ({})", shown.collect::<String>().trim())
    }
}

/// Plans a run: validate, move, import, refresh, plan.
pub(crate) async fn plan(
    plugin: &Plugin,
    provider: &serde_json::Value,
    config: &Config,
    state: &State,
    order: &Order,
) -> Result<Plan, Violation> {
    let mut plan =
        Plan { state: state.clone(), changes: Vec::new(), said: Vec::new(), imported: 0 };
    for (address, configured) in config {
        let config = decoded(*address, configured, &|_| Value::Unknown)?;
        let said = plugin.validate(address.of, &config).await?;
        plan.said.extend(said.into_iter().map(|it| (*address, it)));
    }
    let about_provider = Address { of: "provider", label: '-' };
    let said = plugin.configure(provider).await?;
    plan.said.extend(said.into_iter().map(|it| (about_provider, it)));
    if plan.failed() {
        return Ok(plan);
    }
    move_all(&mut plan.state, &order.moved);
    let wanted = targets(config, &plan.state, order.target);
    let mut tasks = tokio::task::JoinSet::new();
    let mut known = BTreeMap::new();
    let mut waiting: BTreeSet<Address> =
        config.keys().chain(plan.state.0.keys()).copied().filter(|it| wanted(*it)).collect();
    let all: BTreeSet<String> = waiting.iter().map(Address::to_string).collect();
    while !waiting.is_empty() || !tasks.is_empty() {
        let ready: Vec<_> = waiting
            .iter()
            .copied()
            .filter(|it| {
                let references = config.get(it).map(Resource::references).unwrap_or_default();
                references.iter().all(|it| known.contains_key(it) || !all.contains(it))
            })
            .take(10_usize.saturating_sub(tasks.len()))
            .collect();
        if ready.is_empty() && tasks.is_empty() {
            // What a failed address is referred to by is not planned either.
            break;
        }
        for address in ready {
            waiting.remove(&address);
            let node = Node {
                plugin: plugin.clone(),
                address,
                resource: config.get(&address).cloned(),
                object: plan.state.object(address).cloned(),
                deposed: plan
                    .state
                    .0
                    .get(&address)
                    .map(|it| it.deposed.clone())
                    .unwrap_or_default(),
                known: known.clone(),
                refresh: order.refresh,
                replace: order.replace == Some(address),
                import: order.imports.iter().find(|it| it.to == address).map(|it| it.by.clone()),
            };
            tasks.spawn(node.plan());
        }
        let Some(done) = tasks.join_next().await else { continue };
        let Planned { address, object, deposed, change, said, imported } = finished(done)?;
        let is_error = said.iter().any(|it| it.is_error);
        plan.said.extend(said.into_iter().map(|it| (address, it)));
        plan.imported += usize::from(imported);
        if let Some(instance) = plan.state.0.get_mut(&address) {
            instance.deposed = deposed;
        }
        plan.state.set(address, object);
        let id = change.as_ref().map_or(Value::Null, |it| it.after.attribute("id").clone());
        known.insert(address.to_string(), if is_error { Value::Unknown } else { id });
        plan.changes.extend(change);
    }
    Ok(plan)
}

fn finished<T>(
    joined: Result<Result<T, Violation>, tokio::task::JoinError>,
) -> Result<T, Violation> {
    joined.unwrap_or_else(|error| {
        Err(Violation::new(Invariant::NoPanic, format!("a task of core: {error}")))
    })
}

fn move_all(state: &mut State, moved: &[(Address, Address)]) {
    for (from, to) in moved {
        if !state.0.contains_key(to)
            && let Some(instance) = state.0.remove(from)
        {
            state.0.insert(*to, instance);
        }
    }
}

/// Whether an address is within the target.
fn targets<'a>(
    config: &'a Config,
    state: &'a State,
    target: Option<Address>,
) -> impl Fn(Address) -> bool + use<> {
    let mut within = BTreeSet::new();
    let mut next: Vec<String> = target.iter().map(Address::to_string).collect();
    while let Some(text) = next.pop() {
        if within.insert(text.clone()) {
            let resource = config.iter().find(|(address, _)| address.to_string() == text);
            next.extend(resource.map(|(_, it)| it.references()).unwrap_or_default());
            let object = state.objects().find(|(address, _)| address.to_string() == text);
            next.extend(object.map(|(_, it)| it.depends_on.clone()).unwrap_or_default());
        }
    }
    move |address| target.is_none() || within.contains(&address.to_string())
}

/// The configuration of a resource as a value.
pub(super) fn decoded(
    address: Address,
    configured: &Resource,
    resolve: &dyn Fn(&str) -> Value,
) -> Result<Value, Violation> {
    let of = resource(address.of).block().object_type();
    let value = json::decode(of, configured.config.to_string().as_bytes())
        .map_err(|it| Violation::new(Invariant::CoreAccepts, format!("{address}: {it}")))?;
    Ok(resolved(value, resolve))
}

/// What an identity must stay: what was not known of it may become known.
pub(super) fn unknown_if_null(identity: &Value) -> Value {
    match identity {
        Value::Null => Value::Unknown,
        Value::Object(parts) => {
            Value::Object(parts.iter().map(|(name, it)| (*name, unknown_if_null(it))).collect())
        }
        known => known.clone(),
    }
}
