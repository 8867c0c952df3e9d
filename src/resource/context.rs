//! What an operation works with.

use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;

use super::run::Intent;
use super::{Failure, Outcome, Private, Run};
use crate::certcentral::{Id, Session};
use crate::recovery::Journal;
use crate::schema::{Attr, Diagnostic, Diagnostics, Model, Value};

/// What one operation works with: the API, what is remembered about the object beside its state, what the
/// run shares, and what there is to warn of.
pub struct Context {
    session: Result<Session, Diagnostic>,
    journal: Option<Journal>,
    run: Arc<Run>,
    /// What is remembered about the object.
    pub private: Private,
    /// The account that the state itself names.
    state_account: Option<Id>,
    pub(super) reached: Option<Value>,
    pub(super) diagnostics: Diagnostics,
}

impl Context {
    /// For one operation of a run; `session` holds the reason where there is none to be had.
    pub fn new(
        session: Result<Session, Diagnostic>,
        journal: Option<Journal>,
        run: Arc<Run>,
        private: &[u8],
    ) -> Self {
        Self {
            session,
            journal,
            run,
            private: Private::from_bytes(private),
            state_account: None,
            reached: None,
            diagnostics: Diagnostics::default(),
        }
    }

    /// The API.
    ///
    /// # Errors
    ///
    /// When the provider's configuration does not suffice for a call.
    pub fn api(&self) -> Result<Session, Failure> {
        self.session.clone().map_err(Failure::from)
    }

    /// Where answers that come once are recorded, if anywhere.
    pub fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
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
        let lock = self.run.lock(name.into());
        Ok(self.api()?.until_stopped(lock.lock_owned()).await?)
    }

    /// Remembers that this run created the object at this path of the API.
    pub fn note_created(&self, path: impl Into<String>) {
        self.run.note_created(path.into());
    }

    /// Whether this run created the object at this path of the API.
    pub fn created_here(&self, path: &str) -> bool {
        self.run.created(path)
    }

    /// Makes this object the owner of a part that several objects of a run can share, such as an invite:
    /// the destroy of another one leaves it alone from now on.
    pub fn claim(&mut self, part: impl Into<String>) {
        let owner = *self.private.owner.get_or_insert_with(|| fastrand::u64(1..));
        self.run.claim(part.into(), owner);
    }

    /// Whether another object of this run has claimed this part.
    pub fn is_claimed_elsewhere(&self, part: &str) -> bool {
        self.run.owner(part).is_some_and(|owner| Some(owner) != self.private.owner)
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
        self.run.key_owner(ask).await
    }

    /// The account the object was made in, as far as anything says so.
    pub fn made_in(&self) -> Option<Id> {
        self.private.account_id.or(self.state_account)
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

    /// What an update has reached so far: this is state should its next step fail.
    pub fn reached(&mut self, so_far: impl Model) {
        self.reached = Some(so_far.into_value());
    }

    /// Takes note of what the state itself says of the object.
    pub(super) fn know(&mut self, state: &Value) {
        self.state_account = Option::<Id>::from_value(state.attribute("account_id")).ok().flatten();
    }

    /// The object was created with, or found by, the key in use: it belongs to that key's account.
    pub(super) fn remember_account(&mut self) {
        if self.made_in().is_none() {
            let known = self.session.as_ref().ok().and_then(Session::known_account);
            self.private.account_id = known;
        }
    }

    /// Notes that this plan does this to objects with these IDs.
    pub(super) fn note_planned(
        &self,
        of: &'static str,
        ids: Vec<String>,
        intent: Intent,
    ) -> Result<(), Diagnostic> {
        self.run.plan(of, ids, intent)
    }

    /// Something is being applied: what was planned is over.
    pub(super) fn forget_plan(&self) {
        self.run.forget_plan();
    }

    /// What came of the operation that ends here.
    pub(super) fn into_outcome(self, state: Value) -> Outcome {
        Outcome { state, private: self.private.to_bytes(), diagnostics: self.diagnostics }
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
