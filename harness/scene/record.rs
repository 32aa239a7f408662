//! What came of a scenario.

use std::collections::HashMap;
use std::time::Duration;

use crate::harness::integration::PinAccess;
use crate::simulator::{Account, Notice};
use crate::vendors::vocabulary::FailureKind;

/// Everything that happened, every time counted from the start.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What became of each guest's booking, in the scenario's order.
    pub bookings: Vec<Booking>,
    /// What happened at doors.
    pub doors: Vec<DoorTry>,
    /// What Inlet told.
    pub notices: Vec<Told>,
    /// Accesses that stood at the vendor when an expectation looked, by its place.
    pub accesses: HashMap<usize, u64>,
    /// Callbacks that were heard and believed.
    pub heard: u64,
    /// Why callbacks could not be listened to.
    pub is_deaf: Option<String>,
    /// Faults that were mended before the end.
    pub mended: Vec<Account>,
}

/// What became of a booking.
#[derive(Clone, Debug, Default)]
pub struct Booking {
    /// How attempts failed, and when.
    pub failures: Vec<(Duration, FailureKind)>,
    /// When the guest had a PIN.
    pub made: Option<Duration>,
    /// The access with its PIN.
    pub access: Option<PinAccess>,
    /// Whether the stay was called off.
    pub is_cancelled: bool,
}

/// A guest at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorTry {
    /// Which guest, by place in the scenario.
    pub guest: usize,
    /// When.
    pub at: Duration,
    /// Whether the door opened.
    pub opened: bool,
    /// Why, for people.
    pub why: String,
}

/// What Inlet told somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Duration,
    /// What.
    pub notice: Notice,
    /// Of which lock, by number.
    pub lock: Option<u32>,
    /// Of which guest, by place in the scenario.
    pub guest: Option<usize>,
    /// In words.
    pub text: String,
}

impl Told {
    /// To whom: support where retrying has not helped, else whoever runs the place.
    pub fn to(&self) -> &'static str {
        if self.notice == Notice::Escalation { "support" } else { "the place" }
    }
}
