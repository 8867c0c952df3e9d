//! Why an operation failed.

use crate::certcentral::Error;
use crate::schema::{Diagnostic, Unreadable};

/// Why an operation failed.
pub enum Failure {
    /// The API refused, or did not answer: reported with the operation and the object.
    Api(Error),
    /// The same, with sentences on what it may mean and what to do.
    Advised(Error, String),
    /// Reported in full by the resource.
    Diagnostic(Box<Diagnostic>),
}

impl Failure {
    /// The failure as the user sees it. `doing` is the operation, `type_name` what it is about in general
    /// and `object` in particular.
    pub(super) fn into_diagnostic(self, doing: &str, type_name: &str, object: &str) -> Diagnostic {
        let (error, advice) = match self {
            Self::Api(error) => (error, String::new()),
            Self::Advised(error, advice) => (error, format!("\n\n{advice}")),
            Self::Diagnostic(diagnostic) => return *diagnostic,
        };
        Diagnostic::error(
            format!("Cannot {doing} {type_name}"),
            format!("Failed to {doing} {object}: {error}.{advice}"),
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Api(error)
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
