//! What a partner's integration declares to do, and how its time passes.

use std::collections::BTreeSet;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mode of access that Inlet grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// A PIN for a guest.
    Code,
    /// The door is kept unlocked for the period.
    Unlock,
    /// A short pulse to the lock.
    Pulse,
    /// A key in the guest's phone.
    MobileKey,
    /// A key behind a link.
    UrlKey,
}

impl Use {
    /// Every mode.
    pub const ALL: &'static [Self] = &[Self::Code, Self::Unlock, Self::Pulse, Self::MobileKey, Self::UrlKey];

    /// Its name in descriptions and features.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Unlock => "unlock",
            Self::Pulse => "pulse",
            Self::MobileKey => "mobile_key",
            Self::UrlKey => "url_key",
        }
    }

    /// The mode of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mode| mode.as_str() == name)
    }
}

/// A kind of booking, or a change of one, that the integration handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The stay ends later.
    Extend,
    /// The stay ends earlier.
    Shorten,
    /// The guest moves to another room.
    MoveRoom,
    /// One stay becomes two in two rooms.
    Split,
    /// The booking is cancelled.
    Cancel,
    /// The guest checks in before the booked time.
    CheckIn,
    /// The guest checks out before the booked time.
    CheckOut,
    /// One guest books several rooms.
    MultiRoom,
    /// A group, of which each guest has an own room.
    Group,
    /// A door that several bookings share.
    CommonDoor,
    /// An agency books for a guest.
    Agency,
    /// The guest is to get no messages.
    SuppressedMessages,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[
        Self::Extend,
        Self::Shorten,
        Self::MoveRoom,
        Self::Split,
        Self::Cancel,
        Self::CheckIn,
        Self::CheckOut,
        Self::MultiRoom,
        Self::Group,
        Self::CommonDoor,
        Self::Agency,
        Self::SuppressedMessages,
    ];

    /// Its name in descriptions and features.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extend => "extend",
            Self::Shorten => "shorten",
            Self::MoveRoom => "move_room",
            Self::Split => "split",
            Self::Cancel => "cancel",
            Self::CheckIn => "check_in",
            Self::CheckOut => "check_out",
            Self::MultiRoom => "multi_room",
            Self::Group => "group",
            Self::CommonDoor => "common_door",
            Self::Agency => "agency",
            Self::SuppressedMessages => "suppressed_messages",
        }
    }

    /// The scope of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == name)
    }
}

/// What Inlet is told of a guest, to send messages to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactData {
    /// The email address.
    Email,
    /// The phone number.
    Phone,
}

/// What an integration declares to do. What it does not declare is not asked of
/// it (specification, "What the partner does not declare is not applicable").
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Modes of access; at least one.
    pub uses: BTreeSet<Use>,
    /// Kinds of bookings and changes.
    pub scopes: BTreeSet<Scope>,
    /// What is sent of a guest; nothing where the partner itself tells guests how
    /// they come in.
    pub contact: BTreeSet<ContactData>,
    /// Whether what guests type is sent as the free-text `reference`.
    pub sends_reference: bool,
    /// Whether several customers are served, each with a credential of its own.
    pub several_customers: bool,
    /// Whether support is told by email; else a person does so by a procedure.
    pub escalates_by_email: bool,
    /// How long before the arrival a booking is sent, where the partner says so; less
    /// than 72 hours.
    pub sends_before: Option<Duration>,
    /// The load that is stated.
    pub load: Option<Load>,
}

impl Declared {
    /// Whether any declared mode makes an access that stands for a while.
    pub fn makes_accesses(&self) -> bool {
        self.uses.iter().any(|mode| *mode != Use::Pulse)
    }
}

/// A stated load: so many bookings within a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// How many bookings; at least 1, at most 5,000.
    pub bookings: u32,
    /// Within which span, of real time also where the partner's timers are hurried.
    pub within: Duration,
}

/// How the partner's time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// It takes its time from Lockstep: what is part of Lockstep alone does.
    Virtual,
    /// Its timers run so many times as fast as the machine's, 1 < factor ≤ 60.
    Accelerated(f64),
    /// As the machine's.
    Real,
}

impl Pace {
    /// How many times as fast as the machine's; `None` where it is moved by hand.
    pub fn factor(self) -> Option<f64> {
        match self {
            Self::Virtual => None,
            Self::Accelerated(factor) => Some(factor),
            Self::Real => Some(1.0),
        }
    }
}
