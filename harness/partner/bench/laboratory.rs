//! The retry laboratory: bookings whose upstream fails in every way that the
//! rule speaks of, all at the same time, so that who cannot hurry waits once.
//!
//! It is the lock vendor that fails, at one door each. That the partner is told
//! of an upstream timeout is Inlet's own doing, after its own wait. Only the
//! connection between the partner and Inlet is broken by Inlet.

use std::time::Duration;

use super::PartnerBench;
use super::stays::{Booked, SOON};
use crate::harness::partner::driver::DriverError;
use crate::harness::trial::Stop;
use crate::simulator::{Effect, Fault, Schedule};
use crate::vendors::partner::{Act, Change};
use crate::vendors::vocabulary::{Instant, LockId};

const MINUTE: Duration = Duration::from_secs(60);

/// How long the laboratory runs: half an hour of retries, ten minutes in which
/// support may be told, and what is left of a last gap.
pub(super) const COURSE: Duration = Duration::from_secs(46 * 60);
/// When bookings are cancelled and changed, within the first gaps after an attempt.
const OVERTAKEN_AFTER: Duration = Duration::from_secs(8 * 60);

/// For how long after its first attempt a booking is left alone at least.
const PENDING: Duration = Duration::from_secs(5 * 60);

/// What happens to one booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overtaken {
    /// Nothing.
    No,
    /// It is cancelled while a retry is pending.
    Cancelled,
    /// It is changed while a retry is pending.
    Changed,
}

/// One experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// Its name in the features.
    pub name: &'static str,
    /// For how long every call about its door fails, in minutes.
    pub fails_for: u32,
    /// How it fails.
    pub how: Failing,
    /// What overtakes it.
    pub overtaken: Overtaken,
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
}

/// Every experiment.
pub const CASES: &[Experiment] = &[
    Experiment::plain("the upstream never answers", 60, Failing::VendorSilent { made: false }),
    Experiment::plain("the upstream answers after 20 minutes", 20, Failing::VendorSilent { made: false }),
    Experiment::plain("the upstream answers after 40 minutes", 40, Failing::VendorSilent { made: false }),
    Experiment::plain("the connection breaks for 20 minutes", 20, Failing::InletBreaks { made: false }),
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
];

impl Experiment {
    const fn plain(name: &'static str, fails_for: u32, how: Failing) -> Self {
        Self { name, fails_for, how, overtaken: Overtaken::No }
    }

    /// Sets the fault at a door, with whoever is to fail there.
    fn set_up(&self, bench: &PartnerBench, door: LockId) -> Result<(), String> {
        let schedule = Schedule::lasting(MINUTE * self.fails_for);
        match self.how {
            Failing::InletBreaks { made } => {
                bench.inject(Fault::at(door, schedule, Effect::Reset { carried_out: made }))
            }
            Failing::VendorSilent { made } => {
                bench.inject_upstream(Fault::at(door, schedule, Effect::Withhold { carried_out: made }));
                Ok(())
            }
            Failing::VendorBreaks => {
                bench.inject_upstream(Fault::at(door, schedule, Effect::Reset { carried_out: true }));
                Ok(())
            }
        }
    }
}

/// An experiment that was made.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which.
    pub experiment: Experiment,
    /// The booking, as it was made.
    pub booked: Booked,
    /// When it was overtaken.
    pub overtaken_at: Option<Instant>,
    /// What kept it from being made as planned; the partner lacks something.
    pub unmade: Option<String>,
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
    pub(super) async fn run(bench: &PartnerBench) -> Result<Self, DriverError> {
        let began = bench.now();
        let mut cases = Vec::new();
        for experiment in CASES {
            cases.push(begin(bench, *experiment).await.map_err(told)?);
        }
        // Who sends what was booked every ten minutes is observed for as long as others.
        let attempted = |case: &Case| !bench.arrivals_at(&case.booked.room()).is_empty();
        bench.until(SOON, |_| cases.iter().all(attempted)).await;
        let opened = bench.now();
        bench.pass(OVERTAKEN_AFTER.saturating_sub(opened.since(began)).max(PENDING)).await;
        for case in &mut cases {
            overtake(bench, case).await.map_err(told)?;
        }
        bench.pass(COURSE.saturating_sub(bench.now().since(opened))).await;
        Ok(Self { cases, began, observed_until: bench.now() })
    }
}

fn told(stop: Stop) -> DriverError {
    match stop {
        Stop::Inconclusive(why) | Stop::NotApplicable(why) | Stop::Error(why) => DriverError(why),
        Stop::Fail(shortfall) => DriverError(format!("{}: {}", shortfall.summary, shortfall.observed)),
    }
}

async fn begin(bench: &PartnerBench, experiment: Experiment) -> Result<Case, Stop> {
    let booking = bench.stay()?;
    let door = booking.rooms.first().ok_or_else(|| Stop::Error("a stay has no room".to_owned()))?;
    experiment.set_up(bench, LockId::new(door.0.as_str())).map_err(Stop::Error)?;
    let booked = bench.book(booking).await?;
    Ok(Case { experiment, booked, overtaken_at: None, unmade: None })
}

async fn overtake(bench: &PartnerBench, case: &mut Case) -> Result<(), Stop> {
    let (act, what) = match case.experiment.overtaken {
        Overtaken::No => return Ok(()),
        Overtaken::Cancelled => (Act::Cancel, "cancelled"),
        Overtaken::Changed => (Act::ChangeEnd, "changed"),
    };
    if !bench.system().can(act) {
        case.unmade = Some(format!("the partner does not tell how a booking is {what}"));
        return Ok(());
    }
    case.overtaken_at = Some(bench.now());
    match case.experiment.overtaken {
        Overtaken::Cancelled => bench.cancel(&case.booked).await,
        _ => {
            let until = longer(&case.booked);
            let changed = bench.change(&case.booked, &Change::Until(until.clone())).await;
            case.booked.booking.until = until;
            changed
        }
    }
}

/// The end of a stay, three hours later.
fn longer(booked: &Booked) -> jiff::Zoned {
    let until = &booked.booking.until;
    until.checked_add(jiff::Span::new().hours(3)).unwrap_or_else(|_| until.clone())
}
