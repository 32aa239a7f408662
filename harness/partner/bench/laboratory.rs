//! The retry laboratory: bookings whose upstream fails in every way that the
//! rule speaks of, all at the same time, so that who cannot hurry waits once.
//!
//! It is the lock vendor that fails, at one door each, whatever it is asked for
//! there: an access that is changed or withdrawn needs other calls of it in every
//! mode. That the partner is told of an upstream timeout is Inlet's own doing,
//! after its own wait. Inlet itself fails where the connection between it and the
//! partner breaks, where it says nothing, and where the vendor is asked for
//! nothing: a link is Inlet's own, and a door that is not open yet need not be
//! closed.
//!
//! Everything is counted from the first attempt of each case, so that who sends
//! what was booked every ten minutes is observed for as long as others.

use std::time::Duration;

use super::stays::{Booked, SOON, driven};
use super::{Arrival, LOOK_EVERY, PartnerBench};
use crate::harness::partner::driver::DriverError;
use crate::harness::trial::Stop;
use crate::simulator::{Effect, Fault, Place, Schedule};
use crate::vendors::inlet::{Mode, Operation, Request};
use crate::vendors::partner::{Act, Change, Room, Scope};
use crate::vendors::vocabulary::{Instant, LockId};

const MINUTE: Duration = Duration::from_secs(60);

/// How long the laboratory runs after the last case has begun to fail: forty
/// minutes of failures (in which support may be told too), the gap until the
/// attempt that succeeds, and another gap in which none may follow it.
const COURSE: Duration = Duration::from_secs(52 * 60);
/// When bookings are cancelled and changed, within the first gaps after the first
/// attempt of the case.
const OVERTAKEN_AFTER: Duration = Duration::from_secs(8 * 60);
/// How long a granted access is left alone before it is changed.
const SETTLED: Duration = MINUTE;
/// The longest that all of it may take: the sending, the sending of a change, and
/// the course.
pub(super) const LONGEST: Duration =
    Duration::from_secs(COURSE.as_secs() + 2 * SOON.as_secs() + 2 * MINUTE.as_secs());

/// What happens to one booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overtaken {
    /// Nothing.
    No,
    /// It is cancelled.
    Cancelled,
    /// It is made longer.
    Changed,
    /// It is made shorter.
    Shortened,
    /// Its guest moves to another room.
    Moved,
}

/// One experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// Its name in the features.
    pub name: &'static str,
    /// For how long every call about its door fails, in minutes from the first.
    pub fails_for: u32,
    /// How it fails.
    pub how: Failing,
    /// What overtakes it, while a retry is pending.
    pub overtaken: Overtaken,
    /// Whether it is overtaken once it was granted instead. Then it is the call
    /// that tells Inlet so which fails.
    pub once_granted: bool,
}

/// Who fails at the door, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// The vendor answers nothing.
    VendorSilent {
        /// Whether it does what it is asked all the same.
        made: bool,
    },
    /// The vendor's connection breaks after it did what it was asked.
    VendorBreaks,
    /// The connection to Inlet breaks after the request was read.
    InletBreaks {
        /// Whether the access is made all the same.
        made: bool,
    },
    /// Inlet keeps the connection and answers nothing.
    InletSilent,
}

/// Every experiment.
pub const CASES: &[Experiment] = &[
    Experiment::plain("the upstream never answers", 60, Failing::VendorSilent { made: false }),
    Experiment::plain("the upstream answers after 20 minutes", 20, Failing::VendorSilent { made: false }),
    Experiment::plain("the upstream answers after 40 minutes", 40, Failing::VendorSilent { made: false }),
    Experiment::plain("the connection breaks for 20 minutes", 20, Failing::InletBreaks { made: false }),
    Experiment::plain("Inlet says nothing for 20 minutes", 20, Failing::InletSilent),
    Experiment::plain(
        "the access is made and the answer times out",
        20,
        Failing::VendorSilent { made: true },
    ),
    Experiment::plain(
        "the access is made and the connection breaks",
        20,
        Failing::InletBreaks { made: true },
    ),
    Experiment {
        overtaken: Overtaken::Cancelled,
        ..Experiment::plain("the booking is cancelled meanwhile", 20, Failing::VendorBreaks)
    },
    Experiment {
        overtaken: Overtaken::Changed,
        ..Experiment::plain("the booking is changed meanwhile", 20, Failing::VendorSilent { made: false })
    },
    Experiment {
        overtaken: Overtaken::Shortened,
        ..Experiment::plain("the stay is made shorter meanwhile", 20, Failing::VendorSilent { made: false })
    },
    Experiment {
        overtaken: Overtaken::Moved,
        ..Experiment::plain("the guest moves meanwhile", 20, Failing::VendorSilent { made: false })
    },
    Experiment {
        overtaken: Overtaken::Changed,
        once_granted: true,
        ..Experiment::plain("the update times out for 20 minutes", 20, Failing::VendorSilent { made: false })
    },
    Experiment {
        overtaken: Overtaken::Cancelled,
        once_granted: true,
        ..Experiment::plain(
            "the revocation times out for 20 minutes",
            20,
            Failing::VendorSilent { made: false },
        )
    },
];

impl Experiment {
    const fn plain(name: &'static str, fails_for: u32, how: Failing) -> Self {
        Self { name, fails_for, how, overtaken: Overtaken::No, once_granted: false }
    }

    /// Whether it fails for longer than the course is watched.
    pub fn fails_throughout(&self) -> bool {
        MINUTE * self.fails_for > COURSE
    }

    /// The calls that fail, and whose repetition is judged.
    pub fn struck(&self) -> Operation {
        match (self.once_granted, self.overtaken) {
            (true, Overtaken::Cancelled) => Operation::RevokeAccess,
            (true, _) => Operation::UpdateAccess,
            (false, _) => Operation::GrantAccess,
        }
    }

    /// For how long they fail after the first.
    fn span(&self) -> Duration {
        MINUTE * self.fails_for
    }

    /// Whether the lock vendor is asked for anything when the calls come that fail.
    fn asks_vendor(&self, granted: Mode) -> bool {
        let withdrawn = self.struck() == Operation::RevokeAccess;
        !withdrawn || matches!(granted, Mode::Code | Mode::MobileKey)
    }

    /// Sets the fault at a door, with whoever is to fail there. `granted` is the
    /// mode of the access that stands there, where one does.
    fn set_up(&self, bench: &PartnerBench, door: &Room, granted: Option<Mode>) -> Result<(), String> {
        let lock = LockId::new(door.0.as_str());
        let schedule = Schedule::lasting_from_first_strike(self.span());
        if granted.is_some_and(|mode| !self.asks_vendor(mode)) {
            let operation = Some(self.struck().as_str().to_owned());
            let place = Place { operation, lock: Some(lock), ..Place::default() };
            let effect = Effect::UpstreamTimeout { carried_out: false };
            return bench.inject(Fault { place, schedule, effect });
        }
        let fault = |effect| Fault::at(lock, schedule, effect);
        match self.how {
            Failing::InletBreaks { made } => bench.inject(fault(Effect::Reset { carried_out: made })),
            Failing::InletSilent => bench.inject(fault(Effect::Withhold { carried_out: false })),
            Failing::VendorSilent { made } => {
                bench.inject_upstream(fault(Effect::Withhold { carried_out: made }));
                Ok(())
            }
            Failing::VendorBreaks => {
                bench.inject_upstream(fault(Effect::Reset { carried_out: true }));
                Ok(())
            }
        }
    }
}

/// The mode of what was granted at a door.
fn mode_granted(arrivals: &[Arrival]) -> Option<Mode> {
    arrivals.iter().filter(|one| one.status() == Some(200)).find_map(|one| match one.request() {
        Some(Request::Grant(grant)) => Some(grant.operation),
        _ => None,
    })
}

/// An experiment that was made.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which.
    pub experiment: Experiment,
    /// The booking, as it was made and overtaken.
    pub booked: Booked,
    /// The doors that it is or was about, the first one first.
    pub doors: Vec<Room>,
    /// When the first call arrived that was to fail.
    pub failing_since: Option<Instant>,
    /// When it was overtaken.
    pub overtaken_at: Option<Instant>,
    /// What kept it from being made as planned; the partner lacks something.
    pub unmade: Option<String>,
    /// What kept it from being made as planned; nothing can be told.
    pub unseen: Option<String>,
}

/// Every case, and until when it was observed.
#[derive(Clone, Debug)]
pub struct Laboratory {
    cases: Vec<Case>,
    /// When the first stay was booked.
    pub began: Instant,
    /// When the laboratory closed.
    pub observed_until: Instant,
}

impl Laboratory {
    /// Every case.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case of that name.
    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.experiment.name == name)
    }

    /// Books, lets upstreams fail, overtakes, and waits.
    pub(super) async fn run(bench: &PartnerBench) -> Result<Self, Stop> {
        let began = bench.now();
        let mut cases = Vec::new();
        for experiment in CASES {
            let begun = Case::begin(bench, *experiment).await;
            cases.push(begun.map_err(|stop| driven(DriverError(told(stop))))?);
        }
        loop {
            for case in &mut cases {
                case.follow(bench).await;
            }
            let now = bench.now();
            let Some(next) = cases.iter().filter_map(|case| case.looks_again(bench, now)).min() else {
                break;
            };
            bench.pass(next.since(now).max(Duration::from_secs(1))).await;
        }
        let last = cases.iter().filter_map(|case| case.failing_since).max().unwrap_or(began);
        bench.pass((last + COURSE).since(bench.now())).await;
        Ok(Self { cases, began, observed_until: bench.now() })
    }
}

fn told(stop: Stop) -> String {
    match stop {
        Stop::Inconclusive(why) | Stop::NotApplicable(why) | Stop::Error(why) => why,
        Stop::Fail(shortfall) => format!("{}: {}", shortfall.summary, shortfall.observed),
    }
}

impl Case {
    async fn begin(bench: &PartnerBench, experiment: Experiment) -> Result<Self, Stop> {
        let booking = bench.stay()?;
        let doors = booking.rooms.clone();
        let door = doors.first().ok_or_else(|| Stop::Error("a stay has no room".to_owned()))?;
        if !experiment.once_granted {
            experiment.set_up(bench, door, None).map_err(Stop::Error)?;
        }
        let booked = bench.book(booking).await?;
        let unmade = lacking(bench, experiment);
        Ok(Self { experiment, booked, doors, failing_since: None, overtaken_at: None, unmade, unseen: None })
    }

    /// Looks at what has arrived, and overtakes the booking where it is time.
    async fn follow(&mut self, bench: &PartnerBench) {
        if self.failing_since.is_none() {
            self.failing_since = self.first_struck(bench);
        }
        if self.due(bench).is_some_and(|due| bench.now() >= due) {
            self.overtaken_at = Some(bench.now());
            self.unseen = self.overtake(bench).await.err().map(told);
        }
    }

    fn door(&self) -> Room {
        self.doors.first().cloned().unwrap_or_else(|| self.booked.room())
    }

    fn first_struck(&self, bench: &PartnerBench) -> Option<Instant> {
        if self.experiment.once_granted && self.overtaken_at.is_none() {
            return None;
        }
        let arrivals = bench.arrivals_at(&self.door());
        arrivals.iter().find(|one| one.operation() == Some(self.experiment.struck())).map(|one| one.at())
    }

    /// Whether something is still to be done to it.
    fn is_to_be_overtaken(&self) -> bool {
        self.experiment.overtaken != Overtaken::No && self.overtaken_at.is_none() && self.unmade.is_none()
    }

    /// When the booking is to be overtaken, as far as that is known.
    fn due(&self, bench: &PartnerBench) -> Option<Instant> {
        if !self.is_to_be_overtaken() {
            return None;
        }
        if !self.experiment.once_granted {
            return self.failing_since.map(|since| since + OVERTAKEN_AFTER);
        }
        let arrivals = bench.arrivals_at(&self.door());
        let granted = arrivals.iter().find(|one| one.status() == Some(200))?;
        granted.received.ended().map(|ended| ended + SETTLED)
    }

    /// When something about it is to be looked at again; nothing where all is done,
    /// or was waited for long enough.
    fn looks_again(&self, bench: &PartnerBench, now: Instant) -> Option<Instant> {
        if let Some(due) = self.due(bench) {
            return Some(due);
        }
        let done = self.failing_since.is_some() && !self.is_to_be_overtaken();
        let lost = self.unseen.is_some() || (self.unmade.is_some() && self.experiment.once_granted);
        let patience = self.overtaken_at.unwrap_or(self.booked.at) + SOON;
        (!done && !lost && now < patience).then_some(now + LOOK_EVERY)
    }

    async fn overtake(&mut self, bench: &PartnerBench) -> Result<(), Stop> {
        if self.experiment.once_granted {
            let granted = mode_granted(&bench.arrivals_at(&self.door()));
            self.experiment.set_up(bench, &self.door(), granted).map_err(Stop::Error)?;
        }
        let change = match self.experiment.overtaken {
            Overtaken::No => return Ok(()),
            Overtaken::Cancelled => return bench.cancel(&self.booked).await,
            Overtaken::Changed => Change::Until(self.end_moved_by(3)),
            Overtaken::Shortened => Change::Until(self.end_moved_by(-5)),
            Overtaken::Moved => {
                let other = bench.room(0)?;
                self.doors.push(other.clone());
                Change::Move(other)
            }
        };
        bench.change(&self.booked, &change).await?;
        match change {
            Change::Until(until) => self.booked.booking.until = until,
            Change::Move(room) => self.booked.booking.rooms = vec![room],
            Change::Split(..) | Change::CheckIn | Change::CheckOut => {}
        }
        Ok(())
    }

    /// The end of the stay, so many hours later.
    fn end_moved_by(&self, hours: i64) -> jiff::Zoned {
        let until = &self.booked.booking.until;
        until.checked_add(jiff::Span::new().hours(hours)).unwrap_or_else(|_| until.clone())
    }
}

/// What the partner lacks for an experiment.
fn lacking(bench: &PartnerBench, experiment: Experiment) -> Option<String> {
    let (act, scope, what) = match experiment.overtaken {
        Overtaken::No => return None,
        Overtaken::Cancelled => (Act::Cancel, Scope::Cancel, "cancelled"),
        Overtaken::Changed => (Act::ChangeEnd, Scope::Extend, "changed"),
        Overtaken::Shortened => (Act::ChangeEnd, Scope::Shorten, "made shorter"),
        Overtaken::Moved => (Act::MoveRoom, Scope::MoveRoom, "moved to another room"),
    };
    if !bench.system().can(act) {
        return Some(format!("the partner does not tell how a booking is {what}"));
    }
    // Whoever can cancel and change at all is asked what becomes of a pending retry.
    let asked_of_all =
        !experiment.once_granted && matches!(experiment.overtaken, Overtaken::Cancelled | Overtaken::Changed);
    let declared = asked_of_all || bench.description().declared.scopes.contains(&scope);
    (!declared).then(|| format!("the partner does not declare the scope `{}`", scope.as_str()))
}

impl PartnerBench {
    /// Why nothing can be told of a case, where one of its calls succeeded that was
    /// to fail: then it is not the partner who was tried.
    pub fn slipped(&self, case: &Case) -> Option<String> {
        let since = case.failing_since?;
        let until = since + case.experiment.span();
        let arrivals = self.arrivals_at(&case.door());
        let slipped = arrivals.iter().find(|one| {
            one.operation() == Some(case.experiment.struck())
                && one.at() >= since
                && one.status() == Some(200)
                && one.received.ended().is_some_and(|ended| ended < until)
        })?;
        Some(format!(
            "call {} was carried out, though every call about its door was to fail until {until}",
            slipped.received.number()
        ))
    }
}
