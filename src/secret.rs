//! A text that cannot be printed, and the filter that takes such texts out of everything that is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

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

/// Every secret this process has met, for as long as it runs, by how it begins.
///
/// A run may hold thousands of keys: so a text is gone through once, however many there are. Those that
/// begin alike come longest first, so that a key that begins with another one leaves no rest behind.
static KNOWN: RwLock<BTreeMap<Beginning, Vec<Zeroizing<String>>>> = RwLock::new(BTreeMap::new());

type Beginning = [u8; SHORTEST];

/// What stands where a secret stood.
const MASK: &str = "(redacted)";

/// Shorter texts are not looked for: a key of three letters would eat into ordinary words.
const SHORTEST: usize = 6;

fn remember(text: &str) {
    let Some(beginning) = text.as_bytes().first_chunk::<SHORTEST>() else { return };
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let alike = known.entry(*beginning).or_default();
    if !alike.iter().any(|secret| secret.as_str() == text) {
        alike.push(Zeroizing::new(text.to_owned()));
        alike.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }
}

/// The text without any secret this process has met.
pub fn redact(text: &str) -> Cow<'_, str> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let bytes = text.as_bytes();
    let found = bytes.windows(SHORTEST).enumerate().filter_map(|(at, beginning)| {
        let mut alike = known.get(beginning)?.iter();
        let secret = alike.find(|secret| bytes[at..].starts_with(secret.as_bytes()))?;
        Some(at..at + secret.len())
    });
    let mut clean = String::new();
    let mut end = 0;
    for secret in found {
        // One that overlaps the one before it goes under the same mask.
        if secret.start >= end {
            clean += &text[end..secret.start];
            clean += MASK;
        }
        end = end.max(secret.end);
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    clean += &text[end..];
    Cow::Owned(clean)
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

    #[test]
    fn secrets_that_touch_or_overlap_leave_nothing() {
        let _secrets = ["ünlocks-all", "all-doors-öpen"].map(Secret::new);
        assert_eq!(redact("ä ünlocks-all-doors-öpen."), "ä (redacted).");
        assert_eq!(redact("ünlocks-allünlocks-all"), "(redacted)(redacted)");
        assert_eq!(redact("ünlocks-al"), "ünlocks-al");
    }
}
