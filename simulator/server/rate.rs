//! The documented rate limit, on the world's clock.

use std::time::Duration;

use crate::vendors::profile::RateLimit;
use crate::vendors::vocabulary::Instant;

/// A bucket that holds one period's calls and fills evenly.
#[derive(Clone, Debug)]
pub struct RateGate {
    limit: RateLimit,
    left: f64,
    filled: Instant,
}

impl RateGate {
    /// A full bucket.
    pub fn new(limit: RateLimit, now: Instant) -> Self {
        Self { limit, left: f64::from(limit.calls), filled: now }
    }

    /// Takes one call, or tells after which time there is room for it.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let per_second = f64::from(self.limit.calls) / self.limit.per.as_secs_f64().max(f64::MIN_POSITIVE);
        let most = f64::from(self.limit.calls);
        self.left = (self.left + now.since(self.filled).as_secs_f64() * per_second).min(most);
        self.filled = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        let wait = Duration::try_from_secs_f64((1.0 - self.left) / per_second).unwrap_or(self.limit.per);
        Err(Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let start = Instant::from_epoch_ms(0);
        let mut gate = RateGate::new(RateLimit { calls: 2, per: Duration::from_secs(60) }, start);
        assert_eq!((gate.take(start), gate.take(start)), (Ok(()), Ok(())));
        assert_eq!(gate.take(start), Err(Duration::from_secs(30)));
        assert_eq!(gate.take(start + Duration::from_secs(30)), Ok(()));
        assert!(gate.take(start + Duration::from_secs(30)).is_err());
    }
}
