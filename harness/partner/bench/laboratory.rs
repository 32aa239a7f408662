//! The retry laboratory: bookings whose upstream fails in every way that the
//! rule speaks of, all at the same time, so that who cannot hurry waits once.

use std::time::Duration;

use super::PartnerBench;
use super::stays::Booked;
use crate::harness::partner::driver::DriverError;
use crate::harness::trial::Stop;
use crate::simulator::{Effect, Fault, Place, Schedule};
use crate::vendors::partner::{Act, Change};
use crate::vendors::vocabulary::{Instant, LockId};

const MINUTE: Duration = Duration::from_secs(60);

/// How long the laboratory runs: half an hour of retries, ten minutes in which
/// support may be told, and what is left of a last gap.
pub(super) const COURSE: Duration = Duration::from_secs(46 * 60);
/// When bookings are cancelled and changed, within the first gaps after an attempt.
const OVERTAKEN_AFTER: Duration = Duration::from_secs(8 * 60);

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

/// How calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Told as an upstream timeout; nothing was made.
    TimedOut,
    /// Told as an upstream timeout; the access was made all the same.
    MadeAndTimedOut,
    /// The connection ends after the request was read; nothing was made.
    Reset,
}

/// Every experiment.
pub const CASES: &[Experiment] = &[
    Experiment::plain("the upstream never answers", 60, Failing::TimedOut),
    Experiment::plain("the upstream answers after 20 minutes", 20, Failing::TimedOut),
    Experiment::plain("the upstream answers after 40 minutes", 40, Failing::TimedOut),
    Experiment::plain("the connection breaks for 20 minutes", 20, Failing::Reset),
    Experiment::plain("the access is made and the answer times out", 20, Failing::MadeAndTimedOut),
    Experiment {
        overtaken: Overtaken::Cancelled,
        ..Experiment::plain("the booking is cancelled meanwhile", 20, Failing::TimedOut)
    },
    Experiment {
        overtaken: Overtaken::Changed,
        ..Experiment::plain("the booking is changed meanwhile", 20, Failing::TimedOut)
    },
];

impl Experiment {
    const fn plain(name: &'static str, fails_for: u32, how: Failing) -> Self {
        Self { name, fails_for, how, overtaken: Overtaken::No }
    }

    fn effect(&self) -> Effect {
        match self.how {
            Failing::TimedOut => Effect::UpstreamTimeout { carried_out: false },
            Failing::MadeAndTimedOut => Effect::UpstreamTimeout { carried_out: true },
            Failing::Reset => Effect::Reset { carried_out: false },
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
    /// When the laboratory closed.
    pub observed_until: Instant,
}

impl Laboratory {
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
        bench.pass(OVERTAKEN_AFTER.saturating_sub(bench.now().since(began))).await;
        for case in &mut cases {
            overtake(bench, case).await.map_err(told)?;
        }
        bench.pass(COURSE.saturating_sub(bench.now().since(began))).await;
        Ok(Self { cases, observed_until: bench.now() })
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
    let lock = booking.rooms.first().map(|room| LockId::new(room.0.as_str()));
    let fault = Fault {
        place: Place { lock, ..Place::default() },
        schedule: Schedule { lasts: Some(MINUTE * experiment.fails_for), ..Schedule::default() },
        effect: experiment.effect(),
    };
    bench.inject(fault).map_err(Stop::Error)?;
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
