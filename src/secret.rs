//! A string that cannot be printed.

use crate::redact;

/// An API key: the provider's own, or the key of a new subaccount.
///
/// It has neither `Debug` nor `Display`. [`redact()`](redact::redact) removes its text from all output
/// from the moment it is created.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret with this text.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        redact::remember(&text);
        Self(text)
    }

    /// The text itself, for the one header or attribute that must contain it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_redacted_from_its_creation() {
        let secret = Secret::new("EXAMPLE-OF-A-KEY");
        assert_eq!(redact::redact(&format!("key: {}", secret.expose())), "key: (redacted)");
    }
}
