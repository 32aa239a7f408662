//! Faults by address: where, when, and what goes wrong.

use std::fmt;
use std::time::Duration;

use crate::vendors::vocabulary::{FailureKind, LockId, Meaning};

/// One fault. It can be installed before the first connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where it strikes.
    pub place: Place,
    /// When it strikes.
    pub schedule: Schedule,
    /// What goes wrong.
    pub effect: Effect,
}

impl Fault {
    /// One that strikes every call about a lock.
    pub fn at(lock: LockId, schedule: Schedule, effect: Effect) -> Self {
        Self { place: Place { lock: Some(lock), ..Place::default() }, schedule, effect }
    }
}

/// Where a fault strikes; what is `None` fits everything.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// The operation's name in the profile.
    pub operation: Option<String>,
    /// The operation's meaning.
    pub meaning: Option<Meaning>,
    /// The lock that the request names.
    pub lock: Option<LockId>,
}

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Fitting calls that are let through first.
    pub skip: u32,
    /// Calls that it strikes; `None` for all.
    pub times: Option<u32>,
    /// How long it lasts after it was installed, on the world's clock.
    pub lasts: Option<Duration>,
    /// Whether that is counted from the first call that it strikes instead.
    pub from_first_strike: bool,
    /// Chance for each call, 0 to 1, under the world's seed.
    pub probability: f64,
}

impl Schedule {
    /// Every call for so long after the fault was installed.
    pub fn lasting(span: Duration) -> Self {
        Self { lasts: Some(span), ..Self::default() }
    }

    /// The first call, whenever it comes, and every call for so long after it.
    pub fn lasting_from_first_strike(span: Duration) -> Self {
        Self { from_first_strike: true, ..Self::lasting(span) }
    }

    /// So many calls.
    pub fn times(times: u32) -> Self {
        Self { times: Some(times), ..Self::default() }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { skip: 0, times: None, lasts: None, from_first_strike: false, probability: 1.0 }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The documented error of that kind; nothing is carried out.
    Refuse(FailureKind),
    /// A bare status with an empty body; nothing is carried out.
    Status(u16),
    /// The right answer, later.
    Delay(Duration),
    /// No answer at all, with or without carrying the request out.
    Withhold {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// The connection is reset, with or without carrying the request out.
    Reset {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// The documented upstream timeout, after carrying the request out or not.
    UpstreamTimeout {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// Status 200 with bytes that mean nothing.
    Garbage,
    /// An HTML page with status 200.
    Html,
    /// The right answer, broken off in the middle.
    HalfBody,
    /// The right answer with every number as text and every text as a number.
    WrongType,
    /// The documented rate-limit answer, to be tried again after this span.
    RateLimit(Duration),
    /// Status 503 with an empty body, to be tried again after this span; nothing is carried out.
    Unavailable(Duration),
    /// The request is carried out first; then this effect, which by itself would
    /// not carry it out.
    CarriedOut(Box<Effect>),
    /// The answer that the same read gave before the last change.
    StaleRead,
    /// The right answer; nothing is carried out.
    AcceptOnly,
    /// Carried out twice, answered once.
    Twice,
    /// A redirect to this address.
    Redirect(String),
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = |carried_out: bool| if carried_out { "after" } else { "before" };
        match self {
            Self::Refuse(kind) => write!(f, "refused as {}", kind.as_str()),
            Self::Status(status) => write!(f, "answered with a bare {status}"),
            Self::Delay(span) => write!(f, "answered {} s late", span.as_secs_f64()),
            Self::Withhold { carried_out } => {
                write!(f, "no answer, {} it is carried out", moment(*carried_out))
            }
            Self::Reset { carried_out } => {
                write!(f, "connection reset, {} it is carried out", moment(*carried_out))
            }
            Self::UpstreamTimeout { carried_out } => {
                write!(f, "told as an upstream timeout, {} it is carried out", moment(*carried_out))
            }
            Self::Garbage => f.write_str("answered with bytes that mean nothing"),
            Self::Html => f.write_str("answered with an HTML page"),
            Self::HalfBody => f.write_str("answer broken off in the middle"),
            Self::WrongType => f.write_str("answered with numbers as text and text as numbers"),
            Self::RateLimit(span) => write!(f, "refused as one call too many, for {} s", span.as_secs()),
            Self::Unavailable(span) => write!(f, "told to be unavailable, for {} s", span.as_secs()),
            Self::CarriedOut(effect) => write!(f, "{effect}, after it is carried out"),
            Self::StaleRead => f.write_str("answered as before the last change"),
            Self::AcceptOnly => f.write_str("answered with success and not carried out"),
            Self::Twice => f.write_str("carried out twice"),
            Self::Redirect(to) => write!(f, "redirected to {to}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.operation, self.meaning) {
            (Some(operation), _) => write!(f, "`{operation}`")?,
            (None, Some(meaning)) => write!(f, "every {}", meaning.as_str())?,
            (None, None) => f.write_str("every operation")?,
        }
        match &self.lock {
            Some(lock) => write!(f, " of lock {lock}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.effect)
    }
}

/// The name of an installed fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaultId(pub u64);

/// What became of a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name.
    pub id: FaultId,
    /// The fault.
    pub fault: Fault,
    /// How often it struck.
    pub consumed: u32,
}

impl Account {
    /// Whether it struck as often as it was to (at least once where no number
    /// was given). A verdict that rests on one that did not is inconclusive.
    pub fn is_consumed(&self) -> bool {
        self.consumed >= self.fault.schedule.times.unwrap_or(1)
    }
}
