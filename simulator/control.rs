//! The door to a world for tests, for the harness, and for the control API.

use std::sync::Arc;
use std::time::Duration;

use super::fault::{Account, Fault, FaultId};
use super::server::Sandbox;
use super::world::World;
use crate::scenarios::ClockError;
use crate::vendors::vocabulary::{
    AccessId, Clock, CredentialId, FailureKind, GroupId, Instant, LockId, Meaning, Secret, Window, Word,
};

/// A handle on one world; clones lead to the same one.
#[derive(Clone)]
pub struct Control {
    pub(super) sandbox: Arc<Sandbox>,
}

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

/// A PIN access as it really is. Its keys are for whoever stands at the door,
/// never for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessView {
    /// Its id.
    pub id: AccessId,
    /// The name under which it is kept.
    pub name: String,
    /// The locks that it is for.
    pub locks: Vec<LockId>,
    /// When it holds.
    pub window: Window,
    /// The keys as they are typed, prefix and suffix included; `None` before it
    /// has a PIN.
    pub typed: Option<String>,
    /// Whether its PIN has reached a lock.
    pub is_on_lock: bool,
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
    pub(super) fn new(sandbox: Arc<Sandbox>) -> Self {
        Self { sandbox }
    }

    /// The world's clock.
    pub fn clock(&self) -> Clock {
        self.sandbox.clock().clone()
    }

    /// The credentials that the world accepts, by the profile's names.
    pub fn secrets(&self) -> Vec<(String, Secret)> {
        self.sandbox.state().world.secrets().to_vec()
    }

    /// The settings that the profile asks for, by name.
    pub fn settings(&self) -> Vec<(String, String)> {
        self.sandbox.settings()
    }

    /// The places that criteria need. In a fleet without roles every id is empty.
    pub fn fixture(&self) -> FixtureView {
        let nobody = || FixtureView {
            partial_group: GroupId::new(""),
            empty_group: GroupId::new(""),
            free_locks: Vec::new(),
            offline_lock: LockId::new(""),
            low_battery_lock: LockId::new(""),
        };
        self.sandbox.state().world.fixture().unwrap_or_else(nobody)
    }

    /// Every lock as it really is, in order.
    pub fn locks(&self) -> Vec<LockView> {
        let world = &mut self.sandbox.state().world;
        (0..world.lock_count()).filter_map(|index| world.lock_view(index)).collect()
    }

    /// One lock as it really is.
    pub fn lock(&self, lock: &LockId) -> Option<LockView> {
        let world = &mut self.sandbox.state().world;
        let index = world.lock_index(lock)?;
        world.lock_view(index)
    }

    /// What the call that makes an access means at this vendor: the assignment,
    /// or setting the PIN where both are one call.
    pub fn creation(&self) -> Meaning {
        let operations = self.sandbox.dialect().operations();
        let assigns = operations.iter().any(|operation| operation.meaning() == Meaning::AssignAccess);
        if assigns { Meaning::AssignAccess } else { Meaning::SetPin }
    }

    /// Every group as it really is.
    pub fn groups(&self) -> Vec<GroupView> {
        self.sandbox.state().world.group_views()
    }

    /// Types keys (prefix and suffix included) at a lock's keypad.
    pub fn keypad(&self, lock: &LockId, keys: &str) -> DoorAnswer {
        let world = &mut self.sandbox.state().world;
        match world.lock_index(lock) {
            Some(index) => world.keypad(index, keys),
            None => no_such_lock(lock),
        }
    }

    /// Presents a mobile credential at a lock.
    pub fn phone(&self, lock: &LockId, credential: &CredentialId) -> DoorAnswer {
        let world = &mut self.sandbox.state().world;
        match world.lock_index(lock) {
            Some(index) => world.phone(index, credential.as_str()),
            None => no_such_lock(lock),
        }
    }

    /// How a lock's bolt really was at an instant, and every change since, in
    /// order; empty for an unknown lock.
    pub fn bolt_history(&self, lock: &LockId, since: Instant) -> Vec<(Instant, Word)> {
        let world = &mut self.sandbox.state().world;
        world.lock_index(lock).map(|index| world.bolt_history(index, since)).unwrap_or_default()
    }

    /// Makes a lock reachable or not; an unknown lock changes nothing.
    pub fn set_reachable(&self, lock: &LockId, reachable: bool) {
        self.change(lock, |world, index| world.set_reachable(index, reachable));
    }

    /// Sets a battery's charge in percent; an unknown lock changes nothing.
    pub fn set_battery(&self, lock: &LockId, percent: u8) {
        self.change(lock, |world, index| world.set_battery(index, percent));
    }

    /// Gives a lock a keypad or takes it away; an unknown lock changes nothing.
    pub fn set_keypad(&self, lock: &LockId, keypad: bool) {
        self.change(lock, |world, index| world.set_keypad(index, keypad));
    }

    /// Joins a lock to the vendor by a bridge or takes the bridge away; an
    /// unknown lock changes nothing.
    pub fn set_bridged(&self, lock: &LockId, bridged: bool) {
        self.change(lock, |world, index| world.set_bridged(index, bridged));
    }

    /// Sets a door: open, closed, ajar, forced. An unknown lock changes nothing.
    pub fn set_door(&self, lock: &LockId, door: Word) {
        self.change(lock, |world, index| world.set_door(index, door));
    }

    /// Takes charge from a battery, in points of percent; an unknown lock
    /// changes nothing.
    pub fn drain_battery(&self, lock: &LockId, by: u8) {
        self.change(lock, |world, index| world.drain_battery(index, by));
    }

    /// Cuts a bridge off, or lets it return, with every lock behind it. Bridges
    /// are numbered from 1; an unknown one changes nothing.
    pub fn set_bridge(&self, bridge: u32, reachable: bool) {
        if let Some(index) = bridge.checked_sub(1) {
            self.sandbox.state().world.set_bridge(index, reachable);
        }
    }

    /// Makes the vendor's clock, which is its locks' too, right or wrong from now on.
    pub fn set_vendor_clock(&self, error: ClockError) {
        self.sandbox.state().world.set_clock_error(error);
    }

    /// Writes into the world's log, at its present.
    pub(super) fn note(&self, what: String) {
        let world = &mut self.sandbox.state().world;
        world.settle();
        world.write_down(what);
    }

    /// Makes every token void that was given out so far.
    pub fn expire_tokens(&self) {
        self.sandbox.state().world.expire_tokens();
    }

    /// The PIN accesses that are neither withdrawn nor over.
    pub fn accesses(&self) -> Vec<AccessView> {
        self.sandbox.state().world.access_views()
    }

    /// Those of them that hold on a lock; none for an unknown one.
    pub fn accesses_on(&self, lock: &LockId) -> Vec<AccessView> {
        let world = &mut self.sandbox.state().world;
        world.lock_index(lock).map(|index| world.access_views_on(index)).unwrap_or_default()
    }

    fn change(&self, lock: &LockId, change: impl FnOnce(&mut World, u32) -> bool) {
        let world = &mut self.sandbox.state().world;
        if let Some(index) = world.lock_index(lock) {
            change(world, index);
        }
        self.sandbox.announce();
    }

    /// Takes a lock out of the vendor's account and adds it again, so that the
    /// second id by which the vendor knows it becomes another one.
    pub fn add_again(&self, lock: &LockId) {
        self.change(lock, World::add_again);
    }

    /// Installs a fault.
    pub fn inject(&self, fault: Fault) -> FaultId {
        let mut state = self.sandbox.state();
        let now = state.world.now();
        state.faults.add(fault, now)
    }

    /// Takes a fault away.
    pub fn clear_fault(&self, fault: FaultId) {
        self.sandbox.state().faults.remove(fault);
    }

    /// Takes every fault away.
    pub fn clear_faults(&self) {
        self.sandbox.state().faults.clear();
    }

    /// What was injected and what took effect.
    pub fn faults(&self) -> Vec<Account> {
        self.sandbox.state().faults.accounts()
    }

    /// How often the world refused so by its own rules. What faults refuse is not
    /// counted here.
    pub fn refusals(&self, kind: FailureKind) -> u64 {
        self.sandbox.state().refused.get(&kind).copied().unwrap_or(0)
    }

    /// Makes the world anew, as a whole, under the same seed: fleet, users,
    /// accesses, tokens, faults, journal. Time does not go back.
    pub fn reset(&self) {
        self.sandbox.reset();
    }

    /// Moves the world's clock; on a running clock it does nothing. Returns how
    /// many things happened: timers that fired and events of the world.
    pub async fn advance(&self, span: Duration) -> usize {
        let timers = self.clock().advance(span).await;
        let events = self.sandbox.state().world.settle();
        self.deliver_callbacks().await;
        timers + events
    }
}

fn no_such_lock(lock: &LockId) -> DoorAnswer {
    DoorAnswer { opened: false, why: format!("there is no lock {lock}") }
}
