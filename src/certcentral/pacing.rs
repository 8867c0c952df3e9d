//! The rate limit of a key, kept by waiting instead of by being refused.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::settings::RateLimit;

/// Rolling windows that every request of the process counts in, repeated ones too.
pub(super) struct Pacing {
    limits: Vec<RateLimit>,
    /// When the latest requests left, as many as the largest window holds, oldest first.
    sent: Mutex<VecDeque<Instant>>,
}

impl Pacing {
    pub(super) fn new(limits: Vec<RateLimit>) -> Self {
        Self { limits, sent: Mutex::default() }
    }

    /// Waits until one more request fits into every window, and counts it.
    ///
    /// Whoever waits holds the queue, so that the order of arrival is kept, and a caller that gives
    /// up has counted nothing.
    pub(super) async fn turn(&self) {
        let Some(most) = self.limits.iter().map(|limit| limit.requests).max() else { return };
        let mut sent = self.sent.lock().await;
        let wait = self.room(&sent).saturating_duration_since(Instant::now());
        if wait >= WORTH_TELLING {
            tracing::info!("waiting {:.1} s to keep the rate limit", wait.as_secs_f64());
        }
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        sent.push_back(Instant::now());
        if sent.len() > most {
            sent.pop_front();
        }
    }

    /// When the next request fits.
    fn room(&self, sent: &VecDeque<Instant>) -> Instant {
        let free = self.limits.iter().filter_map(|limit| {
            let oldest = sent.get(sent.len().checked_sub(limit.requests)?)?;
            Some(*oldest + limit.window)
        });
        free.max().unwrap_or_else(Instant::now)
    }
}

/// Shorter waits come one after the other once a window is full, and say nothing.
const WORTH_TELLING: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds at which so many requests leave, all asked for at once.
    async fn departures(limits: &[&str], requests: usize) -> Vec<u128> {
        let pacing = Pacing::new(limits.iter().map(|limit| limit.parse().unwrap()).collect());
        let start = Instant::now();
        let mut left = Vec::new();
        for _ in 0..requests {
            pacing.turn().await;
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
        let pacing = Pacing::new(vec!["2/1s".parse().unwrap()]);
        let start = Instant::now();
        pacing.turn().await;
        tokio::time::advance(Duration::from_millis(900)).await;
        pacing.turn().await;
        pacing.turn().await;
        assert_eq!(start.elapsed().as_millis(), 1000);
        pacing.turn().await;
        assert_eq!(start.elapsed().as_millis(), 1900);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_counts_for_nothing() {
        let pacing = Pacing::new(vec!["1/10s".parse().unwrap()]);
        let start = Instant::now();
        pacing.turn().await;
        let given_up = tokio::time::timeout(Duration::from_secs(1), pacing.turn()).await;
        assert!(given_up.is_err());
        pacing.turn().await;
        assert_eq!(start.elapsed().as_millis(), 10_000);
    }
}
