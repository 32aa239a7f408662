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
        state.end(&self.exchange);
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
        clock.lock().park(exchange, Parked::Yes);
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
        self.clock.lock().take_timer(self.key);
    }
}
