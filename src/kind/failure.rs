//! Why an operation failed.

use crate::certcentral::Error;
use crate::schema::{Diagnostic, Unreadable};

/// Why an operation failed.
pub enum Failure {
    /// The API refused, or did not answer: reported with the operation and the object.
    Api {
        /// What the API said, or why it said nothing.
        error: Box<Error>,
        /// Sentences on what that may mean and what to do.
        advice: Option<String>,
    },
    /// Reported in full by the resource.
    Diagnostic(Box<Diagnostic>),
}

impl Failure {
    /// An error of the API, with sentences on what it may mean and what to do.
    pub fn advised(error: Error, advice: impl Into<String>) -> Self {
        Self::Api { error: Box::new(error), advice: Some(advice.into()) }
    }

    /// The failure as the user sees it. `doing` is the operation, `type_name` what it is about in general
    /// and `object` in particular.
    pub(super) fn into_diagnostic(self, doing: &str, type_name: &str, object: &str) -> Diagnostic {
        let (error, advice) = match self {
            Self::Api { error, advice } => (error, advice),
            Self::Diagnostic(diagnostic) => return *diagnostic,
        };
        let advice = advice.or_else(|| error.next_step().map(str::to_owned));
        let advice = advice.map(|advice| format!("\n\n{advice}")).unwrap_or_default();
        Diagnostic::error(
            format!("Cannot {doing} {type_name}"),
            format!("Failed to {doing} {object}: {error}.{advice}"),
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api { error: Box::new(error), advice: None }
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Diagnostic::error("Unreadable answer from CertCentral", format!("{error}.")).into()
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnostic(Box::new(diagnostic))
    }
}
