//! The door to a world for tests, for the harness, and for the control API.

use std::time::Duration;

use super::fault::{Account, Fault, FaultId};
use crate::vendors::vocabulary::{Clock, CredentialId, GroupId, Instant, LockId, Secret, Word};

/// A handle on one world; clones lead to the same one.
#[derive(Clone)]
pub struct Control {}

/// What happened at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorAnswer {
    /// Whether it opened.
    pub opened: bool,
    /// Why, for people ("the PIN's window begins at …").
    pub why: String,
}

/// A lock as it really is, whatever the vendor says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockView {
    /// Its id.
    pub id: LockId,
    /// Its name.
    pub name: String,
    /// The groups that it is in.
    pub groups: Vec<GroupId>,
    /// Whether it can be reached.
    pub reachable: bool,
    /// Since when it is as reachable as it is.
    pub reachable_since: Instant,
    /// Charge in percent.
    pub battery: u8,
    /// The bolt, as of now.
    pub bolt: Word,
    /// The door, as of now.
    pub door: Word,
}

/// A group as it really is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its locks, in order.
    pub locks: Vec<LockId>,
}

/// The places that criteria need, by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureView {
    /// A group with some but not all locks.
    pub partial_group: GroupId,
    /// A group without locks.
    pub empty_group: GroupId,
    /// Locks that are reachable, charged, closed and free to use.
    pub free_locks: Vec<LockId>,
    /// A lock that cannot be reached.
    pub offline_lock: LockId,
    /// A lock with a low battery.
    pub low_battery_lock: LockId,
}

impl Control {
    /// The world's clock.
    pub fn clock(&self) -> Clock {
        todo!()
    }

    /// The credentials that the world accepts, by the profile's names.
    pub fn secrets(&self) -> Vec<(String, Secret)> {
        todo!()
    }

    /// The settings that the profile asks for, by name.
    pub fn settings(&self) -> Vec<(String, String)> {
        todo!()
    }

    /// The places that criteria need.
    pub fn fixture(&self) -> FixtureView {
        todo!()
    }

    /// Every lock as it really is, in order.
    pub fn locks(&self) -> Vec<LockView> {
        todo!()
    }

    /// One lock as it really is.
    pub fn lock(&self, lock: &LockId) -> Option<LockView> {
        let _ = lock;
        todo!()
    }

    /// Every group as it really is.
    pub fn groups(&self) -> Vec<GroupView> {
        todo!()
    }

    /// Types keys (prefix and suffix included) at a lock's keypad.
    pub fn keypad(&self, lock: &LockId, keys: &str) -> DoorAnswer {
        let _ = (lock, keys);
        todo!()
    }

    /// Presents a mobile credential at a lock.
    pub fn phone(&self, lock: &LockId, credential: &CredentialId) -> DoorAnswer {
        let _ = (lock, credential);
        todo!()
    }

    /// Makes a lock reachable or not.
    pub fn set_reachable(&self, lock: &LockId, reachable: bool) {
        let _ = (lock, reachable);
        todo!()
    }

    /// Sets a battery's charge in percent.
    pub fn set_battery(&self, lock: &LockId, percent: u8) {
        let _ = (lock, percent);
        todo!()
    }

    /// Sets a door: open, closed, ajar, forced.
    pub fn set_door(&self, lock: &LockId, door: Word) {
        let _ = (lock, door);
        todo!()
    }

    /// Installs a fault.
    pub fn inject(&self, fault: Fault) -> FaultId {
        let _ = fault;
        todo!()
    }

    /// Takes a fault away.
    pub fn clear_fault(&self, fault: FaultId) {
        let _ = fault;
        todo!()
    }

    /// What was injected and what took effect.
    pub fn faults(&self) -> Vec<Account> {
        todo!()
    }

    /// Moves the world's clock; on a running clock it does nothing.
    pub async fn advance(&self, span: Duration) -> usize {
        self.clock().advance(span).await
    }
}
