//! A POST whose response does not contain what it created, so that a list before it and a list after it are
//! compared.

use crate::certcentral::{Error, Session};
use crate::schema::Json;

/// Sends the request. Returns the error of one that may have taken effect: the list then decides.
///
/// # Errors
///
/// If the request certainly had no effect.
pub(super) async fn post(api: &Session, path: &str, body: &Json) -> Result<Option<Error>, Error> {
    match api.post(path, body).await {
        Ok(_) => Ok(None),
        Err(error) if error.effect_unknown() => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Why it is unknown whether an unanswered request created anything, after "and …". `noun` is what is listed.
pub(super) fn not_found(noun: &str, unlisted: Option<&Error>) -> String {
    match unlisted {
        Some(error) => format!("reading the list of {noun}s afterwards failed, too: {error}"),
        None => format!("no new {noun} was found in the list afterwards"),
    }
}

/// Why the list does not contain what was created, after "but …".
pub(super) fn not_listed(
    noun: &str,
    unanswered: Option<&Error>,
    unlisted: Option<&Error>,
) -> String {
    match (unanswered, unlisted) {
        (Some(error), _) => format!("no usable response was received ({error})"),
        (None, Some(error)) => format!("reading the list of {noun}s afterwards failed: {error}"),
        (None, None) => format!("the list of {noun}s does not contain it yet"),
    }
}
