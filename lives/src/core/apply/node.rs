//! One step of the walk of an apply, and what becomes of the state.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use terraform_provider_digicert::schema::Value;

use super::{Progress, Step};
use crate::core::plan::{self, Action, Change, decoded, unknown_if_null};
use crate::core::plugin::{Answered, Plugin, Said};
use crate::core::state::{Address, Object, Resource};
use crate::core::value::incompatible;
use crate::invariant::{Invariant, Violation};
use crate::network::{Network, locked};

/// One step of the walk.
pub(super) struct Node {
    pub(super) plugin: Plugin,
    pub(super) network: Arc<Network>,
    pub(super) progress: Arc<Mutex<Progress>>,
    pub(super) step: Step,
    pub(super) change: Option<Change>,
    pub(super) resource: Option<Resource>,
}

impl Node {
    /// Whether it succeeded.
    pub(super) async fn run(self) -> Result<(Step, bool), Violation> {
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
            let planned = self.plugin.plan_destroy(self.address().of, &object).await?;
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
        let config = decoded(self.address(), resource, &|text| ids.id_at(text))?;
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
