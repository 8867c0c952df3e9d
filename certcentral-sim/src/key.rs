//! API keys in the format of DigiCert's, which are valid for one simulator only, and other secrets.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Write};
use std::hash::BuildHasher;

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
    let mut key = String::new();
    for part in 0..5u8 {
        // Writing to a string cannot fail.
        let _ = write!(key, "{:016X}", RandomState::new().hash_one(part));
    }
    key
}
