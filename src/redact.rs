//! The filter that removes secrets from all output: logs, errors, diagnostics and panics.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// The text, with every secret of this process replaced by `(redacted)`.
pub fn redact(text: &str) -> Cow<'_, str> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let bytes = text.as_bytes();
    let found = bytes.windows(MIN_LENGTH).enumerate().filter_map(|(at, prefix)| {
        let mut candidates = known.get(prefix)?.iter();
        let secret = candidates.find(|secret| bytes[at..].starts_with(secret.as_bytes()))?;
        Some(at..at + secret.len())
    });
    let mut redacted = String::new();
    let mut end = 0;
    for secret in found {
        // A secret that overlaps the previous one is covered by the same mask.
        if secret.start >= end {
            redacted += &text[end..secret.start];
            redacted += MASK;
        }
        end = end.max(secret.end);
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    redacted += &text[end..];
    Cow::Owned(redacted)
}

/// Makes [`redact`] remove this secret from now on, until the process exits.
///
/// Texts shorter than 6 bytes are ignored: they could be part of ordinary words.
pub(crate) fn remember(secret: &str) {
    let Some(prefix) = secret.as_bytes().first_chunk::<MIN_LENGTH>() else { return };
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let secrets = known.entry(*prefix).or_default();
    if !secrets.iter().any(|known| known == secret) {
        secrets.push(secret.to_owned());
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }
}

/// All secrets, by their first bytes, so that a text is searched once for any number of secrets.
///
/// Secrets with the same first bytes are sorted by length, longest first. Otherwise a secret that begins
/// with a shorter one would be removed only in part.
static KNOWN: RwLock<BTreeMap<[u8; MIN_LENGTH], Vec<String>>> = RwLock::new(BTreeMap::new());

/// Replaces a secret.
const MASK: &str = "(redacted)";

/// Bytes of the shortest secret that is removed.
const MIN_LENGTH: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_removed() {
        ["s3cr3t", "s3cr3t-and-more"].iter().for_each(|it| remember(it));
        assert_eq!(redact("key=s3cr3t-and-more; s3cr3t"), "key=(redacted); (redacted)");
        assert_eq!(redact("nothing here"), "nothing here");
    }

    #[test]
    fn adjacent_and_overlapping_secrets_are_removed() {
        ["ünlocks-all", "all-doors-öpen"].iter().for_each(|it| remember(it));
        assert_eq!(redact("ä ünlocks-all-doors-öpen."), "ä (redacted).");
        assert_eq!(redact("ünlocks-allünlocks-all"), "(redacted)(redacted)");
        assert_eq!(redact("ünlocks-al"), "ünlocks-al");
    }
}
