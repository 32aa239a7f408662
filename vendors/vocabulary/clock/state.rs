//! What a clock knows: how time passes, who waits for it, and what is under way.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
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
    /// Exchanges on the wire, and whether the other side withholds the answer.
    pub(super) exchanges: HashMap<ExchangeId, Parked>,
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

impl Parked {
    fn holds_time(&self) -> bool {
        match self {
            Self::No => true,
            Self::Yes => false,
            Self::Resting(work) => !work.rests(),
        }
    }
}

impl State {
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
        self.timers.values().any(|timer| timer.driving) && !self.is_under_way()
    }

    /// Whether an exchange is on the wire that nobody withholds.
    pub(super) fn is_under_way(&self) -> bool {
        self.exchanges.values().any(Parked::holds_time)
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
        if let Some(timer) = self.timers.remove(&key) {
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

    pub(super) fn unpark(&mut self, exchange: &ExchangeId) {
        if let Some(parked) = self.exchanges.get_mut(exchange) {
            *parked = Parked::No;
        }
    }
}
