//! What can go wrong with a call, sorted by what it means for the caller.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::Id;
use super::problem::{Problem, describe, hint, words};
use super::retries::{Attempts, Limit};

/// A call that brought no answer to work with.
///
/// The text is a fragment that fits behind "failed to …: " and has the cause in it; there is no
/// `source()`.
#[derive(Clone, Debug, thiserror::Error)]
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
    #[error("{call}: no connection to {host}{}: {cause}; {}", through(proxy), network(proxy))]
    NotReached {
        /// What was called.
        call: Call,
        /// Host of the base URL.
        host: String,
        /// Address of the proxy on the way to it, if there is one.
        proxy: Option<Box<str>>,
        /// Why, in the words of the operating system or of TLS.
        cause: Box<str>,
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
    #[error("{call}: no answer: {cause}{}", unanswered(call, cause))]
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
    /// The call succeeded by its status, and its body is an error.
    #[error(
        "{call} was answered with {status}, but the body is an error: {}{}",
        words(problems),
        maybe_done(call)
    )]
    Reported {
        /// What was called.
        call: Call,
        /// Status of the answer.
        status: u16,
        /// What the body says.
        problems: Vec<Problem>,
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
    /// The API asks for a longer pause than is left of `max_retry_wait`.
    #[error(
        "the API asks to try again in {} (at {}), which is longer than {}; {last}",
        humantime::format_duration(Duration::from_secs(after.as_secs())),
        humantime::format_rfc3339_seconds(*until),
        left
    )]
    RetryWait {
        /// How long to wait, counted from the answer.
        after: Duration,
        /// When that is over.
        until: SystemTime,
        /// What is left of `max_retry_wait`, in words.
        left: Box<str>,
        /// The answer that says so.
        last: Box<Self>,
    },
    /// The call failed and may be repeated, but not any more.
    #[error("{last}; {attempts}, and {limit} allows no more")]
    Exhausted {
        /// The attempts that were made.
        attempts: Attempts,
        /// What allows no other one.
        limit: Limit,
        /// How the last one ended.
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
    #[error(
        "interrupted before it was done{}; run the command again to complete it",
        earlier(last.as_deref())
    )]
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
    /// How the last attempt ended: this error, or the one inside it.
    pub fn last(&self) -> &Self {
        match self {
            Self::RetryWait { last, .. } | Self::Exhausted { last, .. } => last.last(),
            error => error,
        }
    }

    /// Status of the answer, where one came that was not a success.
    pub fn status(&self) -> Option<u16> {
        match self.last() {
            Self::Api { status, .. } | Self::Redirected { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether a code of the answer begins with this text.
    pub fn has_code(&self, prefix: &str) -> bool {
        match self.last() {
            Self::Api { problems, .. } | Self::Reported { problems, .. } => {
                problems.iter().any(|it| it.code.starts_with(prefix))
            }
            _ => false,
        }
    }

    /// Whether the answer has this word in a code or a message, in whatever case.
    pub fn mentions(&self, word: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(word);
        match self.last() {
            Self::Api { problems, .. } | Self::Reported { problems, .. } => {
                problems.iter().any(|it| has(&it.code) || has(&it.message))
            }
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
        match self.last() {
            // 408 comes from whatever waited in vain, which need not be the API.
            Self::Api { status, .. } => (400..500).contains(status) && *status != 408,
            _ => false,
        }
    }

    /// Whether the write may have had its effect all the same. Never so for a read.
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

fn through(proxy: &Option<Box<str>>) -> String {
    proxy.as_ref().map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default()
}

fn network(proxy: &Option<Box<str>>) -> &'static str {
    match proxy {
        Some(_) => "check the proxy, and whether NO_PROXY should name the host",
        None => "check base_url and the network; a proxy is set in HTTPS_PROXY",
    }
}

/// What to do where no answer came. After a POST, only the caller knows.
fn unanswered(call: &Call, cause: &str) -> String {
    let mut text = match call.method {
        "POST" => String::new(),
        "GET" => "; check the network and run the command again".to_owned(),
        _ => maybe_done(call).to_owned(),
    };
    if cause == TIMED_OUT {
        text += "; raise request_timeout if CertCentral needs longer";
    }
    text
}

fn maybe_done(call: &Call) -> &'static str {
    match call.method {
        "PUT" | "DELETE" => {
            "; it may have taken effect all the same: run the plan again to see what is left to do"
        }
        _ => "",
    }
}

/// Why an exchange without an answer ended, where nothing broke.
pub(super) const TIMED_OUT: &str = "timed out";
