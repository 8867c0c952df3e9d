//! One address of the walk of a plan: import or refresh, and then the plan of a change or a destroy.

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_digicert::schema::Value;

use super::{Action, By, Change, decoded, unknown_if_null};
use crate::core::plugin::{Plugin, Said, resource};
use crate::core::state::{Address, Object, Resource};
use crate::core::value::{incompatible, invalid_plan, proposed};
use crate::invariant::{Invariant, Violation};

/// One address of the walk.
pub(super) struct Node {
    pub(super) plugin: Plugin,
    pub(super) address: Address,
    pub(super) resource: Option<Resource>,
    pub(super) object: Option<Object>,
    pub(super) deposed: Vec<Object>,
    /// IDs of what was planned before.
    pub(super) known: BTreeMap<String, Value>,
    pub(super) refresh: bool,
    pub(super) replace: bool,
    pub(super) import: Option<By>,
}

pub(super) struct Planned {
    pub(super) address: Address,
    pub(super) object: Option<Object>,
    pub(super) deposed: Vec<Object>,
    pub(super) change: Option<Change>,
    pub(super) said: Vec<Said>,
    pub(super) imported: bool,
}

impl Node {
    pub(super) async fn plan(mut self) -> Result<Planned, Violation> {
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
            let planned = self.plugin.plan_destroy(self.address.of, &object).await?;
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
        let config = decoded(self.address, resource, &resolve)?;
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
                super::change(&self.plugin, self.address, Some(&again), &config, said).await?;
            let Some(planned) = planned else { return Ok(None) };
            change = Change { action, ..planned.change };
        }
        Ok(Some(change))
    }

    async fn destroy(&self, said: &mut Vec<Said>) -> Result<Option<Change>, Violation> {
        let Some(object) = &self.object else { return Ok(None) };
        let planned = self.plugin.plan_destroy(self.address.of, object).await?;
        let failed = planned.failed();
        said.extend(planned.said);
        if failed {
            return Ok(None);
        }
        if !planned.state.is_null() {
            return Err(self.rejected("a destroy is planned with a state"));
        }
        Ok(Some(Change {
            address: self.address,
            action: Action::Delete,
            after: Value::Null,
            private: planned.private,
            identity: object.identity.clone(),
        }))
    }
}

/// A planned change before its action is decided.
pub(in crate::core) struct Proposal {
    pub(in crate::core) change: Change,
    pub(in crate::core) replace: BTreeSet<String>,
}

/// Plans the change of one object, and judges the plan as core does.
pub(in crate::core) async fn change(
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
    let block = resource(address.of).block();
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
