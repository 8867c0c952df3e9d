//! The client's own rate limit, so that CertCentral does not reject requests with HTTP 429.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::parse::{InvalidSetting, duration};

/// A rate limit such as `100/5s`: the maximum number of requests in any period of that length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: usize,
    window: Duration,
}

impl RateLimit {
    /// The limits that DigiCert documents:
    /// <https://dev.digicert.com/en/certcentral-apis/services-api/rate-limits.html>.
    pub(super) fn documented() -> Vec<Self> {
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
        if !(1..=MAX_REQUESTS).contains(&requests) {
            return Err(InvalidSetting(format!("must allow from 1 to {MAX_REQUESTS} requests")));
        }
        let window = duration(window).map_err(|_| {
            InvalidSetting("must have a duration that is above zero and at most 24h".into())
        })?;
        Ok(Self { requests: requests as usize, window })
    }
}

/// The limiter stores the time of each request in a window, so the number is bounded.
const MAX_REQUESTS: u32 = 100_000;

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, humantime::format_duration(self.window))
    }
}

/// Delays requests so that every rolling window is within its limit. Retries count too.
pub(super) struct RateLimiter {
    limits: Vec<RateLimit>,
    /// When the latest requests were sent, oldest first, as many as the largest window allows.
    sent: Mutex<VecDeque<Instant>>,
}

impl RateLimiter {
    pub(super) fn new(limits: Vec<RateLimit>) -> Self {
        Self { limits, sent: Mutex::default() }
    }

    /// Waits until every window allows another request, and counts it.
    ///
    /// The lock is held while waiting, so callers are served in order of arrival. A cancelled caller does
    /// not count.
    pub(super) async fn acquire(&self) {
        let Some(max) = self.limits.iter().map(|limit| limit.requests).max() else { return };
        let mut sent = self.sent.lock().await;
        let wait = self.next_free(&sent).saturating_duration_since(Instant::now());
        if wait >= LOGGED_WAIT {
            log::info!("rate limit: waiting {:.1} s", wait.as_secs_f64());
        }
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        sent.push_back(Instant::now());
        if sent.len() > max {
            sent.pop_front();
        }
    }

    /// When every window allows another request.
    fn next_free(&self, sent: &VecDeque<Instant>) -> Instant {
        let free = self.limits.iter().filter_map(|limit| {
            let oldest = sent.get(sent.len().checked_sub(limit.requests)?)?;
            Some(*oldest + limit.window)
        });
        free.max().unwrap_or_else(Instant::now)
    }
}

/// Shorter waits are not logged. There are many of them once a window is full.
const LOGGED_WAIT: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    /// The milliseconds at which requests are sent if all of them are due at once.
    async fn departures(limits: &[&str], requests: usize) -> Vec<u128> {
        let limiter = RateLimiter::new(limits.iter().map(|limit| limit.parse().unwrap()).collect());
        let start = Instant::now();
        let mut left = Vec::new();
        for _ in 0..requests {
            limiter.acquire().await;
            left.push(start.elapsed().as_millis());
        }
        left
    }

    #[tokio::test(start_paused = true)]
    async fn every_window_is_kept() {
        assert_eq!(departures(&[], 5).await, [0; 5]);
        assert_eq!(departures(&["2/1s"], 5).await, [0, 0, 1000, 1000, 2000]);
        assert_eq!(departures(&["2/1s", "3/10s"], 5).await, [0, 0, 1000, 10_000, 10_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_rolls() {
        let limiter = RateLimiter::new(vec!["2/1s".parse().unwrap()]);
        let start = Instant::now();
        limiter.acquire().await;
        tokio::time::advance(Duration::from_millis(900)).await;
        limiter.acquire().await;
        limiter.acquire().await;
        assert_eq!(start.elapsed().as_millis(), 1000);
        limiter.acquire().await;
        assert_eq!(start.elapsed().as_millis(), 1900);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_caller_does_not_count() {
        let limiter = RateLimiter::new(vec!["1/10s".parse().unwrap()]);
        let start = Instant::now();
        limiter.acquire().await;
        let given_up = tokio::time::timeout(Duration::from_secs(1), limiter.acquire()).await;
        assert!(given_up.is_err());
        limiter.acquire().await;
        assert_eq!(start.elapsed().as_millis(), 10_000);
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
