//! The world's own log: what happened, and when.

use std::collections::VecDeque;

use crate::vendors::vocabulary::Instant;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When, on the world's clock.
    pub at: Instant,
    /// What, for people.
    pub what: String,
}

/// The last events; older ones are forgotten and counted.
#[derive(Clone, Debug, Default)]
pub struct Events {
    kept: VecDeque<Event>,
    last: u64,
}

impl Events {
    /// Most events that are kept.
    const KEPT: usize = 2_000;

    /// Writes down what happened.
    pub fn add(&mut self, at: Instant, what: String) {
        self.last += 1;
        if self.kept.len() == Self::KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Event { number: self.last, at, what });
    }

    /// The number of the latest event.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Kept events after a number, oldest first.
    pub fn since(&self, number: u64) -> impl Iterator<Item = &Event> {
        self.kept.iter().filter(move |event| event.number > number)
    }
}
