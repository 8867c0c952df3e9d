//! What an operation works with.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::private::{Memory, Private};
use super::run::Intent;
use super::{Failure, Outcome, Run};
use crate::certcentral::{Id, Session};
use crate::recovery::Journal;
use crate::schema::{Attr, Diagnostic, Diagnostics, Model, Value};

/// What the operations of a configured provider have in common. Cheap to clone.
#[derive(Clone)]
pub struct Environment {
    /// The API, or why it cannot be called.
    pub session: Result<Session, Diagnostic>,
    /// Where answers that come once are recorded, if anywhere.
    pub journal: Option<Journal>,
    /// What the operations of the run share.
    pub run: Arc<Run>,
}

/// What one operation works with: the API, the private data of the object, what
/// the run shares, and the diagnostics.
pub struct Context<M = ()> {
    environment: Environment,
    /// What the resource remembers of the object.
    pub private: M,
    pub(super) engine: Private,
    /// The account that the state itself names, or the identity.
    state_account: Option<Id>,
    pub(super) partial_state: Option<Value>,
    pub(super) diagnostics: Diagnostics,
}

impl<M: Memory> Context<M> {
    /// For one operation on the object with these private data.
    pub(super) fn new(environment: Environment, private: &[u8]) -> Self {
        let (engine, private) = Private::from_bytes(private);
        Self {
            environment,
            private,
            engine,
            state_account: None,
            partial_state: None,
            diagnostics: Diagnostics::default(),
        }
    }

    /// Forgets what was remembered, for an object that is being created. In a plan, it may replace one with these
    /// private data.
    pub(super) fn begin(&mut self, replaced: &[u8]) {
        (self.engine, self.private) = (Private::of_new(replaced), M::default());
    }

    /// For the destroy of an object, whose private data may be within those of the object that replaces it.
    pub(super) fn begin_destroy(&mut self) {
        if let Some((engine, private)) = self.engine.of_replaced() {
            (self.engine, self.private) = (engine, private);
        }
    }

    /// Whether the object was imported, so that a null in its state may only mean that the API did not
    /// return a value.
    pub fn is_imported(&self) -> bool {
        self.engine.imported
    }

    /// The API.
    ///
    /// # Errors
    ///
    /// When the provider's configuration does not suffice for a call.
    pub fn api(&self) -> Result<Session, Failure> {
        let session = self.environment.session.clone().map_err(Failure::from)?;
        Ok(if self.engine.unconfirmed { session.without_trust_in_lists() } else { session })
    }

    /// Where answers that come once are recorded, if anywhere.
    pub fn journal(&self) -> Option<&Journal> {
        self.environment.journal.as_ref()
    }

    /// Warns without failing.
    pub fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(summary, detail));
    }

    /// Reports a warning, or an error that does not end the operation: in a plan, all are shown at once.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Waits until no other operation of this run holds the lock of this name, and holds it.
    ///
    /// # Errors
    ///
    /// When Terraform stops the provider meanwhile.
    pub async fn exclusive(&self, name: impl Into<String>) -> Result<OwnedMutexGuard<()>, Failure> {
        let lock = self.environment.run.lock(name.into());
        Ok(self.api()?.unless_stopped(lock.lock_owned()).await?)
    }

    /// Remembers that this run created the object at this path of the API.
    pub fn note_created(&self, path: impl Into<String>) {
        self.environment.run.note_created(path.into());
    }

    /// Whether this run created the object at this path of the API.
    pub fn created_here(&self, path: &str) -> bool {
        self.environment.run.created(path)
    }

    /// Makes this object the owner of a part that several objects of a run can share, such as an invite:
    /// the destroy of another one leaves it alone from now on.
    pub fn claim(&mut self, part: impl Into<String>) {
        let owner = *self.engine.owner.get_or_insert_with(|| fastrand::u64(1..));
        self.environment.run.claim(part.into(), owner);
    }

    /// Whether another object of this run has claimed this part.
    pub fn is_claimed_elsewhere(&self, part: &str) -> bool {
        self.environment.run.owner(part).is_some_and(|owner| Some(owner) != self.engine.owner)
    }

    /// Deletes the object at a path. One that is gone is a success, if it was looked for in the
    /// account it was made in.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        if !self.api()?.delete(path).await? {
            self.check_gone(path).await?;
        }
        Ok(())
    }

    /// Whether an object that CertCentral does not find was deleted.
    ///
    /// # Errors
    ///
    /// When it was looked for in another account than the one it was created in, or when nothing records
    /// that account: its absence means nothing then.
    pub async fn check_gone(&self, object: &str) -> Result<(), Failure> {
        if self.made_in().is_none() {
            return Err(not_found(object).into());
        }
        self.other_account(object).await?.map_or(Ok(()), |other| Err(other.into()))
    }

    /// The user that the API key belongs to, asked once a run; `None` where the API does not answer.
    pub async fn key_owner(&self) -> Option<Id> {
        let api = self.api().ok()?;
        let ask = async { api.get("user/me", &[]).await.and_then(|user| user.id("id")).ok() };
        self.environment.run.key_owner(ask).await
    }

    /// The account the object belongs to, as far as that is known without a question to the API.
    pub(super) fn account(&self) -> Option<Id> {
        let known = || self.environment.session.as_ref().ok().and_then(Session::known_account);
        self.made_in().or_else(known)
    }

    /// The account the object was made in, as far as anything says so.
    pub fn made_in(&self) -> Option<Id> {
        self.engine.account_id.or(self.state_account)
    }

    /// Why the absence of an object says nothing: it was looked for in another account than the one
    /// it was made in.
    pub async fn other_account(&self, object: &str) -> Result<Option<Diagnostic>, Failure> {
        let Some(made_in) = self.made_in() else { return Ok(None) };
        let asked = self.api()?.account().await?.id;
        let detail = format!(
            "{object} was created in account {made_in}, but the API key belongs to account {asked}, which does \
             not have it. The state is kept; configure a key of account {made_in}."
        );
        let other = Diagnostic::error("API key of another account", detail);
        Ok((made_in != asked).then_some(other))
    }

    /// Reports what an update has done so far: this becomes state if its next step fails.
    pub fn set_partial_state(&mut self, so_far: impl Model) {
        self.partial_state = Some(so_far.into_value());
    }

    /// Takes note of what the state itself, or the stored identity, says of the object.
    pub(super) fn know(&mut self, state: &Value, identity: &Value) {
        let account =
            |of: &Value| Option::<Id>::from_value(of.attribute("account_id")).ok().flatten();
        self.state_account = account(state).or_else(|| account(identity));
    }

    /// The object was created with, or found by, the key in use: it belongs to that key's account.
    pub(super) fn remember_account(&mut self) {
        if self.made_in().is_none() {
            self.engine.account_id = self.account();
        }
    }

    /// Notes that this plan does this to objects with these IDs.
    pub(super) fn note_planned(
        &self,
        of: &'static str,
        ids: Vec<String>,
        intent: Intent,
    ) -> Result<(), Diagnostic> {
        self.environment.run.plan(of, ids, intent)
    }

    /// Something is being applied: what was planned is over.
    pub(super) fn forget_plan(&self) {
        self.environment.run.forget_plan();
    }

    /// What came of the operation that ends here.
    pub(super) fn into_outcome(self, state: Value) -> Outcome {
        let private = self.engine.into_bytes(&self.private);
        let diagnostics = self.diagnostics;
        Outcome { state, private, diagnostics, ..Outcome::default() }
    }
}

fn not_found(object: &str) -> Diagnostic {
    let detail = format!(
        "{object} was not found, and the state does not record which account it belongs to, so it is kept. If \
         the object was deleted, remove it from the state with `terraform state rm`. Otherwise configure an API \
         key of the account it belongs to."
    );
    Diagnostic::error("Object not found", detail)
}
