//! The documented rate limit, on the world's clock.

use std::collections::HashMap;
use std::time::Duration;

use crate::vendors::profile::{Beyond, Limits, RateLimit, RateScope, ScopedRate};
use crate::vendors::vocabulary::Instant;

/// Every documented limit of a world.
#[derive(Clone, Debug)]
pub struct RateGates {
    account: Option<RateGate>,
    scoped: Vec<(ScopedRate, HashMap<String, RateGate>)>,
}

impl RateGates {
    /// Full buckets by the profile's limits.
    pub fn new(limits: &Limits, now: Instant) -> Self {
        Self {
            account: limits.rate.map(|limit| RateGate::new(limit, now)),
            scoped: limits.rates.iter().map(|rate| (rate.clone(), HashMap::new())).collect(),
        }
    }

    /// Whether a limit counts by lock or bridge, so that those of a call must be known.
    pub fn counts_devices(&self, operation: &str) -> bool {
        self.scoped.iter().any(|(rate, _)| rate.of != RateScope::Account && rate.counts(operation))
    }

    /// Takes a call out of every bucket that counts it, or tells after which time
    /// there is room for it.
    pub fn take(&mut self, operation: &str, meant: &Devices, now: Instant) -> Result<(), Duration> {
        if let Some(gate) = &mut self.account {
            gate.take(now)?;
        }
        for (rate, gates) in counting(&mut self.scoped, Beyond::Refuse, operation) {
            for key in meant.of(rate.of) {
                gates.entry(key).or_insert_with(|| RateGate::new(rate.limit, now)).take(now)?;
            }
        }
        Ok(())
    }

    /// How long one more command would wait for its turn in the queues that count
    /// it.
    pub fn turn(&mut self, operation: &str, meant: &Devices, now: Instant) -> Duration {
        let mut longest = Duration::ZERO;
        self.each_queue(operation, meant, now, |gate| longest = longest.max(gate.turn(now)));
        longest
    }

    /// Puts a command into every queue that counts it.
    pub fn queue(&mut self, operation: &str, meant: &Devices, now: Instant) {
        self.each_queue(operation, meant, now, |gate| gate.left -= 1.0);
    }

    fn each_queue(
        &mut self,
        operation: &str,
        meant: &Devices,
        now: Instant,
        mut visit: impl FnMut(&mut RateGate),
    ) {
        for (rate, gates) in counting(&mut self.scoped, Beyond::Wait, operation) {
            for key in meant.of(rate.of) {
                visit(gates.entry(key).or_insert_with(|| RateGate::new(rate.limit, now)));
            }
        }
    }
}

/// The limits that count a call and beyond which that becomes of it.
fn counting<'a>(
    scoped: &'a mut [(ScopedRate, HashMap<String, RateGate>)],
    beyond: Beyond,
    operation: &str,
) -> impl Iterator<Item = &'a mut (ScopedRate, HashMap<String, RateGate>)> {
    scoped.iter_mut().filter(move |(rate, _)| rate.beyond == beyond && rate.counts(operation))
}

/// The devices that a call is about.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    /// The locks, by id.
    pub locks: Vec<String>,
    /// The bridges through which they are reached, each once.
    pub bridges: Vec<String>,
}

impl Devices {
    /// What a limit counts a call for.
    pub fn of(&self, scope: RateScope) -> Vec<String> {
        match scope {
            RateScope::Account => vec![String::new()],
            RateScope::Lock => self.locks.clone(),
            RateScope::Bridge => self.bridges.clone(),
        }
    }
}

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
        self.fill(now);
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        Err(self.until_filled(1.0 - self.left))
    }

    /// How long one more call would wait for its turn.
    pub fn turn(&mut self, now: Instant) -> Duration {
        self.fill(now);
        if self.left < 1.0 { self.until_filled(1.0 - self.left) } else { Duration::ZERO }
    }

    fn per_second(&self) -> f64 {
        f64::from(self.limit.calls) / self.limit.per.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    fn fill(&mut self, now: Instant) {
        let filled = self.left + now.since(self.filled).as_secs_f64() * self.per_second();
        self.left = filled.min(f64::from(self.limit.calls));
        self.filled = now;
    }

    /// The whole seconds until so many calls more have come in.
    fn until_filled(&self, calls: f64) -> Duration {
        let wait = Duration::try_from_secs_f64(calls / self.per_second()).unwrap_or(self.limit.per);
        Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_each_lock_counts_its_own_calls() {
        let start = Instant::from_epoch_ms(0);
        let limit = RateLimit { calls: 1, per: Duration::from_secs(60) };
        let operations = vec!["create_pin".to_owned()];
        let limits = Limits {
            rates: vec![ScopedRate { limit, of: RateScope::Lock, operations, beyond: Beyond::Refuse }],
            ..Limits::default()
        };
        let mut gates = RateGates::new(&limits, start);
        let mut take = |operation, lock: &str| {
            let meant = Devices { locks: vec![lock.to_owned()], ..Devices::default() };
            gates.take(operation, &meant, start).is_ok()
        };
        assert!(take("create_pin", "a") && take("create_pin", "b"));
        assert!(!take("create_pin", "a") && take("remove_pin", "a"));
    }

    #[test]
    fn beyond_a_queue_commands_wait_for_their_turn_and_none_is_refused() {
        let start = Instant::from_epoch_ms(0);
        let limit = RateLimit { calls: 2, per: Duration::from_secs(60) };
        let operations = vec!["open".to_owned()];
        let queue = ScopedRate { limit, of: RateScope::Bridge, operations, beyond: Beyond::Wait };
        let mut gates = RateGates::new(&Limits { rates: vec![queue], ..Limits::default() }, start);
        let behind = |bridge: &str| Devices { locks: Vec::new(), bridges: vec![bridge.to_owned()] };
        let mut waits = |operation, bridge: &str, at| {
            assert_eq!(gates.take(operation, &behind(bridge), at), Ok(()));
            let wait = gates.turn(operation, &behind(bridge), at).as_secs();
            gates.queue(operation, &behind(bridge), at);
            wait
        };
        let four: Vec<u64> = (0..4).map(|_| waits("open", "north", start)).collect();
        assert_eq!(four, [0, 0, 30, 60]);
        assert_eq!(waits("open", "south", start), 0, "another bridge");
        assert_eq!(waits("look", "north", start), 0, "another operation");
        assert_eq!(waits("open", "north", start + Duration::from_secs(60)), 30, "two have gone since");
    }

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
