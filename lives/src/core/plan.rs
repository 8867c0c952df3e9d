//! The walk of a plan.

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_digicert::protocol::json;
use terraform_provider_digicert::schema::Value;

use super::plugin::{Plugin, Said};
use super::state::{Address, Config, Object, Resource, State};
use super::value::{incompatible, invalid_plan, proposed, resolved};
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
    for (address, resource) in config {
        let config = decoded(plugin, *address, resource, &|_| Value::Unknown)?;
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
    plugin: &Plugin,
    address: Address,
    resource: &Resource,
    resolve: &dyn Fn(&str) -> Value,
) -> Result<Value, Violation> {
    let of = plugin.block(address.of).object_type();
    let value = json::decode(of, resource.config.to_string().as_bytes())
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

/// One address of the walk.
struct Node {
    plugin: Plugin,
    address: Address,
    resource: Option<Resource>,
    object: Option<Object>,
    deposed: Vec<Object>,
    /// IDs of what was planned before.
    known: BTreeMap<String, Value>,
    refresh: bool,
    replace: bool,
    import: Option<By>,
}

struct Planned {
    address: Address,
    object: Option<Object>,
    deposed: Vec<Object>,
    change: Option<Change>,
    said: Vec<Said>,
    imported: bool,
}

impl Node {
    async fn plan(mut self) -> Result<Planned, Violation> {
        let mut said = Vec::new();
        let mut imported = false;
        if let Some(by) = self.import.take().filter(|_| self.object.is_none()) {
            self.object = self.import(&by, &mut said).await?;
            imported = self.object.is_some();
        } else if self.refresh {
            self.refresh(&mut said).await?;
        }
        let mut change = None;
        if !said.iter().any(|it| it.is_error) {
            change = match &self.resource {
                Some(resource) => self.change(resource, &mut said).await?,
                None => self.destroy(&mut said).await?,
            };
        }
        let deposed = self.deposed(&mut said).await?;
        Ok(Planned { address: self.address, object: self.object, deposed, change, said, imported })
    }

    /// Plans the destroys of deposed objects. Those that are gone are left out.
    async fn deposed(&self, said: &mut Vec<Said>) -> Result<Vec<Object>, Violation> {
        let mut left = Vec::new();
        for object in &self.deposed {
            let object =
                if self.refresh { self.read(object, said).await? } else { Some(object.clone()) };
            let Some(object) = object else { continue };
            let Object { value, private, identity, .. } = &object;
            let (of, null) = (self.address.of, Value::Null);
            let planned = self.plugin.plan(of, value, &null, &null, private, identity).await?;
            said.extend(planned.said);
            left.push(object);
        }
        Ok(left)
    }

    async fn import(&self, by: &By, said: &mut Vec<Said>) -> Result<Option<Object>, Violation> {
        let (id, identity) = match by {
            By::Id(id) => (id.as_str(), Value::Null),
            By::Identity(id, account) => {
                let account = account.as_deref().map_or(Value::Null, Value::from);
                let id = Value::from(id.as_str());
                ("", Value::Object([("account_id", account), ("id", id)].into()))
            }
        };
        let imported = self.plugin.import(self.address.of, id, &identity).await?;
        let failed = imported.failed();
        said.extend(imported.said);
        if failed {
            return Ok(None);
        }
        let begun = Object {
            value: imported.state,
            private: imported.private,
            identity: imported.identity,
            is_tainted: false,
            depends_on: Vec::new(),
        };
        let read = self.read(&begun, said).await?;
        if read.is_none() && !said.iter().any(|it| it.is_error) {
            said.push(Said {
                is_error: true,
                summary: "Cannot import non-existent remote object".to_owned(),
                detail: format!("{}: core says how to go on; apply again.", self.address),
                has_path: true,
            });
        }
        Ok(read)
    }

    async fn refresh(&mut self, said: &mut Vec<Said>) -> Result<(), Violation> {
        let Some(object) = &self.object else { return Ok(()) };
        let upgraded = self.plugin.upgrade(self.address.of, &object.value).await?;
        let failed = upgraded.failed();
        said.extend(upgraded.said);
        if failed {
            return Ok(());
        }
        let stored = Object { value: upgraded.state, ..object.clone() };
        self.object = self.read(&stored, said).await?;
        Ok(())
    }

    /// The object as it is now. With an error it is as it was.
    async fn read(
        &self,
        object: &Object,
        said: &mut Vec<Said>,
    ) -> Result<Option<Object>, Violation> {
        let Object { value, private, identity, .. } = object;
        let read = self.plugin.read(self.address.of, value, private, identity).await?;
        let failed = read.failed();
        said.extend(read.said);
        if failed {
            return Ok(Some(object.clone()));
        }
        if read.state.is_null() {
            return Ok(None);
        }
        if incompatible(&unknown_if_null(identity), &read.identity).is_some() {
            return Err(self.rejected("the identity changed in a read"));
        }
        if !read.state.is_wholly_known() {
            return Err(self.rejected("a read returned an unknown value"));
        }
        let (value, private, identity) = (read.state, read.private, read.identity);
        Ok(Some(Object { value, private, identity, ..object.clone() }))
    }

    fn rejected(&self, what: &str) -> Violation {
        Violation::new(Invariant::CoreAccepts, format!("{}: {what}", self.address))
    }

    async fn change(
        &self,
        resource: &Resource,
        said: &mut Vec<Said>,
    ) -> Result<Option<Change>, Violation> {
        let resolve = |text: &str| self.known.get(text).cloned().unwrap_or(Value::Unknown);
        let config = decoded(&self.plugin, self.address, resource, &resolve)?;
        let prior = self.object.as_ref().filter(|it| !it.is_tainted);
        let planned = change(&self.plugin, self.address, prior, &config, said).await?;
        let Some(planned) = planned else { return Ok(None) };
        let replaces = !planned.replace.is_empty() || self.replace;
        let create_first = resource.create_before_destroy;
        let unchanged = prior.is_some_and(|it| it.value == planned.change.after);
        let action = match (&self.object, prior) {
            (Some(_), None) => Action::Replace { create_first },
            (None, _) => Action::Create,
            (Some(_), Some(_)) if replaces => Action::Replace { create_first },
            _ if unchanged => Action::NoOp,
            _ => Action::Update,
        };
        let mut change = Change { action, ..planned.change };
        if matches!(action, Action::Replace { .. }) && prior.is_some() {
            let again = Object {
                value: Value::Null,
                private: change.private.clone(),
                identity: change.identity.clone(),
                is_tainted: false,
                depends_on: Vec::new(),
            };
            let planned =
                super::plan::change(&self.plugin, self.address, Some(&again), &config, said)
                    .await?;
            let Some(planned) = planned else { return Ok(None) };
            change = Change { action, ..planned.change };
        }
        Ok(Some(change))
    }

    async fn destroy(&self, said: &mut Vec<Said>) -> Result<Option<Change>, Violation> {
        let Some(Object { value, private, identity, .. }) = &self.object else { return Ok(None) };
        let null = Value::Null;
        let of = self.address.of;
        let planned = self.plugin.plan(of, value, &null, &null, private, identity).await?;
        let failed = planned.failed();
        said.extend(planned.said);
        if failed {
            return Ok(None);
        }
        if !planned.state.is_null() {
            return Err(self.rejected("a destroy is planned with a state"));
        }
        let address = self.address;
        let (private, identity) = (planned.private, identity.clone());
        Ok(Some(Change { address, action: Action::Delete, after: null, private, identity }))
    }
}

/// A planned change before its action is decided.
pub(super) struct Proposal {
    pub(super) change: Change,
    pub(super) replace: BTreeSet<String>,
}

/// Plans the change of one object, and judges the plan as core does.
pub(super) async fn change(
    plugin: &Plugin,
    address: Address,
    object: Option<&Object>,
    config: &Value,
    said: &mut Vec<Said>,
) -> Result<Option<Proposal>, Violation> {
    let null = Value::Null;
    let (prior, private, identity) = match object {
        Some(it) => (&it.value, it.private.as_slice(), &it.identity),
        None => (&null, [].as_slice(), &null),
    };
    let block = plugin.block(address.of);
    let checked = plugin.validate(address.of, config).await?;
    let is_invalid = checked.iter().any(|it| it.is_error);
    said.extend(checked);
    if is_invalid {
        return Ok(None);
    }
    let proposal = proposed(block, prior, config);
    let planned = plugin.plan(address.of, prior, &proposal, config, private, identity).await?;
    let failed = planned.failed();
    said.extend(planned.said);
    if failed {
        return Ok(None);
    }
    let rejected =
        |what: String| Violation::new(Invariant::CoreAccepts, format!("{address}: {what}"));
    if let Some(reason) = invalid_plan(block, prior, config, &planned.state) {
        return Err(rejected(format!("invalid plan: {reason}")));
    }
    let changes =
        |name: &String| prior.attribute(name) != planned.state.attribute(name) && !prior.is_null();
    let replace: BTreeSet<_> = planned.replace.into_iter().filter(changes).collect();
    let is_update = !prior.is_null() && replace.is_empty();
    if is_update && !planned.identity.is_null() && !planned.identity.is_wholly_known() {
        return Err(rejected("the identity of an update is unknown".to_owned()));
    }
    let (after, private, identity) = (planned.state, planned.private, planned.identity);
    let change = Change { address, action: Action::NoOp, after, private, identity };
    Ok(Some(Proposal { change, replace }))
}
