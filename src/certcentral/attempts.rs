//! How often a call was attempted, as errors report it.

use std::fmt;
use std::time::Duration;

/// The failed attempts of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// The number of attempts.
    pub count: u32,
    /// The time from the beginning of the first attempt to the end of the last one.
    pub over: Duration,
}

/// The setting that does not allow another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `max_retries`, with its value.
    Retries(u32),
    /// `max_retry_wait`, with its value.
    Wait(Duration),
}

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.over.as_secs_f64();
        match self.count {
            1 => write!(f, "1 attempt was made in {seconds:.1} s"),
            count => write!(f, "{count} attempts were made in {seconds:.1} s"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retries(count) => write!(f, "max_retries = {count}"),
            Self::Wait(length) => {
                write!(f, "max_retry_wait = \"{}\"", humantime::format_duration(*length))
            }
        }
    }
}
