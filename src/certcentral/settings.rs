//! What a client is made from: checked values and their defaults.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{BaseUrl, CaCertificate, Id};
use crate::secret::Secret;

/// Everything a [`Client`](super::Client) needs to know.
///
/// [`Settings::new`] fills in the defaults; whoever wants something else overwrites a field.
#[derive(Clone)]
pub struct Settings {
    /// Key that is sent as `X-DC-DEVKEY`.
    pub api_key: Secret,
    /// Instance of CertCentral; a key works at one only.
    pub base_url: BaseUrl,
    /// Account the key must belong to. Compared once, before the first call that is not `GET /account`.
    pub account_id: Option<Id>,
    /// Time for one HTTP exchange, from the connection to the last byte of the answer.
    pub request_timeout: Duration,
    /// How often one call is repeated at most.
    pub max_retries: u32,
    /// How long all waits between the repetitions of one call may take together.
    pub max_retry_wait: Duration,
    /// Rolling windows that every request of this process counts in; none: no pacing.
    pub rate_limits: Vec<RateLimit>,
    /// How many reads may be under way at once. Writes always go one at a time.
    pub max_concurrent_requests: usize,
    /// What the row of a list does not carry is taken as unchanged.
    pub refresh_from_lists: bool,
    /// Certificates trusted beside the system's.
    pub ca_certificate: Option<CaCertificate>,
    /// `User-Agent` of every request.
    pub user_agent: String,
}

impl Settings {
    /// The defaults, for this key.
    pub fn new(api_key: Secret) -> Self {
        Self {
            api_key,
            base_url: BaseUrl::default(),
            account_id: None,
            request_timeout: Duration::from_secs(60),
            max_retries: 5,
            max_retry_wait: Duration::from_secs(240),
            rate_limits: RateLimit::documented(),
            max_concurrent_requests: 4,
            refresh_from_lists: false,
            ca_certificate: None,
            user_agent: concat!("terraform-provider-digicert/", env!("CARGO_PKG_VERSION")).into(),
        }
    }
}

/// A value that breaks a rule; the text is the rule and fits behind the setting's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSetting(pub(super) String);

/// An API key as people hand it over: white space at its ends, such as the line break at the end of a
/// file, is not part of it.
///
/// # Errors
///
/// When what is left is empty, or cannot be a key.
pub fn api_key(text: &str) -> Result<Secret, InvalidSetting> {
    let rule = |text: &str| Err(InvalidSetting(text.into()));
    let key = text.trim();
    if key.is_empty() {
        return rule("must not be empty");
    }
    if key.contains(['\r', '\n']) {
        return rule("must not contain a line break");
    }
    if !key.chars().all(|c| c.is_ascii_graphic()) {
        return rule("must contain only ASCII letters, digits and punctuation");
    }
    Ok(Secret::new(key))
}

/// A length of time as people write it: `500ms`, `30s`, `4m`, `1m 30s`; above zero, at most a day.
pub fn duration(text: &str) -> Result<Duration, InvalidSetting> {
    let duration = humantime::parse_duration(text)
        .map_err(|_| InvalidSetting("must be a duration such as 500ms, 30s or 4m".into()))?;
    if duration.is_zero() {
        return Err(InvalidSetting("must be a duration above zero".into()));
    }
    // Far beyond every use, and small enough that no sum of it with a clock can overflow.
    if duration > LONGEST {
        return Err(InvalidSetting("must be a duration of at most 24h".into()));
    }
    Ok(duration)
}

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A window of the rate limit, written `100/5s`: so many requests in any span of that length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    pub(super) requests: usize,
    pub(super) window: Duration,
}

impl RateLimit {
    /// The windows DigiCert documents:
    /// <https://dev.digicert.com/en/certcentral-apis/services-api/rate-limits.html>.
    fn documented() -> Vec<Self> {
        vec![
            Self { requests: 100, window: Duration::from_secs(5) },
            Self { requests: 1000, window: Duration::from_secs(180) },
        ]
    }
}

impl FromStr for RateLimit {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let rule = || InvalidSetting("must be `<requests>/<duration>`, such as `100/5s`".into());
        let (requests, window) = text.split_once('/').ok_or_else(rule)?;
        let requests: u32 = requests.trim().parse().map_err(|_| rule())?;
        let window = window.trim();
        humantime::parse_duration(window).map_err(|_| rule())?;
        if !(1..=MOST_REQUESTS).contains(&requests) {
            return Err(InvalidSetting(format!("must allow from 1 to {MOST_REQUESTS} requests")));
        }
        let window = duration(window).map_err(|_| {
            InvalidSetting("must have a duration that is above zero and at most 24h".into())
        })?;
        Ok(Self { requests: requests as usize, window })
    }
}

/// The time of each request in a window is remembered, so their number has a bound.
const MOST_REQUESTS: u32 = 100_000;

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, humantime::format_duration(self.window))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_by_people() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        for (text, rule) in [
            ("30", "such as 500ms"),
            ("", "such as 500ms"),
            ("-4m", "such as 500ms"),
            ("0s", "above zero"),
            ("25h", "at most 24h"),
            ("1000000000years", "24h"),
        ] {
            let error = duration(text).expect_err(text).to_string();
            assert!(error.contains(rule), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_key_is_one_line_and_may_have_white_space_around_it() {
        for text in ["A-KEY_1", " A-KEY_1", "A-KEY_1\r\n", "\n\tA-KEY_1 \u{a0}"] {
            let key = api_key(text).map(|key| key.expose().to_owned());
            assert_eq!(key.as_deref(), Ok("A-KEY_1"), "{text:?}");
        }
        for (text, rule) in [
            ("", "must not be empty"),
            (" \r\n", "must not be empty"),
            ("A-KEY_1\nANOTHER", "must not contain a line break"),
            ("A-KEY_1\rANOTHER", "must not contain a line break"),
            ("A KEY", "only ASCII letters"),
            ("\u{feff}A-KEY_1", "only ASCII letters"),
            ("A-K\u{c9}Y_1", "only ASCII letters"),
            ("A-KEY_1\0", "only ASCII letters"),
        ] {
            let error = api_key(text).map(drop).expect_err(text).to_string();
            assert!(error.contains(rule) && !error.contains("KEY"), "{text:?}: {error}");
        }
    }

    #[test]
    fn rate_limits_are_requests_per_window() {
        let written = RateLimit::documented().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(written, ["100/5s", "1000/3m"]);
        for limit in RateLimit::documented() {
            assert_eq!(limit.to_string().parse(), Ok(limit));
        }
        for (text, rule) in [
            ("100", "be `<requests>/<duration>`, such as `100/5s`"),
            ("a/5s", "such as `100/5s`"),
            ("-1/5s", "such as `100/5s`"),
            ("100/5", "be `<requests>/<duration>`, such as `100/5s`"),
            ("100/", "be `<requests>/<duration>`, such as `100/5s`"),
            ("0/5s", "from 1 to"),
            ("100001/5s", "from 1 to"),
            ("100/0s", "above zero"),
            ("100/25h", "at most 24h"),
        ] {
            let error = text.parse::<RateLimit>().expect_err(text).to_string();
            assert!(error.contains(rule), "{text:?}: {error}");
        }
    }
}
