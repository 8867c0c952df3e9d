//! API keys in the format of DigiCert's, which are valid for one simulator only.

use std::collections::hash_map::RandomState;
use std::fmt::Write;
use std::hash::BuildHasher;

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
