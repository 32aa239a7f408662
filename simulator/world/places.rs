//! Groups and locks, kept small: a hundred thousand stand in one world.

use std::collections::HashMap;
use std::sync::Arc;

use super::dice::digest;
use crate::simulator::{Fleet, Variation};
use crate::vendors::vocabulary::{Days, Instant, Word};

/// A group of locks.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Box<str>,
    /// Its locks, by index.
    pub locks: Vec<u32>,
    /// Whether its accesses hold at any time at all.
    pub scheduled: bool,
    /// The weekdays on which they open, in UTC.
    pub days: Days,
}

/// Why a lock stands open longer than for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It does not.
    None,
    /// Until an instant.
    Until(Instant),
    /// Until it is released.
    Released,
}

/// A lock. The bolt follows from pulse, hold and time.
#[derive(Clone, Debug)]
pub struct Lock {
    /// Its id.
    pub id: Arc<str>,
    /// How often it was taken out of the account and added again, which gives it
    /// another second id.
    pub added_again: u32,
    /// Its name.
    pub name: Box<str>,
    /// Its group, by index.
    pub group: Option<u32>,
    /// Whether it can be reached.
    pub reachable: bool,
    /// Whether it is well itself, whatever becomes of its bridge.
    pub well: bool,
    /// The bridge that it stands behind, by index.
    pub bridge: Option<u32>,
    /// Since when.
    pub since: Instant,
    /// Charge in percent.
    pub battery: u8,
    /// Whether PINs can be typed at it.
    pub keypad: bool,
    /// Whether a bridge or gateway joins it to the vendor.
    pub bridged: bool,
    /// The door.
    pub door: Word,
    /// End of a momentary unlock.
    pub pulse: Option<Instant>,
    /// Whether an unlock that was refused waits for the lock to return.
    pub kept_unlock: bool,
    /// A hold.
    pub hold: Hold,
    /// Whether it stays open once it is opened, which a hold of some vendors means.
    pub armed: bool,
}

/// The places that criteria need, by index.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// A group with some but not all locks.
    pub partial_group: u32,
    /// A group without locks.
    pub empty_group: u32,
    /// Locks that are reachable, charged, closed and free to use.
    pub free_locks: Vec<u32>,
    /// A lock that cannot be reached.
    pub offline_lock: u32,
    /// A lock with a low battery.
    pub low_battery_lock: u32,
}

/// Every group and lock, with their indexes.
#[derive(Clone, Debug)]
pub struct Places {
    /// Groups in order.
    pub groups: Vec<Group>,
    /// Locks in order.
    pub locks: Vec<Lock>,
    /// Roles of the fixture.
    pub roles: Option<Roles>,
    /// Whether each bridge can be reached.
    pub bridges: Vec<bool>,
    group_index: HashMap<Arc<str>, u32>,
    lock_index: HashMap<Arc<str>, u32>,
    /// The further groups of locks that have some.
    also: HashMap<u32, Vec<u32>>,
}

impl Places {
    /// Lays out a fleet. `began` is the world's first instant.
    pub fn new(fleet: &Fleet, seed: u64, began: Instant, variation: Option<Variation>) -> Self {
        let ids = IdMaker { seed, odd: variation == Some(Variation::OddIds) };
        let empty = u32::from(fleet.fixture && fleet.groups > 1);
        let filled = (fleet.groups - empty).max(u32::from(fleet.locks > 0 && fleet.groups > 0));
        let mut places = Self {
            groups: Vec::with_capacity(fleet.groups as usize),
            locks: Vec::with_capacity(fleet.locks as usize),
            roles: None,
            bridges: vec![true; fleet.bridges.len()],
            also: HashMap::new(),
            group_index: HashMap::with_capacity(fleet.groups as usize),
            lock_index: HashMap::with_capacity(fleet.locks as usize),
        };
        for n in 0..fleet.groups {
            let group = Group {
                id: ids.make("group", n),
                name: group_name(n),
                locks: Vec::new(),
                scheduled: true,
                days: Days::ALL,
            };
            places.group_index.insert(group.id.clone(), n);
            places.groups.push(group);
        }
        for n in 0..fleet.locks {
            let group = (filled > 0).then(|| group_of(n, fleet.locks, filled));
            places.add_lock(ids.make("lock", n), n, group, began);
        }
        for (bridge, locks) in (0u32..).zip(&fleet.bridges) {
            for number in locks {
                let lock = number.checked_sub(1).and_then(|index| places.locks.get_mut(index as usize));
                if let Some(lock) = lock {
                    lock.bridge = Some(bridge);
                }
            }
        }
        if fleet.fixture {
            places.lay_out_roles(began);
        }
        places
    }

    fn add_lock(&mut self, id: Arc<str>, n: u32, group: Option<u32>, began: Instant) {
        if let Some(group) = group.and_then(|group| self.groups.get_mut(group as usize)) {
            group.locks.push(n);
        }
        self.lock_index.insert(id.clone(), n);
        self.locks.push(Lock {
            id,
            added_again: 0,
            name: format!("Door {}", n + 1).into(),
            group,
            reachable: true,
            well: true,
            bridge: None,
            since: began,
            battery: 60 + (n % 41) as u8,
            keypad: true,
            bridged: true,
            door: Word::Closed,
            pulse: None,
            kept_unlock: false,
            hold: Hold::None,
            armed: false,
        });
    }

    /// The last two locks are the offline one and the one with a low battery;
    /// they stand in the last group that has locks.
    fn lay_out_roles(&mut self, began: Instant) {
        let count = self.locks.len() as u32;
        if count < 3 || self.groups.is_empty() {
            return;
        }
        let (offline, low) = (count - 1, count - 2);
        if let Some(lock) = self.locks.get_mut(offline as usize) {
            lock.reachable = false;
            lock.well = false;
            lock.since = began - std::time::Duration::from_secs(24 * 3600);
        }
        if let Some(lock) = self.locks.get_mut(low as usize) {
            lock.battery = 5;
        }
        let empty = self.groups.iter().position(|group| group.locks.is_empty()).unwrap_or(0) as u32;
        self.roles = Some(Roles {
            partial_group: 0,
            empty_group: empty,
            free_locks: (0..low).take(12).collect(),
            offline_lock: offline,
            low_battery_lock: low,
        });
    }

    /// Adds a group that a caller makes.
    pub fn add_group(&mut self, id: Arc<str>, name: Box<str>, scheduled: bool) {
        let index = self.groups.len() as u32;
        self.group_index.insert(id.clone(), index);
        // Each schedule adds the days on which it holds.
        let days = if scheduled { Days::ALL } else { Days::NONE };
        self.groups.push(Group { id, name, locks: Vec::new(), scheduled, days });
    }

    /// Puts a lock into a further group.
    pub fn join(&mut self, lock: u32, group: u32) {
        let Some(kept) = self.groups.get_mut(group as usize) else { return };
        if !kept.locks.contains(&lock) {
            kept.locks.push(lock);
            self.also.entry(lock).or_default().push(group);
        }
    }

    /// Every group that a lock stands in.
    pub fn groups_of(&self, lock: u32) -> Vec<u32> {
        let own = self.locks.get(lock as usize).and_then(|lock| lock.group);
        own.into_iter().chain(self.also.get(&lock).into_iter().flatten().copied()).collect()
    }

    /// The lock of that id, by index.
    pub fn lock(&self, id: &str) -> Option<u32> {
        self.lock_index.get(id).copied()
    }

    /// The group of that id, by index.
    pub fn group(&self, id: &str) -> Option<u32> {
        self.group_index.get(id).copied()
    }
}

/// The first group is larger than a page, the others share the rest.
fn group_of(n: u32, locks: u32, groups: u32) -> u32 {
    if groups < 2 {
        return 0;
    }
    let share = locks.div_ceil(groups).max(1);
    (n / share).min(groups - 1)
}

fn group_name(n: u32) -> Box<str> {
    format!("Building {}", n + 1).into()
}

/// Makes ids: digits, so that a vendor that writes them as numbers can, or long
/// texts with odd characters where the variation asks for it.
pub struct IdMaker {
    /// The world's seed.
    pub seed: u64,
    /// Whether ids are odd.
    pub odd: bool,
}

impl IdMaker {
    /// The id of the nth thing of a kind.
    pub fn make(&self, kind: &str, n: u32) -> Arc<str> {
        let base = digest(self.seed, kind) % 800_000_000 + 100_000_000;
        if self.odd {
            return format!("{kind}:æø~{:016x}.{:x}+{n}=", digest(self.seed, kind), base).into();
        }
        (base + u64::from(n)).to_string().into()
    }
}
