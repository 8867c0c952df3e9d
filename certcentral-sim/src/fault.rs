//! Faults, which a test injects between a request and its response.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;

/// A fault of the requests that match it.
///
/// ```
/// use certcentral_sim::{Fault, FaultKind};
///
/// // The second POST /account is performed, but its response is lost.
/// let fault = Fault::new("POST", "/account", FaultKind::Reset).with_effect().after(1).times(1);
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Method to match. If omitted, every method matches.
    #[serde(default)]
    pub method: Option<String>,
    /// Path to match, without `/services/v2` and query. `*` matches any characters.
    pub path: String,
    /// Number of matching requests to let through first.
    #[serde(default)]
    pub after: usize,
    /// Number of requests to affect. If omitted, all until the faults are cleared.
    #[serde(default)]
    pub times: Option<usize>,
    /// The kind of fault.
    pub kind: FaultKind,
    /// Whether the request is performed anyway, before the fault. After a delay or hold without
    /// this, the request is performed if the caller is still connected.
    #[serde(default)]
    pub effect: bool,
}

/// The kind of a fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// An error status with a body in the API's format.
    Status {
        /// The status.
        status: u16,
        /// Code of the error. If omitted, the usual one of the status.
        #[serde(default)]
        code: Option<String>,
        /// A body that replaces the error in the API's format.
        #[serde(default)]
        body: Option<Value>,
        /// The header `Retry-After`.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The response is delayed.
    Delay(#[serde(deserialize_with = "crate::clock::duration")] Duration),
    /// The connection is reset without a response.
    Reset,
    /// The connection is closed without a response.
    Close,
    /// The connection is closed after this number of bytes of the body, with the `Content-Length` of
    /// the whole body. A response without a body is not sent.
    Truncated {
        /// Bytes that are sent.
        bytes: usize,
    },
    /// A response that is not from the API, such as the error page of a CDN or an empty 200.
    Body {
        /// The status.
        status: u16,
        /// The header `Content-Type`.
        content_type: String,
        /// The body.
        body: String,
    },
    /// Random requests are refused.
    Storm {
        /// Between 0 and 1.
        probability: f64,
        /// Seed of the random numbers.
        seed: u64,
        /// Statuses to choose from.
        statuses: Vec<u16>,
        /// The header `Retry-After`, on half of the refusals.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The request is performed on the object with this ID instead of the one in the path.
    OtherObject {
        /// The ID.
        id: u64,
    },
    /// The response is held until the faults are cleared.
    Hold,
    /// No response is sent, and the connection stays open.
    Hang,
}

impl Fault {
    /// A fault of every request with this method and path.
    pub fn new(method: &str, path: &str, kind: FaultKind) -> Self {
        let method = Some(method.to_owned());
        Self { method, path: path.to_owned(), after: 0, times: None, kind, effect: false }
    }

    /// A fault of every request with this path.
    pub fn any(path: &str, kind: FaultKind) -> Self {
        Self { method: None, ..Self::new("", path, kind) }
    }

    /// Lets this number of matching requests through first.
    #[must_use]
    pub fn after(self, after: usize) -> Self {
        Self { after, ..self }
    }

    /// Affects this number of requests only.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Performs the request anyway.
    #[must_use]
    pub fn with_effect(self) -> Self {
        Self { effect: true, ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(method))
            && glob(&self.path, path)
    }
}

impl FaultKind {
    /// An error status with its usual code and no `Retry-After`.
    pub fn status(status: u16) -> Self {
        Self::Status { status, code: None, body: None, retry_after: None }
    }

    /// The documented 429, with or without `Retry-After`.
    pub fn too_many_requests(retry_after: Option<&str>) -> Self {
        let retry_after = retry_after.map(str::to_owned);
        Self::Status { status: 429, code: None, body: None, retry_after }
    }
}

/// The faults of a simulator, with counters.
#[derive(Default)]
pub(crate) struct Faults(Vec<Armed>);

struct Armed {
    fault: Fault,
    met: usize,
    struck: usize,
    random: Random,
    /// Dropped when the faults are cleared, which releases the answers that are held.
    cleared: watch::Sender<()>,
}

/// The fault of one request. A storm has been resolved to a status.
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    pub(crate) effect: bool,
    cleared: watch::Receiver<()>,
}

impl Strike {
    /// Waits until the faults are cleared.
    pub(crate) async fn cleared(mut self) {
        // The sender sends nothing: an error is its end.
        while self.cleared.changed().await.is_ok() {}
    }
}

impl Faults {
    pub(crate) fn arm(&mut self, fault: Fault) {
        let seed = match fault.kind {
            FaultKind::Storm { seed, .. } => seed,
            _ => 0,
        };
        let (random, cleared) = (Random(seed), watch::Sender::new(()));
        self.0.push(Armed { fault, met: 0, struck: 0, random, cleared });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The first fault, in the order they were armed, that strikes this request. Each one that
    /// matches counts it, up to the one that strikes.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Strike> {
        self.0.iter_mut().filter(|it| it.fault.matches(method, path)).find_map(Armed::strike)
    }
}

impl Armed {
    fn strike(&mut self) -> Option<Strike> {
        self.met += 1;
        if self.met <= self.fault.after || self.fault.times.is_some_and(|it| self.struck >= it) {
            return None;
        }
        let kind = match &self.fault.kind {
            FaultKind::Storm { probability, statuses, retry_after, .. } => {
                self.random.storm(*probability, statuses, retry_after.as_deref())?
            }
            kind => kind.clone(),
        };
        self.struck += 1;
        Some(Strike { kind, effect: self.fault.effect, cleared: self.cleared.subscribe() })
    }
}

/// `SplitMix64`, so that a storm is the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, the latter excluded.
    fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }

    fn storm(
        &mut self,
        probability: f64,
        statuses: &[u16],
        retry_after: Option<&str>,
    ) -> Option<FaultKind> {
        if statuses.is_empty() || self.fraction() >= probability {
            return None;
        }
        let index = usize::try_from(self.next() >> 33).unwrap_or(0) % statuses.len();
        let retry_after = retry_after.filter(|_| self.next() & 1 == 0).map(str::to_owned);
        Some(FaultKind::Status { status: statuses[index], code: None, body: None, retry_after })
    }
}

/// Whether `text` matches `pattern`, in which `*` matches any characters.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices().any(|(at, _)| glob(rest, &text[at..])) || glob(rest, "")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_characters() {
        for (pattern, text, matches) in [
            ("/user", "/user", true),
            ("/user", "/user/1", false),
            ("/user*", "/user", true),
            ("/user/*", "/user/1/role", true),
            ("/user/*/role", "/user/1/role", true),
            ("/user/*/role", "/user/1", false),
            ("*", "", true),
            ("/a*b", "/ab/ab", true),
        ] {
            assert_eq!(glob(pattern, text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn after_and_times_bound_a_fault() {
        let mut faults = Faults::default();
        faults.arm(Fault::new("GET", "/user", FaultKind::Reset).after(1).times(2));
        let struck: Vec<bool> = (0..5).map(|_| faults.strike("GET", "/user").is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert!(faults.strike("PUT", "/user").is_none());
    }

    #[test]
    fn a_storm_is_the_same_on_every_run() {
        let run = || {
            let mut faults = Faults::default();
            let (probability, seed, statuses) = (0.5, 7, vec![429, 503]);
            let kind = FaultKind::Storm { probability, seed, statuses, retry_after: None };
            faults.arm(Fault::any("*", kind));
            (0..200).map(|_| faults.strike("GET", "/x").is_some()).collect::<Vec<bool>>()
        };
        assert_eq!(run(), run());
        let struck = run().into_iter().filter(|it| *it).count();
        assert!((60..140).contains(&struck), "{struck}");
    }
}
