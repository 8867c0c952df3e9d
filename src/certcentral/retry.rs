//! Whether a call is retried, and after which pause.

use std::time::{Duration, SystemTime};

use super::attempts::Limit;
use super::error::Error;

/// Whether the call may be attempted again after this error.
///
/// A POST is not retried once a byte of it may have been sent, unless it was rejected by the rate limit.
pub(super) fn may_repeat(method: &str, error: &Error) -> bool {
    match error {
        Error::NotReached { .. } => true,
        Error::Api { status: 429, .. } if method == "POST" => {
            error.has_code("request_limit_exceeded")
        }
        Error::NoAnswer { .. } => method != "POST",
        Error::Api { status, .. } => {
            method != "POST" && matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
        }
        _ => false,
    }
}

/// The retries and the waiting time that one call has left.
pub(super) struct RetryBudget {
    retries: u32,
    wait: Duration,
    /// The budget at the beginning.
    max_retries: u32,
    max_wait: Duration,
    /// Upper bound of the next pause. Doubles with each retry.
    bound: Duration,
}

/// What follows a failed attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Another attempt, after this pause.
    Retry(Duration),
    /// No other attempt: this limit is reached.
    GiveUp(Limit),
    /// No other attempt: the server requests a longer pause than is left of the limit.
    ExceedsLimit { requested: Duration, left: Duration, limit: Duration },
}

impl RetryBudget {
    pub(super) fn new(retries: u32, wait: Duration, first_bound: Duration) -> Self {
        Self { retries, wait, max_retries: retries, max_wait: wait, bound: first_bound }
    }

    /// Takes one retry and its pause from the budget.
    ///
    /// The pause is random, from zero to its bound (`chance` is from 0 to 1), so that several processes do
    /// not retry at the same time. It is never shorter than the server requests.
    pub(super) fn next(&mut self, retry_after: Option<Duration>, chance: f64) -> Next {
        if self.retries == 0 {
            return Next::GiveUp(Limit::Retries(self.max_retries));
        }
        let requested = retry_after.unwrap_or_default();
        if requested > self.wait {
            return Next::ExceedsLimit { requested, left: self.wait, limit: self.max_wait };
        }
        if self.wait.is_zero() {
            return Next::GiveUp(Limit::Wait(self.max_wait));
        }
        let pause = self.bound.mul_f64(chance.clamp(0.0, 1.0)).max(requested).min(self.wait);
        self.retries -= 1;
        self.wait -= pause;
        self.bound = (self.bound * 2).min(MAX_BOUND);
        Next::Retry(pause)
    }
}

/// Upper bound of the first pause.
pub(super) const FIRST_BOUND: Duration = Duration::from_secs(1);

/// Upper bound of all pauses that the server does not request.
const MAX_BOUND: Duration = Duration::from_secs(60);

/// The pause that a `Retry-After` header requests: seconds, or a date. A date is compared with the `Date`
/// header of the same response if it has one, because the clocks of client and server differ.
pub(super) fn retry_after(
    retry_after: Option<&str>,
    date: Option<&str>,
    now: SystemTime,
) -> Option<Duration> {
    let text = retry_after?.trim();
    let pause = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let then = httpdate::parse_http_date(text).ok()?;
            let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
            then.duration_since(now).unwrap_or_default()
        }
    };
    // Capped at a year, so that adding it to a date cannot overflow.
    Some(pause.min(Duration::from_secs(365 * 24 * 60 * 60)))
}

#[cfg(test)]
mod tests {
    use super::super::api_error::ApiError;
    use super::super::error::Call;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn only_calls_that_cannot_take_effect_twice_are_retried() {
        let call = |method| Call { method, path: "account".into() };
        let api = |method, status, code: &str| Error::Api {
            status,
            errors: vec![ApiError { code: code.into(), message: String::new() }],
            retry_after: None,
            call: call(method),
        };
        for status in [408, 429, 500, 502, 503, 504] {
            for method in ["GET", "PUT", "DELETE"] {
                assert!(may_repeat(method, &api(method, status, "")), "{method} {status}");
            }
            assert!(!may_repeat("POST", &api("POST", status, "")), "POST {status}");
        }
        assert!(may_repeat("POST", &api("POST", 429, "request_limit_exceeded")));
        for status in [400, 401, 403, 404, 409, 501] {
            assert!(!may_repeat("GET", &api("GET", status, "")), "GET {status}");
        }
        let unreached = Error::NotReached {
            call: call("POST"),
            host: "h".into(),
            proxy: None,
            cause: "refused".into(),
        };
        assert!(may_repeat("POST", &unreached) && may_repeat("GET", &unreached));
        let unanswered = Error::NoAnswer { call: call("POST"), cause: "reset".into() };
        assert!(!may_repeat("POST", &unanswered) && may_repeat("PUT", &unanswered));
        assert!(!may_repeat("GET", &Error::Stopped { last: None }));
    }

    #[test]
    fn pauses_grow_and_are_capped_together() {
        let mut budget = RetryBudget::new(5, 10 * SECOND, SECOND);
        let pauses: Vec<_> = (0..6).map(|_| budget.next(None, 1.0)).collect();
        let retry = |seconds| Next::Retry(seconds * SECOND);
        let spent = || Next::GiveUp(Limit::Wait(10 * SECOND));
        let expected = [retry(1), retry(2), retry(4), retry(3), spent(), spent()];
        assert_eq!(pauses, expected);

        let mut budget = RetryBudget::new(1, 10 * SECOND, SECOND);
        assert_eq!(budget.next(None, 0.5), Next::Retry(SECOND / 2));
        assert_eq!(budget.next(None, 0.5), Next::GiveUp(Limit::Retries(1)));
    }

    #[test]
    fn a_requested_pause_is_kept_within_the_budget() {
        let mut budget = RetryBudget::new(5, 10 * SECOND, SECOND);
        assert_eq!(budget.next(Some(7 * SECOND), 1.0), Next::Retry(7 * SECOND));
        let too_long =
            Next::ExceedsLimit { requested: 4 * SECOND, left: 3 * SECOND, limit: 10 * SECOND };
        assert_eq!(budget.next(Some(4 * SECOND), 1.0), too_long);
        assert_eq!(budget.next(Some(Duration::ZERO), 0.5), Next::Retry(SECOND));
        let spent = RetryBudget::new(0, SECOND, SECOND).next(Some(SECOND), 1.0);
        assert_eq!(spent, Next::GiveUp(Limit::Retries(0)));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:07 GMT").unwrap();
        let early = Some("Sun, 06 Nov 1994 08:48:37 GMT");
        for (header, server, expected) in [
            (None, None, None),
            (Some("0"), None, Some(0)),
            (Some(" 120 "), None, Some(120)),
            (Some(date), None, Some(30)),
            (Some(date), early, Some(60)),
            (Some(date), Some("yesterday"), Some(30)),
            (Some("Sun, 06 Nov 1994 08:00:00 GMT"), None, Some(0)),
            (Some("18446744073709551615"), None, Some(31_536_000)),
            (Some("-1"), None, None),
            (Some("1.5"), None, None),
            (Some("soon"), None, None),
        ] {
            let pause = retry_after(header, server, now);
            assert_eq!(pause, expected.map(Duration::from_secs), "{header:?}");
        }
    }
}
