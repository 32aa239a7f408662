//! What everybody in a scenario shares.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::record::{Booking, Record, Told};
use super::skew::Skew;
use super::watch::Seen;
use crate::harness::evidence::Recorder;
use crate::harness::integration::Integration;
use crate::simulator::{Control, Guest, Notice, Scenario, Stage};
use crate::vendors::vocabulary::{Clock, Instant};

/// A scenario under way.
pub(super) struct Scene {
    pub scenario: Arc<Scenario>,
    pub stage: Stage,
    /// Our side, under Inlet's rule of retrying or without it.
    pub inlet: Integration,
    pub recorder: Recorder,
    pub clock: Clock,
    pub began: Instant,
    record: Mutex<Record>,
    seen: Mutex<Vec<Seen>>,
    skew: Mutex<Skew>,
}

impl Scene {
    pub fn new(scenario: Arc<Scenario>, control: Control, inlet: Integration, recorder: Recorder) -> Self {
        let clock = control.clock();
        let bookings = vec![Booking::default(); scenario.guests.len()];
        Self {
            stage: Stage::new(control),
            inlet,
            recorder,
            began: clock.now(),
            clock,
            record: Mutex::new(Record { bookings, ..Record::default() }),
            seen: Mutex::new(vec![Seen::default(); scenario.locks as usize]),
            skew: Mutex::default(),
            scenario,
        }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.clock.now().since(self.began)
    }

    pub fn guest(&self, index: usize) -> &Guest {
        &self.scenario.guests[index]
    }

    /// What happened so far.
    pub fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the watch has seen of each lock.
    pub fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the vendor's clock.
    pub fn skew(&self) -> MutexGuard<'_, Skew> {
        self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inlet tells of the vendor as a whole.
    pub fn tell_of_vendor(&self, notice: Notice, text: String) {
        self.tell(Told { at: self.elapsed(), notice, lock: None, guest: None, text });
    }

    /// Inlet tells of a guest.
    pub fn tell_of_guest(&self, notice: Notice, guest: usize, text: String) {
        let lock = Some(self.guest(guest).door);
        self.tell(Told { at: self.elapsed(), notice, lock, guest: Some(guest), text });
    }

    /// Inlet tells of a lock.
    pub fn tell_of_lock(&self, notice: Notice, lock: u32, text: String) {
        self.tell(Told { at: self.elapsed(), notice, lock: Some(lock), guest: None, text });
    }

    fn tell(&self, told: Told) {
        self.record().notices.push(told);
    }
}
