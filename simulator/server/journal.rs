//! The exchanges of a world, bounded, with an account of what was dropped.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::vendors::dialect::NearMiss;
use crate::vendors::vocabulary::Instant;
use crate::vendors::wire::{WireRequest, WireResponse};

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With the whole answer.
    Answered,
    /// With a part of it.
    Cut,
    /// With the connection, before any answer.
    Unanswered,
}

/// How much of a request's body is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// All of it.
    Whole,
    /// Nothing, for it is longer than is read: so many bytes.
    TooLong(usize),
    /// Nothing, for the connection ended within it, after so many bytes.
    BrokenOff(usize),
}

/// One exchange.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When, on the world's clock.
    pub at: Instant,
    /// The operation that it was, if it was one.
    pub operation: Option<Arc<str>>,
    /// The request as it came.
    pub request: WireRequest,
    /// How much of its body is kept.
    pub kept: Kept,
    /// Whether it came over TLS.
    pub encrypted: bool,
    /// The answer as it was decided, before any fault of the wire.
    pub response: Option<WireResponse>,
    /// When its answer went out or its connection ended, and which, where that is watched.
    pub ended: Option<(Instant, End)>,
    /// What was done to it ("delayed by 30 s", "withheld").
    pub note: Option<String>,
    /// What came nearest, where it was no operation.
    pub near: Vec<NearMiss>,
}

impl Entry {
    /// A request that came whole and over plain HTTP, of which nothing else is
    /// known yet.
    pub fn of(request: WireRequest, at: Instant) -> Self {
        Self {
            number: 0,
            at,
            operation: None,
            request,
            kept: Kept::Whole,
            encrypted: false,
            response: None,
            ended: None,
            note: None,
            near: Vec::new(),
        }
    }

    fn weight(&self) -> usize {
        // Headers and bookkeeping are estimated; bodies are what grows.
        400 + self.request.body.len() + self.response.as_ref().map_or(0, |answer| answer.body.len())
    }
}

/// The last exchanges.
#[derive(Debug)]
pub struct Journal {
    kept: VecDeque<Arc<Entry>>,
    bytes: usize,
    last: u64,
    dropped: u64,
    most: usize,
    budget: usize,
}

impl Default for Journal {
    fn default() -> Self {
        Self::bounded(10_000, 32 << 20)
    }
}

impl Journal {
    /// A journal of so many entries and about so many bytes at most.
    pub fn bounded(most: usize, budget: usize) -> Self {
        Self { kept: VecDeque::new(), bytes: 0, last: 0, dropped: 0, most: most.max(1), budget }
    }

    /// Writes an exchange; its number is given here.
    pub fn write(&mut self, mut entry: Entry) {
        self.last += 1;
        entry.number = self.last;
        self.bytes += entry.weight();
        self.kept.push_back(Arc::new(entry));
        while self.kept.len() > self.most || (self.bytes > self.budget && self.kept.len() > 1) {
            if let Some(oldest) = self.kept.pop_front() {
                self.bytes -= oldest.weight();
                self.dropped += 1;
            }
        }
    }

    /// Changes an exchange that is kept; one that was dropped stays so.
    pub fn amend(&mut self, number: u64, change: impl FnOnce(&mut Entry)) {
        let first = self.kept.front().map_or(0, |entry| entry.number);
        let place = number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        if let Some(entry) = place.and_then(|place| self.kept.get_mut(place)) {
            self.bytes -= entry.weight();
            change(Arc::make_mut(entry));
            self.bytes += entry.weight();
        }
    }

    /// How many entries were dropped to keep within the bounds.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The number of the latest exchange.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Kept entries after a number, oldest first, `limit` at most.
    pub fn since(&self, number: u64, limit: usize) -> Vec<Arc<Entry>> {
        let known = self.kept.partition_point(|entry| entry.number <= number);
        self.kept.range(known..).take(limit).cloned().collect()
    }
}
