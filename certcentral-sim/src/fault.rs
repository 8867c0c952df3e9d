//! Faults: what goes wrong on demand between a request and its answer.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;

/// Something that goes wrong with the requests it matches.
///
/// ```
/// use certcentral_sim::{Fault, FaultKind};
///
/// // The second POST /account takes effect, but its answer never comes.
/// let fault = Fault::new("POST", "/account", FaultKind::Reset).with_effect().after(1).times(1);
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Method it matches; left out, every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Path it matches, without `/services/v2` and query; `*` stands for any run of characters.
    pub path: String,
    /// Matching requests that pass before it starts.
    #[serde(default)]
    pub after: usize,
    /// Times it strikes; left out, until it is cleared.
    #[serde(default)]
    pub times: Option<usize>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Whether the request takes effect all the same, before the fault shows. A delay or hold
    /// without it lets the request take effect afterwards, if the caller is still there.
    #[serde(default)]
    pub effect: bool,
}

/// What goes wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// An error status in the API's own shape.
    Status {
        /// The status.
        status: u16,
        /// Code of the error; left out, the usual one of the status.
        #[serde(default)]
        code: Option<String>,
        /// The whole body instead.
        #[serde(default)]
        body: Option<Value>,
        /// The header `Retry-After`.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The answer waits.
    Delay(#[serde(deserialize_with = "crate::clock::duration")] Duration),
    /// The connection is reset without an answer.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// The connection ends after so many bytes of the answer's body, whose whole length was
    /// promised. An answer without a body does not come at all.
    Truncated {
        /// Bytes that are sent.
        bytes: usize,
    },
    /// A body from somewhere else, such as a CDN's page, or an empty 200.
    Body {
        /// The status.
        status: u16,
        /// The header `Content-Type`.
        content_type: String,
        /// The body.
        body: String,
    },
    /// Requests are refused at random.
    Storm {
        /// Between 0 and 1.
        probability: f64,
        /// Start of the random numbers.
        seed: u64,
        /// Statuses to choose from.
        statuses: Vec<u16>,
        /// The header `Retry-After`, on half of the refusals.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The answer is about the object with this ID, whatever the path says; it is carried out there.
    OtherObject {
        /// The ID.
        id: u64,
    },
    /// The answer waits until the faults are cleared.
    Hold,
    /// The answer never comes.
    Hang,
}

impl Fault {
    /// A fault that strikes every request of this method and path.
    pub fn new(method: &str, path: &str, kind: FaultKind) -> Self {
        let method = Some(method.to_owned());
        Self { method, path: path.to_owned(), after: 0, times: None, kind, effect: false }
    }

    /// A fault that strikes every method.
    pub fn any(path: &str, kind: FaultKind) -> Self {
        Self { method: None, ..Self::new("", path, kind) }
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn after(self, after: usize) -> Self {
        Self { after, ..self }
    }

    /// Strikes so many times only.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Lets the request take effect all the same.
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

/// The faults of a simulator and how often each was met.
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

/// A fault that strikes one request; a storm has become a status by now.
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

/// `SplitMix64`: a storm must be the same on every run.
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

/// Whether `text` has the form of `pattern`, where `*` stands for any run of characters.
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
    fn a_star_stands_for_any_run() {
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
