//! What a clock knows: how time passes, who waits for it, and what is under way.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

use super::exchange::ExchangeId;
use super::relayed::Relayed;
use crate::vendors::vocabulary::Instant;

/// How many turns the others get after one of them was woken.
pub(super) const TURNS: u32 = 4;

pub(super) struct State {
    pub(super) pace: Pace,
    pub(super) timers: BTreeMap<(Instant, u64), Timer>,
    pub(super) next_timer: u64,
    /// How many timers are of the side that drives time.
    pub(super) driving: usize,
    /// Exchanges on the wire, and whether the other side withholds the answer.
    exchanges: HashMap<ExchangeId, Parked>,
    /// How many of them nobody withholds.
    open: usize,
    /// How many of them wait for work that is not at rest.
    pub(super) relayed: Arc<AtomicUsize>,
    /// How many began or ended.
    pub(super) turns: u64,
    /// Turns that are owed to who follows and was woken: only when it runs does it
    /// show whether it has something under way, and time must not pass it by.
    pub(super) owed: u32,
}

#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// `origin` of world time at `started`, running `factor` times as fast.
    Running {
        started: tokio::time::Instant,
        origin: Instant,
        factor: f64,
    },
    Stepped {
        now: Instant,
    },
}

pub(super) struct Timer {
    pub(super) wake: oneshot::Sender<()>,
    /// A timer of the side that drives time; a parked answer's is not.
    pub(super) driving: bool,
    pub(super) parked: Option<ExchangeId>,
}

impl Timer {
    /// Whether its side neither drives time nor withholds an answer.
    fn follows(&self) -> bool {
        !self.driving && self.parked.is_none()
    }
}

#[derive(Clone)]
pub(super) enum Parked {
    No,
    Yes,
    /// Answered by work that waits itself; parked while it rests.
    Resting(Arc<Relayed>),
}

impl State {
    /// Nobody waits, and nothing is under way.
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            timers: BTreeMap::new(),
            next_timer: 0,
            driving: 0,
            exchanges: HashMap::new(),
            open: 0,
            relayed: Arc::default(),
            turns: 0,
            owed: 0,
        }
    }

    pub(super) fn now(&self) -> Instant {
        match self.pace {
            Pace::Stepped { now } => now,
            Pace::Running { started, origin, factor } => origin + started.elapsed().mul_f64(factor),
        }
    }

    pub(super) fn set_now(&mut self, to: Instant) {
        if let Pace::Stepped { now } = &mut self.pace {
            *now = to.max(*now);
        }
    }

    /// How long the machine takes to reach `until`; `None` on a stepped clock.
    pub(super) fn real_time_until(&self, until: Instant) -> Option<Duration> {
        match self.pace {
            Pace::Stepped { .. } => None,
            Pace::Running { factor, .. } => {
                let left = until.since(self.now()).as_secs_f64() / factor;
                // At a tiny factor it takes longer than can be told.
                Some(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX))
            }
        }
    }

    /// Whether somebody who drives time waits, and nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.driving > 0 && !self.is_under_way()
    }

    /// Whether an exchange is on the wire that nobody withholds.
    pub(super) fn is_under_way(&self) -> bool {
        self.open > 0 || self.relayed.load(Ordering::SeqCst) > 0
    }

    /// Where only time is waited for, moves to the first timer and wakes it. Where
    /// a turn is owed to who follows, that comes first, and is said.
    pub(super) fn fire_idle(&mut self) -> bool {
        if self.owed > 0 {
            self.owed -= 1;
            return true;
        }
        if self.is_idle() {
            self.fire_next(Instant::from_epoch_ms(i64::MAX));
        }
        false
    }

    /// Moves to the first timer not after `target` and wakes it.
    pub(super) fn fire_next(&mut self, target: Instant) -> bool {
        let Some((&key, _)) = self.timers.first_key_value().filter(|((at, _), _)| *at <= target) else {
            return false;
        };
        self.set_now(key.0);
        if let Some(timer) = self.take_timer(key) {
            if timer.follows() {
                self.owed = TURNS;
            }
            if let Some(exchange) = &timer.parked {
                self.unpark(exchange);
            }
            // A receiver that is gone has nothing left to do at this time.
            let _ = timer.wake.send(());
        }
        true
    }

    /// Sets a timer, which is known by its key.
    pub(super) fn set_timer(&mut self, key: (Instant, u64), timer: Timer) {
        self.driving += usize::from(timer.driving);
        self.timers.insert(key, timer);
    }

    /// Takes a timer out, where it is still there.
    pub(super) fn take_timer(&mut self, key: (Instant, u64)) -> Option<Timer> {
        let timer = self.timers.remove(&key)?;
        self.driving -= usize::from(timer.driving);
        Some(timer)
    }

    pub(super) fn unpark(&mut self, exchange: &ExchangeId) {
        self.park(exchange, Parked::No);
    }

    /// An exchange goes onto the wire.
    pub(super) fn begin(&mut self, exchange: ExchangeId) {
        self.turns += 1;
        self.open += 1;
        let before = self.exchanges.insert(exchange, Parked::No);
        self.leave(before.as_ref());
    }

    /// An exchange is over.
    pub(super) fn end(&mut self, exchange: &ExchangeId) {
        self.turns += 1;
        let before = self.exchanges.remove(exchange);
        self.leave(before.as_ref());
    }

    /// Whether the answer to an exchange that is on the wire is withheld from now on.
    pub(super) fn park(&mut self, exchange: &ExchangeId, how: Parked) {
        let Some(parked) = self.exchanges.get_mut(exchange) else { return };
        match &how {
            Parked::No => self.open += 1,
            Parked::Yes => {}
            Parked::Resting(work) => work.enter(),
        }
        let before = std::mem::replace(parked, how);
        self.leave(Some(&before));
    }

    fn leave(&mut self, before: Option<&Parked>) {
        match before {
            Some(Parked::No) => self.open -= 1,
            Some(Parked::Resting(work)) => work.leave(),
            Some(Parked::Yes) | None => {}
        }
    }
}
