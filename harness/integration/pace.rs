//! The documented rate limit, kept beforehand: a bucket of tokens on the
//! subject's clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Integration;
use super::failure::Failed;
use super::trace::Trace;
use crate::vendors::dialect::Operation;
use crate::vendors::profile::{RateLimit, RateScope, ScopedRate};
use crate::vendors::vocabulary::{Datum, Facts, Field, Instant, Meaning};

/// Calls that may still be made. Half of the documented number at once and the
/// other half over the span, so that no span of that length, wherever it
/// begins, sees more than the number.
pub(super) struct Bucket {
    limit: RateLimit,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
struct State {
    left: f64,
    at: Instant,
}

impl Bucket {
    pub fn new(limit: RateLimit, now: Instant) -> Self {
        Self { limit, state: Mutex::new(State { left: burst(limit), at: now }) }
    }

    /// Takes one call that is made whatever the limit says, so that the calls
    /// after it know of it. Such calls never owe more than one span: after that
    /// the vendor has forgotten them.
    fn overdraw(&self, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let per_second = refill(self.limit);
        let left = (state.left + now.since(state.at).as_secs_f64() * per_second).min(burst(self.limit));
        let deepest = left.min(-per_second * self.limit.per.as_secs_f64());
        *state = State { left: (left - 1.0).max(deepest), at: now.max(state.at) };
    }

    /// Takes one call; how long to wait before it may be made.
    fn take(&self, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let per_second = refill(self.limit);
        let refilled = state.left + now.since(state.at).as_secs_f64() * per_second;
        *state = State { left: refilled.min(burst(self.limit)) - 1.0, at: now.max(state.at) };
        let missing = (-state.left).max(0.0);
        Duration::try_from_secs_f64(missing / per_second).unwrap_or(self.limit.per)
    }
}

/// A documented limit of some calls, with a bucket for each thing that it is
/// counted for.
pub(super) struct Buckets {
    rate: ScopedRate,
    of: Mutex<HashMap<String, Bucket>>,
}

impl Buckets {
    pub fn new(rate: ScopedRate) -> Self {
        Self { rate, of: Mutex::default() }
    }

    /// Counts a call where the limit counts it; how long to wait before it, and
    /// nothing for who disregards the rate.
    fn count(&self, operation: &str, facts: &Facts, now: Instant, paced: bool) -> Duration {
        let key = match self.rate.of {
            RateScope::Account => Some(""),
            RateScope::Lock => facts.text(&Field::LockId),
            RateScope::Bridge => facts.text(&Field::BridgeId),
        };
        let Some(key) = key.filter(|_| self.rate.counts(operation)) else { return Duration::ZERO };
        let mut buckets = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key.to_owned()).or_insert_with(|| Bucket::new(self.rate.limit, now));
        if paced {
            return bucket.take(now);
        }
        bucket.overdraw(now);
        Duration::ZERO
    }
}

fn burst(limit: RateLimit) -> f64 {
    (f64::from(limit.calls) / 2.0).floor().max(1.0)
}

fn refill(limit: RateLimit) -> f64 {
    let rest = (f64::from(limit.calls) - burst(limit)).max(1.0);
    rest / limit.per.as_secs_f64().max(0.001)
}

impl Integration {
    /// One exchange, as soon as the documented rate allows it.
    pub(super) async fn paced_exchange(
        &self,
        operation: &Operation,
        facts: &Facts,
        trace: &Trace,
    ) -> Result<Facts, Failed> {
        let clock = &self.shared.clocks.subject;
        match self.shared.bucket.as_ref().filter(|_| !self.unlimited) {
            Some(bucket) if self.paced => {
                let wait = bucket.take(clock.now());
                if !wait.is_zero() {
                    clock.sleep(wait).await;
                }
            }
            Some(bucket) => bucket.overdraw(clock.now()),
            None => {}
        }
        let now = clock.now();
        let counted = |buckets: &Buckets| buckets.count(operation.name(), facts, now, self.paced);
        let wait = self.shared.scoped.iter().map(counted).max().unwrap_or_default();
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
        let mut facts = facts.clone().with(Field::Now, Datum::Instant(clock.now()));
        if operation.asks_with(&Field::Nonce) {
            facts.set(Field::Nonce, Datum::text(self.shared.next_nonce()));
        }
        if operation.asks_with(&Field::Random) {
            facts.set(Field::Random, Datum::Int(i64::from(self.shared.next_random())));
        }
        if operation.meaning() == Meaning::CreateGroup
            && let Some(lock) = facts.text(&Field::LockId)
        {
            let name = format!("inlet {lock}");
            facts.set(Field::GroupName, Datum::text(name));
        }
        self.exchange(operation, &facts, trace).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::Beyond;
    use proptest::prelude::*;

    #[test]
    fn calls_without_regard_to_the_limit_are_counted_and_forgotten_after_a_span() {
        let limit = RateLimit { calls: 10, per: Duration::from_secs(10) };
        let now = Instant::from_epoch_ms(0);
        let bucket = Bucket::new(limit, now);
        (0..30).for_each(|_| bucket.overdraw(now));
        let wait = bucket.take(now);
        assert!(wait >= limit.per && wait <= limit.per * 2, "{wait:?}");
        let later = now + limit.per * 3;
        assert_eq!(bucket.take(later), Duration::ZERO);
    }

    #[test]
    fn a_limit_of_each_lock_counts_its_own_calls() {
        let limit = RateLimit { calls: 2, per: Duration::from_secs(60) };
        let operations = vec!["create_pin".to_owned()];
        let buckets =
            Buckets::new(ScopedRate { limit, of: RateScope::Lock, operations, beyond: Beyond::Refuse });
        let now = Instant::from_epoch_ms(0);
        let at = |lock: &str| Facts::new().with_text(Field::LockId, lock);
        let wait = |operation, facts: &Facts| buckets.count(operation, facts, now, true);
        assert!(wait("create_pin", &at("a")).is_zero());
        assert!(!wait("create_pin", &at("a")).is_zero());
        assert!(wait("create_pin", &at("b")).is_zero());
        assert!(wait("get_lock", &at("a")).is_zero() && wait("create_pin", &Facts::new()).is_zero());
    }

    #[test]
    fn a_limit_of_each_bridge_counts_the_locks_behind_it_together() {
        let limit = RateLimit { calls: 2, per: Duration::from_secs(60) };
        let buckets = Buckets::new(ScopedRate {
            limit,
            of: RateScope::Bridge,
            operations: Vec::new(),
            beyond: Beyond::Wait,
        });
        let now = Instant::from_epoch_ms(0);
        let wait = |lock: &str, bridge: &str| {
            let facts = Facts::new().with_text(Field::LockId, lock).with_text(Field::BridgeId, bridge);
            buckets.count("unlock", &facts, now, true)
        };
        assert!(wait("a", "north").is_zero() && !wait("b", "north").is_zero());
        assert!(wait("c", "south").is_zero());
    }

    proptest! {
        #[test]
        fn no_span_sees_more_than_the_number(calls in 1_u32..40, gaps in prop::collection::vec(0_u64..400, 1..200)) {
            let limit = RateLimit { calls, per: Duration::from_secs(10) };
            let mut now = Instant::from_epoch_ms(0);
            let bucket = Bucket::new(limit, now);
            let mut made = Vec::new();
            for gap in gaps {
                now = now + Duration::from_millis(gap);
                now = now + bucket.take(now);
                made.push(now);
            }
            for (index, start) in made.iter().enumerate() {
                let inside = made[index..].iter().filter(|at| at.since(*start) < limit.per).count();
                // One call of a limit of one: at once and one span later.
                prop_assert!(inside <= calls.max(2) as usize, "{inside} of {calls}");
            }
        }
    }
}
