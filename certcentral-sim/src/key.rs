//! API keys in the format of DigiCert's, which are valid for one simulator only, and other secrets.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Write};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};

/// A key or another secret, which is not printed.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A key no other simulator has. The randomness of the standard library's hasher suffices, as the
/// key guards made-up objects on loopback.
pub(crate) fn make() -> String {
    format(|part| RandomState::new().hash_one(part))
}

/// The key with this ID of the account whose first key is given. A simulation with the same seed has the same keys.
pub(crate) fn derive(first: &str, id: u64) -> String {
    format(|part| {
        let mut hasher = DefaultHasher::new();
        (first, id, part).hash(&mut hasher);
        hasher.finish()
    })
}

fn format(part: impl Fn(u8) -> u64) -> String {
    let mut key = String::new();
    for number in 0..5 {
        // Writing to a string cannot fail.
        let _ = write!(key, "{:016X}", part(number));
    }
    key
}
