//! A user in a response, as far as lookups need it.

use crate::certcentral::{Id, text_of};
use crate::schema::Json;

/// A user in a response. A field that is missing or of another type is empty, so that one invalid row does
/// not fail a search.
pub(super) struct Person {
    pub(super) id: Id,
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
}

impl Person {
    pub(super) fn new(id: Id, answer: &Json) -> Self {
        let text = |name: &str| text_of(answer, name).to_owned();
        Self {
            id,
            username: text("username"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: text("email"),
        }
    }
}
