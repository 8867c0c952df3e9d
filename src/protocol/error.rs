//! Why a value cannot be decoded.

use crate::schema::{Diagnostic, Path, Step};

/// Bytes that are not a value of the expected type.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(path))]
pub struct DecodeError {
    /// The path within the value. It is empty for the value as a whole.
    pub path: Path,
    /// A fragment such as "expected a string, found Array16".
    pub problem: String,
}

impl DecodeError {
    /// A problem of the value as a whole. The callers add the path with [`Self::within`], so that valid
    /// values need none.
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { path: Path::default(), problem: problem.into() }
    }

    /// The same problem, in the value that contains the step.
    pub(super) fn within(self, step: Step) -> Self {
        Self { path: self.path.within(step), ..self }
    }
}

fn prefix(path: &Path) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

impl From<DecodeError> for Diagnostic {
    fn from(error: DecodeError) -> Self {
        let detail = format!(
            "A value from Terraform does not match the schema of this provider: {error}. The versions of \
             Terraform, the provider and the state may be incompatible."
        );
        Self::error("Malformed value from Terraform", detail)
    }
}
