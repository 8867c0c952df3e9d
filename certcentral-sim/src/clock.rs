//! The clock of the simulator, and the notation of durations.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error};

/// The clock of the machine, or one that stands still, plus the time that tests have added.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    stopped: Option<Timestamp>,
    ahead: SignedDuration,
}

impl Clock {
    /// A clock that only tests move, so that every run has the same dates.
    pub(crate) fn stopped() -> Self {
        // 2026-01-02 03:04:05.
        Self { stopped: Timestamp::from_second(1_767_323_045).ok(), ahead: SignedDuration::ZERO }
    }

    /// Now, in UTC and whole seconds, which is the precision of dates in the API.
    pub(crate) fn now(self) -> DateTime {
        let now = self.stopped.unwrap_or_else(Timestamp::now);
        let moved = now.saturating_add(self.ahead);
        let moved = moved.unwrap_or(Timestamp::MAX);
        let now = TimeZone::UTC.to_datetime(moved);
        now.with().subsec_nanosecond(0).build().unwrap_or(now)
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.ahead = self.ahead.saturating_add(by);
    }
}

/// A date in the form of the API: `2024-01-02 03:04:05`.
pub(crate) fn stamp(date: DateTime) -> String {
    date.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A date in the other form of the API: `2024-01-02T03:04:05+00:00`.
pub(crate) fn iso_stamp(date: DateTime) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Parses `31d`, `90s`, `1h 30m`; a day has 24 hours.
pub(crate) fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    let span: Span = text.parse().map_err(D::Error::custom)?;
    let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(D::Error::custom)?;
    Duration::try_from(exact).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_moves_the_date() {
        let mut clock = Clock::default();
        let before = clock.now();
        clock.advance(Duration::from_secs(31 * 86_400));
        assert!(clock.now() >= before.checked_add(Span::new().days(31)).unwrap());
    }

    #[test]
    fn a_stopped_clock_is_moved_by_tests_alone() {
        let mut clock = Clock::stopped();
        assert_eq!(stamp(clock.now()), "2026-01-02 03:04:05");
        clock.advance(Duration::from_secs(86_400));
        assert_eq!(stamp(clock.now()), "2026-01-03 03:04:05");
    }

    #[test]
    fn durations_have_units() {
        let read = |text: &str| duration(serde_json::Value::from(text));
        assert_eq!(read("31d").unwrap(), Duration::from_secs(31 * 86_400));
        assert_eq!(read("250ms").unwrap(), Duration::from_millis(250));
        assert!(read("soon").is_err());
        assert!(read("-1s").is_err());
    }
}
