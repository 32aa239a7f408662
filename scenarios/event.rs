//! What can happen in a simulated world.

use std::time::Duration;

use crate::vendors::vocabulary::{FailureKind, Meaning, Word};

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// How long after the start of the world, on its clock.
    pub after: Duration,
    /// What happens.
    pub then: Happening,
}

/// What happens. Locks and bridges are numbered from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Locks can no longer be reached.
    GoOffline(Vec<u32>),
    /// Locks can be reached again.
    ComeBack(Vec<u32>),
    /// A bridge is cut off, and every lock behind it with it.
    BridgeDies(u32),
    /// A bridge returns, and with it every lock behind it that is well itself.
    BridgeReturns(u32),
    /// Batteries have this charge from now on.
    Battery {
        /// Which locks.
        locks: Vec<u32>,
        /// The charge in percent.
        percent: u8,
    },
    /// Batteries lose charge.
    Drain {
        /// Which locks.
        locks: Vec<u32>,
        /// How much, in points of percent; never below 0.
        by: u8,
    },
    /// Doors move.
    Door {
        /// Which locks.
        locks: Vec<u32>,
        /// `open`, `closed`, `ajar` or `forced`.
        is: Word,
    },
    /// Calls to the vendor's API begin to fail.
    Fault(FaultPlan),
    /// Every fault ends.
    Mend,
    /// Every token that the vendor has given out is void from now on.
    ExpireTokens,
    /// Callbacks are sent so much later than the profile says from now on.
    CallbacksLate(Duration),
    /// Callbacks are sent so often beyond once from now on.
    CallbacksRepeat(u32),
    /// The vendor's clock, and that of its locks, differs by this from now on.
    VendorClock(ClockError),
}

/// Which calls fail, when, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultPlan {
    /// The operation of the profile; a scenario that names one serves few vendors.
    pub operation: Option<String>,
    /// What the call means.
    pub meaning: Option<Meaning>,
    /// Whether it is the call that makes an access, whichever it is at this vendor.
    pub creation: bool,
    /// The lock that the call is about.
    pub lock: Option<u32>,
    /// Fitting calls that are let through first.
    pub skip: u32,
    /// The calls that fail; `None` for all from now on.
    pub times: Option<u32>,
    /// How long calls fail.
    pub lasts: Option<Duration>,
    /// Chance for each call, 0 to 1, under the world's seed.
    pub chance: f64,
    /// How they fail.
    pub by: Disturbance,
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// The documented error of that kind.
    Refuse(FailureKind),
    /// A bare status.
    Status(u16),
    /// The right answer, so much later.
    Late(Duration),
    /// Refused as one call too many, to be tried again after this span.
    RateLimit(Duration),
    /// No answer.
    Silence {
        /// Whether the call is carried out all the same.
        carried_out: bool,
    },
    /// The documented timeout of something behind the vendor.
    Timeout {
        /// Whether the call is carried out all the same.
        carried_out: bool,
    },
    /// The connection is reset.
    Reset {
        /// Whether the call is carried out all the same.
        carried_out: bool,
    },
    /// Bytes that mean nothing.
    Garbage,
    /// A page for people.
    Html,
    /// The right answer, broken off in the middle.
    HalfBody,
    /// The right answer with numbers as text and text as numbers.
    WrongType,
    /// The answer that the same read gave before the last change.
    Stale,
    /// The right answer; nothing is carried out.
    AcceptOnly,
    /// Carried out twice, answered once.
    Twice,
}

/// By how much a clock is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockError {
    /// By how much.
    pub by: Duration,
    /// Whether it shows a later time than is true.
    pub is_fast: bool,
}
