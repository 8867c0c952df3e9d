//! Errors of a call, grouped by what they mean for the caller.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::api_error::{ApiError, hint, words};
use super::attempts::{Attempts, Limit};
use super::id::Id;

/// A call without a usable response.
///
/// The text is meant to follow "failed to …: ". It includes the cause, so there is no `source()`.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// CertCentral, or a server in front of it, rejected the request: any status outside 2xx and 3xx.
    #[error("HTTP {status} from `{call}`{}{}", details(errors), hint(*status, errors))]
    Api {
        /// HTTP status of the response.
        status: u16,
        /// The errors in the body. The code is empty if the body is not an error of the API.
        errors: Vec<ApiError>,
        /// The pause before the next attempt, if the response requests one.
        retry_after: Option<Duration>,
        /// The call.
        call: Call,
    },
    /// The connection failed, so nothing was sent.
    #[error("{call}: no connection to {host}{}: {cause}; {}", through(proxy), network(proxy))]
    NotReached {
        /// The call.
        call: Call,
        /// Host of the base URL.
        host: String,
        /// Host and port of the proxy, if one is used.
        proxy: Option<String>,
        /// The cause, as reported by the operating system or by TLS.
        cause: String,
    },
    /// The server's certificate is not trusted, so nothing was sent.
    #[error(
        "{call}: the certificate of {host} is not trusted: {cause}; if a proxy intercepts TLS, \
         set ca_certificate to its CA"
    )]
    Untrusted {
        /// The call.
        call: Call,
        /// Host of the base URL.
        host: String,
        /// The cause, as reported by TLS.
        cause: String,
    },
    /// The request may have been received, but there is no response. Whether it took effect is unknown.
    #[error("{call}: no response: {cause}{}", no_response_hint(call, cause))]
    NoAnswer {
        /// The call.
        call: Call,
        /// The cause.
        cause: String,
    },
    /// The status is a success, but the response has an unexpected form.
    #[error("{call}: unexpected response: {problem}")]
    Decode {
        /// The call.
        call: Call,
        /// What is wrong with it.
        problem: String,
    },
    /// The status is a success, but the body is an error.
    #[error(
        "HTTP {status} from `{call}`, but the body is an error: {}{}",
        words(errors),
        effect_hint(call)
    )]
    Reported {
        /// The call.
        call: Call,
        /// HTTP status of the response.
        status: u16,
        /// The errors in the body.
        errors: Vec<ApiError>,
    },
    /// The response to a read is about another object than the requested one, so it is not used.
    #[error("{call}: the response {}; the state is kept", about(*requested, *found, id_field))]
    OtherObject {
        /// The call.
        call: Call,
        /// ID of the requested object.
        requested: Id,
        /// ID in the response, if it has one.
        found: Option<Id>,
        /// Field of the response that contains the ID.
        id_field: &'static str,
    },
    /// The server redirects the request. Redirects are not followed, because requests contain the API key.
    #[error(
        "HTTP {status} from `{call}` redirects to {}; base_url is probably wrong",
        to.as_deref().unwrap_or("an unspecified address")
    )]
    Redirected {
        /// The call.
        call: Call,
        /// HTTP status of the response.
        status: u16,
        /// Host of the `Location` header.
        to: Option<String>,
    },
    /// The API requests a longer pause than is left of `max_retry_wait`.
    #[error(
        "the API requests a pause of {} (until {}), which exceeds {}; {last}",
        humantime::format_duration(Duration::from_secs(after.as_secs())),
        humantime::format_rfc3339_seconds(*until),
        allowed(*left, *limit, *attempts)
    )]
    RetryWait {
        /// The requested pause, counted from the response.
        after: Duration,
        /// When the requested pause ends.
        until: SystemTime,
        /// What is left of `max_retry_wait`.
        left: Duration,
        /// `max_retry_wait`.
        limit: Duration,
        /// The failed attempts.
        attempts: Attempts,
        /// The error that requests the pause.
        last: Box<Self>,
    },
    /// The call failed after as many retries as are allowed.
    #[error("{last}; {attempts}, and {limit} allows no more")]
    Exhausted {
        /// The failed attempts.
        attempts: Attempts,
        /// The setting that does not allow another attempt.
        limit: Limit,
        /// The error of the last attempt.
        last: Box<Self>,
    },
    /// The API key belongs to another account than the configured one.
    #[error("the API key belongs to account {found}, but account_id is {expected}")]
    WrongAccount {
        /// The configured account.
        expected: Id,
        /// The account the API key belongs to.
        found: Id,
    },
    /// The client was stopped while the call waited.
    #[error(
        "interrupted before completion{}; run the command again to complete it",
        previous(last.as_deref())
    )]
    Stopped {
        /// The error of the attempt before the wait, if there was one.
        last: Option<Box<Self>>,
    },
    /// No client can be created from the settings.
    #[error("{0}")]
    Settings(String),
}

/// The method and the path of a request, for errors and logs. It never contains the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Path below the base URL.
    pub path: String,
}

impl Error {
    /// The error of the last attempt: this error, or the one that it contains.
    pub fn last(&self) -> &Self {
        match self {
            Self::RetryWait { last, .. } | Self::Exhausted { last, .. } => last.last(),
            error => error,
        }
    }

    /// HTTP status of the response, if there was one and it was not a success.
    pub fn status(&self) -> Option<u16> {
        match self.last() {
            Self::Api { status, .. } | Self::Redirected { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether an error code in the response begins with this text.
    pub fn has_code(&self, prefix: &str) -> bool {
        match self.last() {
            Self::Api { errors, .. } | Self::Reported { errors, .. } => {
                errors.iter().any(|it| it.code.starts_with(prefix))
            }
            _ => false,
        }
    }

    /// Whether an error code or message in the response contains this word, which must be in lower case.
    /// Case-insensitive.
    pub fn mentions(&self, word: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(word);
        match self.last() {
            Self::Api { errors, .. } | Self::Reported { errors, .. } => {
                errors.iter().any(|it| has(&it.code) || has(&it.message))
            }
            _ => false,
        }
    }

    /// Whether the API reports that the object does not exist.
    ///
    /// A 404 from a CDN, or for an unknown path, does not mean that the object does not exist.
    pub fn is_not_found(&self) -> bool {
        let Self::Api { status: 404, errors, .. } = self else { return false };
        errors.iter().any(|it| it.code.starts_with("not_found") && it.code != "not_found|route")
    }

    /// Whether the request was rejected, so that it certainly had no effect.
    ///
    /// After retries of a PUT or DELETE, this is about the last attempt.
    pub fn is_refusal(&self) -> bool {
        match self.last() {
            // A proxy may send a 408 after it has forwarded the request.
            Self::Api { status, .. } => (400..500).contains(status) && *status != 408,
            _ => false,
        }
    }

    /// Whether this is the error of a write that may have taken effect.
    pub fn effect_unknown(&self) -> bool {
        match self {
            Self::Api { call, .. } => call.is_write() && !self.is_refusal(),
            Self::NoAnswer { call, .. }
            | Self::Decode { call, .. }
            | Self::Reported { call, .. }
            | Self::Redirected { call, .. } => call.is_write(),
            Self::RetryWait { last, .. } | Self::Exhausted { last, .. } => last.effect_unknown(),
            Self::Stopped { last } => last.as_ref().is_some_and(|last| last.effect_unknown()),
            Self::NotReached { .. }
            | Self::Untrusted { .. }
            | Self::OtherObject { .. }
            | Self::WrongAccount { .. }
            | Self::Settings(_) => false,
        }
    }

    /// What to do about an error whose text does not say it, in general.
    pub fn next_step(&self) -> Option<&'static str> {
        match self.last() {
            Self::Api { status, errors, .. } if hint(*status, errors).is_empty() => {
                Some(if self.is_refusal() { CORRECT } else { LATER })
            }
            Self::Api { status: 403, .. } => Some(OTHER_KEY),
            Self::Decode { .. } | Self::Reported { .. } | Self::OtherObject { .. } => {
                Some(SAME_RESPONSE)
            }
            _ => None,
        }
    }

    /// The pause that the response requests.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// This error, combined with the error of an earlier attempt of the same call: if the earlier attempt may
    /// have taken effect, this is not lost.
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

fn details(errors: &[ApiError]) -> String {
    let words = words(errors);
    if words.is_empty() { words } else { format!(": {words}") }
}

fn about(requested: Id, found: Option<Id>, id_field: &str) -> String {
    match found {
        Some(found) => format!("is about {found} instead of {requested} (field {id_field})"),
        None => format!(
            "has no ID in the field {id_field}, so it may be about another object than {requested}"
        ),
    }
}

fn previous(last: Option<&Error>) -> String {
    last.map(|last| format!("; previous attempt: {last}")).unwrap_or_default()
}

fn through(proxy: &Option<String>) -> String {
    proxy.as_ref().map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default()
}

fn network(proxy: &Option<String>) -> &'static str {
    match proxy {
        Some(_) => "check the proxy, and whether NO_PROXY should contain the host",
        None => "check base_url and the network; a proxy can be set in HTTPS_PROXY",
    }
}

/// What to do if there is no response. After a POST, the caller decides that.
fn no_response_hint(call: &Call, cause: &str) -> String {
    let mut text = match call.method {
        "POST" => String::new(),
        "GET" => "; check the network and run the command again".to_owned(),
        _ => effect_hint(call).to_owned(),
    };
    if cause == TIMED_OUT {
        text += "; increase request_timeout if CertCentral needs longer";
    }
    text
}

/// What to do if an update or a deletion may have taken effect.
fn effect_hint(call: &Call) -> &'static str {
    match call.method {
        "PUT" | "DELETE" => {
            "; the request may have taken effect: run the plan again to see what is left to do"
        }
        _ => "",
    }
}

fn allowed(left: Duration, limit: Duration, attempts: Attempts) -> String {
    let whole = Limit::Wait(limit);
    if left == limit {
        return format!("{whole} ({attempts})");
    }
    let left = left.as_secs_f64();
    format!("the {left:.1} s left of {whole} ({attempts})")
}

const CORRECT: &str = "Correct what CertCentral reports, and run the command again.";

const OTHER_KEY: &str =
    "Use an API key that is allowed to make this call, and run the command again.";

const LATER: &str = "CertCentral could not process the request. Run the command again later.";

const SAME_RESPONSE: &str = "Run the command again. If the response is the same, check base_url, and whether a proxy \
    responds instead of CertCentral.";

/// The cause of an error if a time-out ended the exchange.
pub(super) const TIMED_OUT: &str = "timed out";
