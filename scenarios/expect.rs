//! What must have happened when a scenario is over.

use std::ops::Range;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::vendors::vocabulary::{FailureKind, Meaning};

/// One thing that must have happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What.
    pub that: Claim,
    /// How it is written, for messages.
    pub text: String,
    /// Where it stands in the file, in bytes.
    pub span: Range<usize>,
    /// The line on which it stands.
    pub line: usize,
}

/// What must hold. Every time counts from the scenario's start, but for
/// `within`, which counts from the booking.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// Each guest of a party was given a PIN.
    Booked {
        /// The party.
        guest: String,
        /// So soon after it was booked, at the latest.
        within: Option<Duration>,
        /// Not sooner than this after it was booked.
        not_before: Option<Duration>,
    },
    /// No guest of a party was given a PIN.
    NotBooked {
        /// The party.
        guest: String,
        /// Why the last attempt failed.
        because: Option<FailureKind>,
    },
    /// Attempts to give a party its PINs failed in this way.
    Failed {
        /// The party.
        guest: String,
        /// In which way.
        with: FailureKind,
        /// How often.
        times: Count,
    },
    /// The door opened for each guest of a party.
    Opened {
        /// The party.
        guest: String,
        /// At this moment; any, where there is none.
        at: Option<Duration>,
        /// How often.
        times: Count,
    },
    /// The door stayed shut for each guest of a party.
    StayedShut {
        /// The party.
        guest: String,
        /// At this moment; any, where there is none.
        at: Option<Duration>,
        /// How often.
        times: Count,
    },
    /// Inlet told somebody something.
    Told {
        /// What.
        notice: Notice,
        /// Of which lock.
        lock: Option<u32>,
        /// Of which party.
        guest: Option<String>,
        /// How often.
        times: Count,
        /// Not before this moment.
        not_before: Option<Duration>,
        /// Not after this moment.
        by: Option<Duration>,
    },
    /// The vendor was called.
    Calls {
        /// For this; for anything, where it is not said.
        meaning: Option<Meaning>,
        /// To make an access, whichever call that is at this vendor.
        creation: bool,
        /// The party for each of whose guests it was so often; in all, where it is not said.
        for_each: Option<String>,
        /// How often.
        times: Count,
    },
    /// Callbacks of the vendor were heard and believed.
    Heard {
        /// How often.
        times: Count,
    },
    /// PIN accesses stand at the vendor that are neither withdrawn nor over.
    Accesses {
        /// On this lock; on any, where it is not said.
        lock: Option<u32>,
        /// At this moment; at the end, where it is not said.
        at: Option<Duration>,
        /// The party for each of whose guests there were so many; in all, where it is not said.
        for_each: Option<String>,
        /// How many.
        count: Count,
    },
}

/// How often, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least.
    pub least: u64,
    /// At most.
    pub most: u64,
}

impl Count {
    /// Once at least.
    pub const SOME: Self = Self { least: 1, most: u64::MAX };

    /// Exactly so often.
    pub fn exactly(times: u64) -> Self {
        Self { least: times, most: times }
    }

    /// So often for each of so many.
    #[must_use]
    pub fn for_each_of(self, many: u64) -> Self {
        Self { least: self.least.saturating_mul(many), most: self.most.saturating_mul(many) }
    }

    /// Whether so often is what was meant.
    pub fn holds(self, times: u64) -> bool {
        (self.least..=self.most).contains(&times)
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "{least}"),
            (least, u64::MAX) => write!(f, "{least} or more"),
            (0, most) => write!(f, "at most {most}"),
            (least, most) => write!(f, "{least} to {most}"),
        }
    }
}

/// What Inlet tells of its own accord. Escalations go to support, all else to
/// whoever runs the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A guest has no PIN yet, and why.
    NoPin,
    /// A guest who had none has a PIN now.
    PinMade,
    /// Retrying has not helped for half an hour; support is told.
    Escalation,
    /// A PIN could not be withdrawn, or may have been left behind.
    LeftBehind,
    /// A lock cannot be reached.
    Unreachable,
    /// A lock can be reached again.
    ReachableAgain,
    /// A battery is low.
    BatteryLow,
    /// A door is left open.
    DoorAjar,
    /// A door was forced.
    DoorForced,
    /// The state of a lock cannot be learnt.
    NoState,
    /// The vendor's clock and ours differ.
    ClockDiffers,
}

impl Notice {
    /// Every notice, in declaration order.
    pub const ALL: &'static [Self] = &[
        Self::NoPin,
        Self::PinMade,
        Self::Escalation,
        Self::LeftBehind,
        Self::Unreachable,
        Self::ReachableAgain,
        Self::BatteryLow,
        Self::DoorAjar,
        Self::DoorForced,
        Self::NoState,
        Self::ClockDiffers,
    ];

    /// The word used in scenarios.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoPin => "no_pin",
            Self::PinMade => "pin_made",
            Self::Escalation => "escalation",
            Self::LeftBehind => "left_behind",
            Self::Unreachable => "unreachable",
            Self::ReachableAgain => "reachable_again",
            Self::BatteryLow => "battery_low",
            Self::DoorAjar => "door_ajar",
            Self::DoorForced => "door_forced",
            Self::NoState => "no_state",
            Self::ClockDiffers => "clock_differs",
        }
    }
}
