//! What can go wrong with a call, sorted by what it means for the caller.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::Id;
use super::problem::{Problem, describe, hint};

/// A call that brought no answer to work with.
///
/// The text is a fragment that fits behind "failed to …: " and has the cause in it; there is no
/// `source()`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// CertCentral, or something in front of it, said no: any status outside 2xx and 3xx.
    #[error("{call} was answered with {}{}", describe(*status, problems), hint(*status, problems))]
    Api {
        /// Status of the answer.
        status: u16,
        /// What the body says, with an empty code where it was not the API that spoke.
        problems: Vec<Problem>,
        /// How long to wait before the next attempt, where the answer says so.
        retry_after: Option<Duration>,
        /// What was called.
        call: Call,
    },
    /// No connection came about, so nothing was sent.
    #[error("{call}: no connection to {host}: {cause}")]
    NotReached {
        /// What was called.
        call: Call,
        /// Host of the base URL.
        host: String,
        /// Why, in the words of the operating system or of TLS.
        cause: String,
    },
    /// The server's certificate is not trusted, so nothing was sent.
    #[error(
        "{call}: the certificate of {host} is not trusted: {cause}; where a proxy opens TLS, \
         ca_certificate must hold its CA"
    )]
    Untrusted {
        /// What was called.
        call: Call,
        /// Host of the base URL.
        host: String,
        /// Why, in the words of TLS.
        cause: String,
    },
    /// The request may have arrived, and its answer did not: whether it had an effect is unknown.
    #[error("{call}: no answer: {cause}")]
    NoAnswer {
        /// What was called.
        call: Call,
        /// Why.
        cause: String,
    },
    /// The call succeeded by its status, and its answer makes no sense.
    #[error("{call}: cannot read the answer: {problem}")]
    Decode {
        /// What was called.
        call: Call,
        /// What was expected where, and what was there.
        problem: String,
    },
    /// The answer to a read is not about the object that was asked for, so it is not used.
    #[error("{call}: the answer {}; the state is kept", about(*asked, *found, id_field))]
    OtherObject {
        /// What was called.
        call: Call,
        /// ID of the object that was asked for.
        asked: Id,
        /// ID in the answer; `None` where it has none.
        found: Option<Id>,
        /// Field of the answer that holds the ID.
        id_field: &'static str,
    },
    /// The server sends the request elsewhere; it is not followed, because it would take the key along.
    #[error(
        "{call} was redirected with {status} to {}; base_url is probably wrong",
        to.as_deref().unwrap_or("an address it does not name")
    )]
    Redirected {
        /// What was called.
        call: Call,
        /// Status of the answer.
        status: u16,
        /// Host of the `Location`.
        to: Option<String>,
    },
    /// The API asks for a longer pause than `max_retry_wait` allows.
    #[error(
        "the API asks to try again in {} (at {}), and max_retry_wait is shorter; {last}",
        humantime::format_duration(Duration::from_secs(after.as_secs())),
        humantime::format_rfc3339_seconds(*until)
    )]
    RetryWait {
        /// How long to wait, counted from the answer.
        after: Duration,
        /// When that is over.
        until: SystemTime,
        /// The answer that says so.
        last: Box<Self>,
    },
    /// The key belongs to another account than the one configured.
    #[error("the API key belongs to account {found}, and account_id demands {expected}")]
    WrongAccount {
        /// The account configured.
        expected: Id,
        /// The account behind the key.
        found: Id,
    },
    /// The client was stopped while the call waited.
    #[error("stopped before it was done{}", earlier(last.as_deref()))]
    Stopped {
        /// How the attempt before the wait ended, where there was one.
        last: Option<Box<Self>>,
    },
    /// The settings make no usable client.
    #[error("{0}")]
    Settings(String),
}

/// A method and a path, as errors and logs name it. Never holds a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Path below the base URL.
    pub path: String,
}

impl Error {
    /// Status of the answer, where one came that was not a success.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api { status, .. } | Self::Redirected { status, .. } => Some(*status),
            Self::RetryWait { last, .. } => last.status(),
            _ => None,
        }
    }

    /// Whether a code of the answer begins with this text.
    pub fn has_code(&self, prefix: &str) -> bool {
        match self {
            Self::Api { problems, .. } => problems.iter().any(|it| it.code.starts_with(prefix)),
            Self::RetryWait { last, .. } => last.has_code(prefix),
            _ => false,
        }
    }

    /// Whether the API says that the object does not exist.
    ///
    /// A 404 of a CDN and one for a path that does not exist say nothing about the object.
    pub fn is_absent(&self) -> bool {
        let Self::Api { status: 404, problems, .. } = self else { return false };
        problems.iter().any(|it| it.code.starts_with("not_found") && it.code != "not_found|route")
    }

    /// Whether the request was refused, so that it surely had no effect.
    ///
    /// Of a PUT or DELETE that was repeated, the last attempt is judged.
    pub fn is_refusal(&self) -> bool {
        match self {
            // 408 comes from whatever waited in vain, which need not be the API.
            Self::Api { status, .. } => (400..500).contains(status) && *status != 408,
            Self::RetryWait { last, .. } => last.is_refusal(),
            _ => false,
        }
    }

    /// Whether the write may have had its effect all the same. Never so for a read.
    pub fn effect_unknown(&self) -> bool {
        match self {
            Self::Api { call, .. } => call.is_write() && !self.is_refusal(),
            Self::NoAnswer { call, .. }
            | Self::Decode { call, .. }
            | Self::Redirected { call, .. } => call.is_write(),
            Self::RetryWait { last, .. } => last.effect_unknown(),
            Self::Stopped { last } => last.as_ref().is_some_and(|last| last.effect_unknown()),
            Self::NotReached { .. }
            | Self::Untrusted { .. }
            | Self::OtherObject { .. }
            | Self::WrongAccount { .. }
            | Self::Settings(_) => false,
        }
    }

    /// The pause the answer asks for.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// This error, unless that of an earlier attempt of the same call is the one that matters.
    pub(super) fn after(self, earlier: Option<Self>) -> Self {
        match (self, earlier) {
            (Self::Stopped { last: None }, earlier) => {
                Self::Stopped { last: earlier.map(Box::new) }
            }
            (Self::NotReached { .. }, Some(earlier)) if earlier.effect_unknown() => earlier,
            (error, _) => error,
        }
    }
}

impl Call {
    pub(super) fn is_write(&self) -> bool {
        self.method != "GET"
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

fn about(asked: Id, found: Option<Id>, id_field: &str) -> String {
    match found {
        Some(found) => format!("is about {found} instead of {asked} (its field {id_field})"),
        None => format!(
            "has no ID in the field {id_field}, so it may be about another object than {asked}"
        ),
    }
}

fn earlier(last: Option<&Error>) -> String {
    last.map(|last| format!("; before that, {last}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(method: &'static str, status: u16, code: &str, message: &str) -> Error {
        let problems = vec![Problem { code: code.into(), message: message.into() }];
        let call = Call { method, path: "user/12".into() };
        Error::Api { status, problems, retry_after: None, call }
    }

    #[test]
    fn sentences_teach() {
        let stopped = Error::Stopped { last: None };
        let late = Error::RetryWait {
            after: Duration::from_millis(600_900),
            until: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
            last: Box::new(api("PUT", 429, "request_limit_exceeded", "Slow down.")),
        };
        for (error, parts) in [
            (
                api("GET", 403, "access_denied|access_denied_invalid_key", "Access denied."),
                &[
                    "GET user/12 was answered with 403 access_denied|access_denied_invalid_key: Access denied (the key",
                    "digicert.eu",
                ][..],
            ),
            (
                api("PUT", 403, "access_denied|missing_permission", ""),
                &["missing_permission (the role"],
            ),
            (api("GET", 404, "not_found|route", "Not found."), &["base_url is probably wrong"]),
            (api("GET", 404, "", "Page not found"), &["404 Page not found (the address"]),
            (api("GET", 503, "", "503 Service is unavailable"), &["maintenance"]),
            (
                late,
                &[
                    "again in 10m (at 2001-09-09T01:46:40Z)",
                    "; PUT user/12 was answered with 429",
                    "lower rate_limits",
                ],
            ),
            (stopped, &["stopped before it was done"]),
        ] {
            let text = error.to_string();
            for part in parts {
                assert!(text.contains(part), "{text}");
            }
            assert!(!text.ends_with('.'));
        }
    }

    #[test]
    fn absence_is_said_by_the_api_alone() {
        for (status, code, absent) in [
            (404, "not_found", true),
            (404, "not_found|user", true),
            (404, "not_found|route", false),
            (404, "", false),
            (404, "access_denied", false),
            (403, "not_found|user", false),
        ] {
            assert_eq!(api("GET", status, code, "").is_absent(), absent, "{status} {code}");
        }
    }

    #[test]
    fn effects_are_unknown_only_after_a_write_left_and_was_not_refused() {
        let call = |method| Call { method, path: "account".into() };
        let cause = || "reset".to_owned();
        for (error, unknown, refusal) in [
            (api("POST", 400, "bad", ""), false, true),
            (api("POST", 408, "", ""), true, false),
            (api("POST", 503, "", ""), true, false),
            (api("GET", 503, "", ""), false, false),
            (Error::NoAnswer { call: call("POST"), cause: cause() }, true, false),
            (Error::NoAnswer { call: call("GET"), cause: cause() }, false, false),
            (Error::Decode { call: call("PUT"), problem: cause() }, true, false),
            (
                Error::NotReached { call: call("POST"), host: "h".into(), cause: cause() },
                false,
                false,
            ),
            (Error::Stopped { last: None }, false, false),
        ] {
            assert_eq!((error.effect_unknown(), error.is_refusal()), (unknown, refusal), "{error}");
        }
        let reset = || Some(Error::NoAnswer { call: call("PUT"), cause: cause() });
        assert!(Error::Stopped { last: None }.after(reset()).effect_unknown());
        let refused = Error::NotReached { call: call("PUT"), host: "h".into(), cause: cause() };
        assert!(refused.after(reset()).effect_unknown());
    }
}
