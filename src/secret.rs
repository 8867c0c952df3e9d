//! A text that cannot be printed, and the filter that takes such texts out of everything that is.

use std::borrow::Cow;
use std::sync::RwLock;

use zeroize::Zeroizing;

/// An API key: the provider's own, or the one of a new subaccount.
///
/// It has neither `Debug` nor `Display`, is wiped from memory when dropped, and making one teaches
/// [`redact`] to take its text out of whatever is written afterwards.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over the text of a secret.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        remember(&text);
        Self(text)
    }

    /// The text itself, for the one header or state attribute that must carry it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Every secret this process has met, for as long as it runs.
static KNOWN: RwLock<Vec<Zeroizing<String>>> = RwLock::new(Vec::new());

/// What stands where a secret stood.
const MASK: &str = "(redacted)";

/// Shorter texts are not looked for: a key of three letters would eat into ordinary words.
const SHORTEST: usize = 6;

fn remember(text: &str) {
    let mut known = KNOWN.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    if text.len() >= SHORTEST && !known.iter().any(|secret| secret.as_str() == text) {
        known.push(Zeroizing::new(text.to_owned()));
        // Longest first, so that a key that begins with another one leaves no rest behind.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }
}

/// The text without any secret this process has met.
pub fn redact(text: &str) -> Cow<'_, str> {
    let known = KNOWN.read().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut text = Cow::Borrowed(text);
    for secret in known.iter() {
        if text.contains(secret.as_str()) {
            text = Cow::Owned(text.replace(secret.as_str(), MASK));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_leaves_no_trace() {
        let _short = Secret::new("s3cr3t");
        let _long = Secret::new("s3cr3t-and-more");
        assert_eq!(redact("key=s3cr3t-and-more; s3cr3t"), "key=(redacted); (redacted)");
        assert_eq!(redact("nothing here"), "nothing here");
    }
}
