//! The attempts of one call, and what an error says of them.

use std::fmt;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::error::Error;
use super::retry::{Budget, Next};
use super::session::Session;

/// The pauses between the attempts of one call, which share a budget.
///
/// Verbs have their own. This is for work that repeats a call itself, because only it can tell when
/// that is safe.
pub struct Retries {
    session: Session,
    budget: Budget,
    attempts: Attempts,
    began: Instant,
}

/// Attempts that have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub count: u32,
    /// Over which time.
    pub over: Duration,
}

/// The setting that allows no other attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `max_retries`, of this number.
    Retries(u32),
    /// `max_retry_wait`, of this length.
    Wait(Duration),
}

impl Retries {
    pub(super) fn new(session: Session, budget: Budget) -> Self {
        let attempts = Attempts { count: 0, over: Duration::ZERO };
        Self { session, budget, attempts, began: Instant::now() }
    }

    /// Waits until another attempt may follow this error, and hands it back.
    ///
    /// # Errors
    ///
    /// Where no other attempt may follow: this error with the reason, or that the client was stopped.
    pub async fn pause(&mut self, error: Error) -> Result<Error, Error> {
        self.attempts.count += 1;
        self.attempts.over = self.began.elapsed();
        let attempts = self.attempts;
        match self.budget.next(error.retry_after(), fastrand::f64()) {
            Next::Retry(pause) => {
                tracing::info!("{error}; trying again in {:.1} s", pause.as_secs_f64());
                match self.session.unless_stopped(tokio::time::sleep(pause)).await {
                    Ok(()) => Ok(error),
                    Err(stopped) => Err(stopped.after(Some(error))),
                }
            }
            Next::GiveUp(limit) => Err(Error::Exhausted { attempts, limit, last: Box::new(error) }),
            Next::TooLong { asked, left, limit } => {
                let until = SystemTime::now() + asked;
                let left = allowed(left, limit, attempts).into();
                Err(Error::RetryWait { after: asked, until, left, last: Box::new(error) })
            }
        }
    }
}

/// What is left of `max_retry_wait`, and since when.
fn allowed(left: Duration, limit: Duration, attempts: Attempts) -> String {
    let whole = Limit::Wait(limit);
    match left == limit {
        true => format!("{whole} allows ({attempts})"),
        false => {
            let left = left.as_secs_f64();
            format!("the {left:.1} s that are left of {whole} ({attempts})")
        }
    }
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
