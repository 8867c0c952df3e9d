//! The pauses between the attempts of one call.

use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use super::attempts::Attempts;
use super::error::Error;
use super::retry::{Next, RetryBudget};
use super::stop::Stop;

/// The pauses between the attempts of one call, which share a retry budget.
///
/// The methods of [`Session`](super::Session) retry by themselves. This type is for callers that repeat a
/// call because only they can decide when that is safe.
pub struct Retries {
    stop: Stop,
    budget: RetryBudget,
    attempts: Attempts,
    started: Instant,
}

impl Retries {
    pub(super) fn new(stop: Stop, budget: RetryBudget) -> Self {
        let attempts = Attempts { count: 0, over: Duration::ZERO };
        Self { stop, budget, attempts, started: Instant::now() }
    }

    /// Waits until the call may be attempted again after this error. Returns the error.
    ///
    /// # Errors
    ///
    /// If no other attempt may follow: the error with the reason, or [`Error::Stopped`].
    pub async fn pause(&mut self, error: Error) -> Result<Error, Error> {
        self.attempts.count += 1;
        self.attempts.over = self.started.elapsed();
        let attempts = self.attempts;
        match self.budget.next(error.retry_after(), fastrand::f64()) {
            Next::Retry(pause) => {
                log::info!("{error}; retrying in {:.1} s", pause.as_secs_f64());
                match self.stop.unless_stopped(sleep(pause)).await {
                    Ok(()) => Ok(error),
                    Err(stopped) => Err(stopped.after(Some(error))),
                }
            }
            Next::GiveUp(limit) => Err(Error::Exhausted { attempts, limit, last: Box::new(error) }),
            Next::ExceedsLimit { requested, left, limit } => {
                let until = SystemTime::now() + requested;
                let last = Box::new(error);
                Err(Error::RetryWait { after: requested, until, left, limit, attempts, last })
            }
        }
    }
}
