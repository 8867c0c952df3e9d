//! What the operations of one run share.
//!
//! Terraform starts a process for each plan and apply, but a debugged provider serves many runs, and
//! some hosts configure a process once for several plans. So a run begins with Configure, and what was
//! planned in it is forgotten once something is applied.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use crate::certcentral::Id;
use crate::schema::Diagnostic;

/// The memory of one run.
#[derive(Default)]
pub struct Run {
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    created: Mutex<HashSet<String>>,
    owners: Mutex<HashMap<String, u64>>,
    planned: Mutex<Planned>,
    key_owner: OnceCell<Option<Id>>,
}

/// What the plan of this run does to objects, by type and ID.
type Planned = HashMap<(&'static str, String), HashSet<Intent>>;

/// What a plan does to an object at some address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Intent {
    Import,
    /// The state has it, and the configuration, too.
    Keep,
    Destroy,
}

impl Run {
    /// The lock of this name.
    pub(super) fn lock(&self, name: String) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(locked(&self.locks).entry(name).or_default())
    }

    /// Remembers that this run created the object at this path of the API.
    pub(super) fn note_created(&self, path: String) {
        locked(&self.created).insert(path);
    }

    /// Whether this run created the object at this path of the API.
    pub(super) fn created(&self, path: &str) -> bool {
        locked(&self.created).contains(path)
    }

    /// Makes `owner` the one that the part of an object under this name belongs to.
    pub(super) fn claim(&self, name: String, owner: u64) {
        locked(&self.owners).insert(name, owner);
    }

    /// The one that claimed the part of an object under this name.
    pub(super) fn owner(&self, name: &str) -> Option<u64> {
        locked(&self.owners).get(name).copied()
    }

    /// The user that the API key belongs to, as the first question found out.
    pub(super) async fn key_owner(&self, ask: impl Future<Output = Option<Id>>) -> Option<Id> {
        *self.key_owner.get_or_init(|| ask).await
    }

    /// Notes what the plan does to these objects.
    ///
    /// # Errors
    ///
    /// When the plan destroys one of them at one address, and imports or keeps it at another: the destroy would
    /// delete what the other address manages.
    pub(super) fn plan(
        &self,
        type_name: &'static str,
        ids: Vec<String>,
        intent: Intent,
    ) -> Result<(), Diagnostic> {
        let mut planned = locked(&self.planned);
        for id in ids {
            let intents = planned.entry((type_name, id.clone())).or_default();
            intents.insert(intent);
            if intents.contains(&Intent::Destroy) && intents.contains(&Intent::Import) {
                return Err(imported_and_destroyed(type_name, &id));
            }
            if intents.contains(&Intent::Destroy) && intents.contains(&Intent::Keep) {
                return Err(kept_and_destroyed(type_name, &id));
            }
        }
        Ok(())
    }

    /// Forgets what was planned: something is being applied.
    pub(super) fn forget_plan(&self) {
        locked(&self.planned).clear();
    }
}

fn imported_and_destroyed(type_name: &str, id: &str) -> Diagnostic {
    let detail = format!(
        "This plan imports {type_name} {id} at one address and destroys it at another, so the apply would \
         delete the object that it has just imported. If the resource was renamed or moved, replace the \
         `import` block with a `moved` block. To remove the other address from the state without deleting \
         the object, use a `removed` block with `destroy = false`."
    );
    Diagnostic::error("Object imported and destroyed", detail)
}

fn kept_and_destroyed(type_name: &str, id: &str) -> Diagnostic {
    let detail = format!(
        "The state has {type_name} {id} at two addresses. This plan destroys it at one of them, so the apply would \
         delete the object that the other one manages. Remove the address to be destroyed from the state without \
         deleting the object: run `terraform state rm` with that address, or use a `removed` block with \
         `destroy = false`. If it is a deposed object of the same resource, run `terraform state rm` with the \
         address of the resource, and import the object again."
    );
    Diagnostic::error("Object kept and destroyed", detail)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_never_destroys_what_it_imports_or_keeps() {
        let run = Run::default();
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert!(run.plan("digicert_user", ids(&["1"]), Intent::Import).is_ok());
        assert!(run.plan("digicert_user", ids(&["2", "3"]), Intent::Destroy).is_ok());
        assert!(run.plan("digicert_subaccount", ids(&["1"]), Intent::Destroy).is_ok());
        assert!(run.plan("digicert_user", ids(&["1"]), Intent::Import).is_ok(), "once more");
        assert!(run.plan("digicert_user", ids(&["4", "1"]), Intent::Destroy).is_err());
        assert!(run.plan("digicert_user", ids(&["3"]), Intent::Import).is_err());
        assert!(run.plan("digicert_user", ids(&["5"]), Intent::Import).is_ok());
        assert!(
            run.plan("digicert_user", ids(&["5"]), Intent::Keep).is_ok(),
            "imports are planned"
        );
        assert!(run.plan("digicert_user", ids(&["5"]), Intent::Destroy).is_err());
        assert!(run.plan("digicert_user", ids(&["6"]), Intent::Keep).is_ok());
        assert!(run.plan("digicert_user", ids(&["6"]), Intent::Destroy).is_err());
        assert!(run.plan("digicert_user", ids(&["3"]), Intent::Keep).is_err());
        run.forget_plan();
        assert!(run.plan("digicert_user", ids(&["1"]), Intent::Destroy).is_ok());
    }
}
