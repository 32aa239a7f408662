//! The world as one value.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::accesses::Accesses;
use super::algo::AlgoPins;
use super::dice::Dice;
use super::due::Due;
use super::events::Events;
use super::jobs::Jobs;
use super::mobile::Mobiles;
use super::perform::Remembered;
use super::places::{IdMaker, Places};
use super::sessions::Sessions;
use super::tidings::Tidings;
use super::users::Users;
use super::{Event, Quirk};
use crate::scenarios::ClockError;
use crate::simulator::{Fleet, Variation};
use crate::vendors::profile::Limits;
use crate::vendors::vocabulary::{Clock, Instant, Word};

/// What a world is made from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its clock.
    pub clock: Clock,
    /// What the vendor allows.
    pub limits: Limits,
    /// Seed of everything random.
    pub seed: u64,
    /// What stands in it.
    pub fleet: Fleet,
    /// Names of the secrets that the profile asks for.
    pub secrets: Vec<String>,
    /// Whether groups that a caller makes hold nowhere before they have a schedule.
    pub needs_schedule: bool,
    /// In what way it is false.
    pub quirk: Option<Quirk>,
    /// In what way it is unusual.
    pub variation: Option<Variation>,
}

/// Fleet, people, accesses, jobs, sessions and time.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) seed: u64,
    pub(super) needs_schedule: bool,
    pub(super) quirk: Option<Quirk>,
    pub(super) variation: Option<Variation>,
    /// The instant at which it was made.
    pub(super) began: Instant,
    /// The instant that is being lived; during settling that of the event.
    pub(super) now: Instant,
    /// By how much the vendor's clock is wrong.
    pub(super) clock_error: ClockError,
    pub(super) dice: Dice,
    pub(super) made: HashMap<&'static str, u32>,
    /// How long the next command waits for its turn, where commands stand in a
    /// queue.
    pub(in crate::simulator) turn: Duration,
    /// Grows with every change, so that a stale answer can be told from a fresh one.
    pub(super) revision: u64,
    pub(super) places: Places,
    pub(super) users: Users,
    pub(super) accesses: Accesses,
    pub(super) mobiles: Mobiles,
    pub(super) jobs: Jobs,
    pub(super) algo: AlgoPins,
    pub(super) sessions: Sessions,
    pub(super) due: BTreeMap<(Instant, u64), Due>,
    pub(super) planned: u64,
    pub(super) remembered: Remembered,
    pub(super) events: Events,
    pub(super) tidings: Tidings,
    /// Every change of a bolt, the youngest last.
    pub(super) bolts: VecDeque<(u32, Instant, Word)>,
}

impl World {
    /// Makes a world.
    pub fn new(setup: Setup) -> Self {
        let now = setup.clock.now();
        Self {
            places: Places::new(&setup.fleet, setup.seed, now, setup.variation),
            sessions: Sessions::new(&setup.secrets, setup.seed),
            clock_error: setup.fleet.rules.clock,
            clock: setup.clock,
            limits: setup.limits,
            seed: setup.seed,
            needs_schedule: setup.needs_schedule,
            quirk: setup.quirk,
            variation: setup.variation,
            began: now,
            now,
            dice: Dice::new(setup.seed, "world"),
            made: HashMap::new(),
            turn: Duration::ZERO,
            revision: 0,
            users: Users::default(),
            accesses: Accesses::default(),
            mobiles: Mobiles::default(),
            jobs: Jobs::default(),
            algo: AlgoPins::default(),
            due: BTreeMap::new(),
            planned: 0,
            remembered: Remembered::default(),
            events: Events::default(),
            tidings: Tidings::default(),
            bolts: VecDeque::new(),
        }
    }

    /// Whether it is false in that way.
    pub(super) fn is(&self, quirk: Quirk) -> bool {
        self.quirk == Some(quirk)
    }

    /// How often it has changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Its present, after everything due has happened.
    pub fn now(&mut self) -> Instant {
        self.settle();
        self.now
    }

    /// The instant up to which everything due has happened.
    pub fn settled(&self) -> Instant {
        self.now
    }

    /// When something happens by itself next; `None` where nothing is planned.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    /// The present by the vendor's clock, which is its locks' too.
    pub fn shown_now(&self) -> Instant {
        let ClockError { by, is_fast } = self.clock_error;
        if is_fast { self.now + by } else { self.now - by }
    }

    /// Makes the vendor's clock right or wrong from now on.
    pub fn set_clock_error(&mut self, error: ClockError) {
        self.settle();
        self.clock_error = error;
        self.revision += 1;
        self.tell("the vendor's clock was set");
    }

    /// The number of the latest event.
    pub fn last_event(&self) -> u64 {
        self.events.last()
    }

    /// Events after a number, oldest first.
    pub fn events_since(&self, number: u64) -> Vec<Event> {
        self.events.since(number).cloned().collect()
    }

    /// Writes an event at the present, for somebody outside.
    pub fn write_down(&mut self, what: String) {
        self.tell(what);
    }

    /// Writes an event at the present.
    pub(super) fn tell(&mut self, what: impl Into<String>) {
        let at = self.now;
        self.events.add(at, what.into());
    }

    /// A new id for a thing of a kind.
    pub(super) fn make_id(&mut self, kind: &'static str) -> Arc<str> {
        let n = self.made.entry(kind).or_insert(0);
        *n += 1;
        let odd = self.variation == Some(Variation::OddIds);
        IdMaker { seed: self.seed, odd }.make(kind, *n)
    }
}
