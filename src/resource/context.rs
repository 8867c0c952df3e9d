//! What an operation works with, and what is remembered of an object beside its state.

use std::collections::BTreeSet;

use super::{Failure, Outcome};
use crate::certcentral::{Id, Session};
use crate::recovery::Journal;
use crate::schema::{Diagnostic, Diagnostics, Json, Model, Value};

/// What one operation works with: the API, what is remembered about the object beside its state,
/// and what there is to warn of.
pub struct Context {
    session: Result<Session, Diagnostic>,
    journal: Option<Journal>,
    /// What is remembered about the object.
    pub private: Private,
    pub(super) reached: Option<Value>,
    pub(super) diagnostics: Diagnostics,
}

impl Context {
    /// For one operation; `session` holds the reason where there is none to be had.
    pub fn new(
        session: Result<Session, Diagnostic>,
        journal: Option<Journal>,
        private: &[u8],
    ) -> Self {
        Self {
            session,
            journal,
            private: Private::from_bytes(private),
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

    /// Deletes the object at a path. One that is gone is a success, if it was looked for in the
    /// account it was made in.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        if !self.api()?.delete(path).await?
            && let Some(other) = self.other_account(path).await?
        {
            return Err(other.into());
        }
        Ok(())
    }

    /// Why the absence of an object says nothing: it was looked for in another account than the one
    /// it was made in.
    pub(super) async fn other_account(&self, object: &str) -> Result<Option<Diagnostic>, Failure> {
        let Some(made_in) = self.private.account_id else { return Ok(None) };
        let asked = self.api()?.account().await?.id;
        let detail = format!(
            "{object} was made in account {made_in}, but the API key belongs to account {asked}, which does not \
             have it. The state is kept; configure a key of account {made_in}."
        );
        let other = Diagnostic::error("API key of another account", detail);
        Ok((made_in != asked).then_some(other))
    }

    /// What an update has reached so far: this is state should its next step fail.
    pub fn reached(&mut self, so_far: impl Model) {
        self.reached = Some(so_far.into_value());
    }

    /// What came of the operation that ends here.
    pub(super) fn into_outcome(self, state: Value) -> Outcome {
        Outcome { state, private: self.private.to_bytes(), diagnostics: self.diagnostics }
    }
}

/// What is remembered beside the state of an object, hidden from configurations.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Private {
    /// The object came by import, so a null in its state may only mean "not readable".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// The account the object was made in: it is dropped from state only if that account lacks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Id>,
    /// Attributes that CertCentral need not show and an answer for this object has carried all the
    /// same: from then on their absence means that there is no value.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shown: BTreeSet<String>,
    /// An update made something and no answer came: what has a higher number than this may be its
    /// work, and must not be made once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Id>,
    /// What another version of this provider remembered.
    #[serde(flatten)]
    rest: serde_json::Map<String, Json>,
}

impl Private {
    /// Reads what [`Private::to_bytes`] wrote; anything else is as good as nothing.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// JSON, or nothing where nothing is remembered.
    pub fn to_bytes(&self) -> Vec<u8> {
        match serde_json::to_vec(self) {
            Ok(bytes) if bytes != b"{}" => bytes,
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_survives_this_version_and_others() {
        let bytes =
            br#"{"imported":true,"account_id":7,"shown":["a"],"unsettled":9,"added_later":[1]}"#;
        let private = Private::from_bytes(bytes);
        assert!(private.imported && private.shown.contains("a"));
        assert_eq!(private.unsettled, Some(9.into()));
        assert_eq!(Private::from_bytes(&private.to_bytes()).to_bytes(), bytes);
        assert_eq!(Private::from_bytes(b"no JSON").to_bytes(), b"");
    }
}
