//! What is announced to a clock, and taken back when it is dropped.

use super::Clock;
use super::exchange::ExchangeId;
use super::state::Parked;
use crate::vendors::vocabulary::Instant;

/// Keeps an exchange announced; dropped when its answer is read or given up.
pub struct ExchangeGuard {
    pub(super) clock: Clock,
    pub(super) exchange: ExchangeId,
}

impl Drop for ExchangeGuard {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.exchanges.remove(&self.exchange);
        state.turns += 1;
        drop(state);
        self.clock.0.changed.notify_waiters();
    }
}

pub(super) struct ParkGuard<'a> {
    pub(super) clock: &'a Clock,
    pub(super) exchange: &'a ExchangeId,
}

impl<'a> ParkGuard<'a> {
    pub(super) fn new(clock: &'a Clock, exchange: &'a ExchangeId) -> Self {
        if let Some(parked) = clock.lock().exchanges.get_mut(exchange) {
            *parked = Parked::Yes;
        }
        clock.0.changed.notify_waiters();
        Self { clock, exchange }
    }
}

impl Drop for ParkGuard<'_> {
    fn drop(&mut self) {
        self.clock.lock().unpark(self.exchange);
        self.clock.0.changed.notify_waiters();
    }
}

pub(super) struct TimerGuard<'a> {
    pub(super) clock: &'a Clock,
    pub(super) key: (Instant, u64),
}

impl Drop for TimerGuard<'_> {
    fn drop(&mut self) {
        self.clock.lock().timers.remove(&self.key);
    }
}
