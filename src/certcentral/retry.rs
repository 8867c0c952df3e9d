//! When a call is repeated, and after which pause.

use std::time::{Duration, SystemTime};

use super::error::Error;
use super::retries::Limit;

/// Whether another attempt may follow this outcome.
///
/// A POST has no second chance once a byte of it may have left, except that a request over the rate
/// limit was certainly refused.
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

/// What one call may still spend on repetitions.
pub(super) struct Budget {
    retries: u32,
    wait: Duration,
    /// What it began with.
    max_retries: u32,
    max_wait: Duration,
    /// Bound of the next pause; doubles each time.
    bound: Duration,
}

/// What comes after a failed attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// Another attempt after this pause.
    Retry(Duration),
    /// Nothing: this part of the budget is spent.
    GiveUp(Limit),
    /// Nothing: the server asks for a longer pause than is left of what there was.
    TooLong { asked: Duration, left: Duration, limit: Duration },
}

impl Budget {
    pub(super) fn new(retries: u32, wait: Duration, first_bound: Duration) -> Self {
        Self { retries, wait, max_retries: retries, max_wait: wait, bound: first_bound }
    }

    /// Takes one repetition and its pause out of the budget.
    ///
    /// The pause is drawn from zero to its bound (`chance` from 0 to 1: full jitter keeps several
    /// processes apart), and never shorter than the server asks for.
    pub(super) fn next(&mut self, retry_after: Option<Duration>, chance: f64) -> Next {
        if self.retries == 0 {
            return Next::GiveUp(Limit::Retries(self.max_retries));
        }
        let asked = retry_after.unwrap_or_default();
        if asked > self.wait {
            return Next::TooLong { asked, left: self.wait, limit: self.max_wait };
        }
        if self.wait.is_zero() {
            return Next::GiveUp(Limit::Wait(self.max_wait));
        }
        let pause = self.bound.mul_f64(chance.clamp(0.0, 1.0)).max(asked).min(self.wait);
        self.retries -= 1;
        self.wait -= pause;
        self.bound = (self.bound * 2).min(LONGEST_BOUND);
        Next::Retry(pause)
    }
}

/// Bound of the first pause.
pub(super) const FIRST_BOUND: Duration = Duration::from_secs(1);

/// No pause of our own choice is longer.
const LONGEST_BOUND: Duration = Duration::from_secs(60);

/// The pause a `Retry-After` asks for: seconds, or a date, which is compared with the `Date` of the
/// same answer where there is one, because clocks differ.
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
    // Whatever is longer is as good as for ever, and must not overflow a date.
    Some(pause.min(Duration::from_secs(365 * 24 * 60 * 60)))
}

#[cfg(test)]
mod tests {
    use super::super::error::Call;
    use super::super::problem::Problem;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn only_what_cannot_happen_twice_is_repeated() {
        let call = |method| Call { method, path: "account".into() };
        let api = |method, status, code: &str| Error::Api {
            status,
            problems: vec![Problem { code: code.into(), message: String::new() }],
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
        let mut budget = Budget::new(5, 10 * SECOND, SECOND);
        let pauses: Vec<_> = (0..6).map(|_| budget.next(None, 1.0)).collect();
        let retry = |seconds| Next::Retry(seconds * SECOND);
        let spent = || Next::GiveUp(Limit::Wait(10 * SECOND));
        let expected = [retry(1), retry(2), retry(4), retry(3), spent(), spent()];
        assert_eq!(pauses, expected);

        let mut budget = Budget::new(1, 10 * SECOND, SECOND);
        assert_eq!(budget.next(None, 0.5), Next::Retry(SECOND / 2));
        assert_eq!(budget.next(None, 0.5), Next::GiveUp(Limit::Retries(1)));
    }

    #[test]
    fn the_server_decides_how_long_as_far_as_the_budget_goes() {
        let mut budget = Budget::new(5, 10 * SECOND, SECOND);
        assert_eq!(budget.next(Some(7 * SECOND), 1.0), Next::Retry(7 * SECOND));
        let too_long = Next::TooLong { asked: 4 * SECOND, left: 3 * SECOND, limit: 10 * SECOND };
        assert_eq!(budget.next(Some(4 * SECOND), 1.0), too_long);
        assert_eq!(budget.next(Some(Duration::ZERO), 0.5), Next::Retry(SECOND));
        let spent = Budget::new(0, SECOND, SECOND).next(Some(SECOND), 1.0);
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
