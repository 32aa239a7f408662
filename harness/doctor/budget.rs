//! How long the doctor asks: a subject that answers slowly must not keep people
//! waiting for as long as every call together may take.

use std::time::Duration;

use crate::harness::integration::Timeouts;
use crate::vendors::vocabulary::{Clock, Instant};

/// The budget, in deadlines of one call. A subject that stays within a third of
/// its deadline is asked everything.
const DEADLINES: u32 = 3;

/// The time that may be spent on asking, and what it was spent on.
#[derive(Debug)]
pub(super) struct Budget {
    clock: Clock,
    began: Instant,
    most: Duration,
    calls: usize,
    left_out: Vec<&'static str>,
}

impl Budget {
    /// Begins now, on the clock on which the subject answers.
    pub(super) fn of(timeouts: Timeouts, clock: Clock) -> Self {
        let most = timeouts.read.min(timeouts.watchdog) * DEADLINES;
        Self { began: clock.now(), clock, most, calls: 0, left_out: Vec::new() }
    }

    /// Whether there is time left.
    pub(super) fn lasts(&self) -> bool {
        self.clock.now() < self.began + self.most
    }

    /// Returns when it is used up.
    pub(super) fn end(&self) -> impl Future<Output = ()> + use<> {
        let (clock, until) = (self.clock.clone(), self.began + self.most);
        async move { clock.sleep_until(until).await }
    }

    /// Counts a call that was made.
    pub(super) fn asked(&mut self) {
        self.calls += 1;
    }

    /// Takes note of what was not asked any more, or not to its end.
    pub(super) fn leave_out(&mut self, what: &'static str) {
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    /// What was left out, and why; `None` where everything was asked.
    pub(super) fn overrun(&self) -> Option<String> {
        (!self.left_out.is_empty()).then(|| {
            format!(
                "the subject is slow: {} reading calls took {} s, and no more is asked after {} s; not done: {}",
                self.calls,
                self.clock.now().since(self.began).as_secs(),
                self.most.as_secs(),
                self.left_out.join(", ")
            )
        })
    }
}
