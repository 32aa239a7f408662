//! Who comes, when, and what is done at the door.

use std::time::Duration;

/// One guest with one stay. Every time counts from the scenario's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// A name of its own.
    pub name: String,
    /// The name that it was written under; several guests can share one.
    pub party: String,
    /// Where the stay is.
    pub stays: Stay,
    /// The lock at whose door the guest stands.
    pub door: u32,
    /// When Inlet hears of the stay.
    pub booked: Duration,
    /// When the stay begins.
    pub from: Duration,
    /// When it ends.
    pub until: Duration,
    /// When it is called off, if it is.
    pub cancelled: Option<Duration>,
    /// When the guest types the PIN at the door, in order of time.
    pub types: Vec<Duration>,
}

/// What a stay gives access to, by number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// One lock.
    Lock(u32),
    /// Every lock of a group.
    Group(u32),
}
