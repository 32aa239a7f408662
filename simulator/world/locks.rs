//! What is told of locks and groups, and how they are changed from outside.

use std::sync::Arc;
use std::time::Duration;

use super::jobs::Work;
use super::places::{Group, IdMaker, Lock, Roles};
use super::{Call, Quirk, Refusal, World};
use crate::simulator::{FixtureView, GroupView, LockView, Variation};
use crate::vendors::vocabulary::{Datum, EventKind, Facts, FailureKind, Field, GroupId, LockId, Word};

impl World {
    /// The lock that a request names.
    pub(super) fn asked_lock(&self, asked: &Facts) -> Result<u32, Refusal> {
        let id = asked.text(&Field::LockId).ok_or_else(|| Refusal::invalid("the request names no lock"))?;
        let lock = self.places.lock(id).or_else(|| self.known_as(id));
        let lock = lock.ok_or_else(|| Refusal::not_found("lock", id))?;
        match asked.text(&Field::BridgeId) {
            Some(bridge) if bridge != &*self.bridge_of(lock) => Err(Refusal::not_found("bridge", bridge)),
            _ => Ok(lock),
        }
    }

    /// A request that names its lock by the second id alone, with the id beside it;
    /// `None` where it says the id or names no lock.
    pub(super) fn with_lock_id(&self, asked: &Facts) -> Option<Facts> {
        let alias = asked.text(&Field::LockAlias).filter(|_| !asked.has(&Field::LockId))?;
        let id = match self.known_as(alias) {
            Some(lock) => self.lock_name(lock),
            // Nobody has it, so what is asked for is not there.
            None => alias.into(),
        };
        Some(asked.clone().with(Field::LockId, Datum::Text(id)))
    }

    /// The lock of that second id.
    fn known_as(&self, alias: &str) -> Option<u32> {
        (0..self.lock_count()).find(|lock| *self.alias_of(*lock) == *alias)
    }

    /// The second id of a lock, another one whenever it was added again.
    fn alias_of(&self, lock: u32) -> Arc<str> {
        let added = self.places.locks.get(lock as usize).map_or(0, |lock| lock.added_again);
        self.ids().make("alias", lock.wrapping_add(added.wrapping_mul(self.lock_count())))
    }

    /// Takes a lock out of the account and adds it again: its id stays, as what is
    /// printed on it does, and its second id becomes another one.
    pub fn add_again(&mut self, lock: u32) -> bool {
        self.settle();
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return false };
        kept.added_again += 1;
        self.revision += 1;
        self.tell(format!("lock {} was added again", lock + 1));
        true
    }

    /// The bridge through which a lock is reached: each has its own.
    pub(super) fn bridge_of(&self, lock: u32) -> Arc<str> {
        self.ids().make("bridge", lock)
    }

    fn ids(&self) -> IdMaker {
        IdMaker { seed: self.seed, odd: self.variation == Some(Variation::OddIds) }
    }

    /// What a list of several sorts of devices tells of a bridge; bridges come
    /// after the locks.
    pub(super) fn bridge_facts(&self, device: u32) -> Facts {
        let lock = device - self.lock_count();
        let mut facts = Facts::new().with(Field::BridgeId, Datum::Text(self.bridge_of(lock)));
        facts.items = vec![Facts::new().with(Field::LockId, Datum::Text(self.lock_name(lock)))];
        facts
    }

    /// The lock of that id, by index.
    pub fn lock_index(&self, id: &LockId) -> Option<u32> {
        self.places.lock(id.as_str())
    }

    pub(super) fn lock_name(&self, lock: u32) -> Arc<str> {
        self.places.locks.get(lock as usize).map_or_else(|| "?".into(), |lock| lock.id.clone())
    }

    pub(super) fn get_lock(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let mut facts = self.lock_facts(lock);
        let gone = self.places.locks.get(lock as usize).is_some_and(|lock| !self.told_reachable(lock));
        let refused = call.starts_job && call.refuses_offline && !self.is_deliverable(lock);
        if call.live && gone || refused {
            return Err(Refusal::new(FailureKind::Offline, "the lock cannot be reached"));
        }
        if call.starts_job {
            self.tell_job(&mut facts, Work::Nothing);
        }
        Ok(facts)
    }

    /// Everything that the vendor tells of a lock.
    pub(super) fn lock_facts(&self, index: u32) -> Facts {
        let Some(lock) = self.places.locks.get(index as usize) else { return Facts::new() };
        let reachable = self.told_reachable(lock);
        let seen = if lock.reachable { self.now } else { lock.since };
        let mut facts = Facts::new()
            .with(Field::LockId, Datum::Text(lock.id.clone()))
            .with(Field::LockAlias, Datum::Text(self.alias_of(index)))
            .with(Field::LockSerial, Datum::Text(self.ids().make("serial", index)))
            .with_text(Field::LockName, &lock.name)
            .with(Field::LockReachable, Datum::Bool(reachable))
            .with(Field::LockBattery, Datum::Percent(lock.battery))
            .with(Field::LockBatteryLow, Datum::Bool(lock.battery < self.limits.low_battery))
            .with(Field::LockKeypad, Datum::Bool(lock.keypad))
            .with(Field::LockBridged, Datum::Bool(lock.bridged))
            .with(Field::LockDoor, Datum::Word(lock.door))
            .with(Field::LockState, Datum::Word(self.bolt(index)))
            .with(Field::LockLastSeen, Datum::Instant(seen));
        facts.set(Field::LockLocation, Datum::text(location(lock)));
        facts.set(Field::LockZone, Datum::text(zone(lock)));
        if let Some(group) = lock.group.and_then(|group| self.places.groups.get(group as usize)) {
            facts.set(Field::GroupId, Datum::Text(group.id.clone()));
            facts.set(Field::GroupName, Datum::text(&group.name));
        }
        facts
    }

    /// The time zone of the lock, access or group that a request names.
    pub fn zone_of(&self, asked: &Facts) -> Option<&'static str> {
        let lock = asked.text(&Field::LockId).and_then(|id| self.places.lock(id));
        let scope = || {
            let access = self.accesses.find(asked.text(&Field::AccessId)?)?;
            self.accesses.get(access).map(|access| access.scope)
        };
        let lock = lock.or_else(|| {
            let scope = scope().or_else(|| self.asked_scope(asked).ok())?;
            self.locks_in(scope).first().copied()
        })?;
        self.places.locks.get(lock as usize).map(zone)
    }

    fn told_reachable(&self, lock: &Lock) -> bool {
        let documented = self.limits.delays.offline;
        let late = match (self.quirk, self.variation) {
            (Some(Quirk::AlwaysOnline), _) => return true,
            (Some(Quirk::AlwaysOffline), _) => return false,
            (Some(Quirk::OfflineToldTooLate), _) => documented * 10 + Duration::from_secs(7 * 24 * 3600),
            (_, Some(Variation::SlowButLegal)) => documented.saturating_sub(Duration::from_secs(1)),
            _ => documented / 2,
        };
        lock.reachable || self.now < lock.since + late
    }

    /// Makes a lock reachable or not; behind a bridge that is gone it stays out
    /// of reach. False when there is no such lock.
    pub fn set_reachable(&mut self, lock: u32, reachable: bool) -> bool {
        self.settle();
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return false };
        kept.well = reachable;
        self.reach(lock)
    }

    /// Cuts a bridge off, or lets it return, with every lock behind it. False
    /// when there is no such bridge.
    pub fn set_bridge(&mut self, bridge: u32, reachable: bool) -> bool {
        self.settle();
        let Some(kept) = self.places.bridges.get_mut(bridge as usize) else { return false };
        if *kept != reachable {
            *kept = reachable;
            let what = if reachable { "returns" } else { "is gone" };
            self.tell(format!("bridge {} {what}", bridge + 1));
        }
        let behind = |index: &u32| {
            self.places.locks.get(*index as usize).is_some_and(|lock| lock.bridge == Some(bridge))
        };
        let behind: Vec<u32> = (0..self.lock_count()).filter(behind).collect();
        behind.into_iter().all(|lock| self.reach(lock))
    }

    /// Brings about what follows from a lock's own state and its bridge's.
    fn reach(&mut self, lock: u32) -> bool {
        let now = self.now;
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return false };
        let bridged = kept.bridge.and_then(|bridge| self.places.bridges.get(bridge as usize));
        let reachable = kept.well && bridged.copied().unwrap_or(true);
        if kept.reachable != reachable {
            kept.reachable = reachable;
            kept.since = now;
            self.revision += 1;
            let what = if reachable { "can be reached" } else { "cannot be reached" };
            self.tell(format!("lock {} {what}", self.lock_name(lock)));
            self.happened_at(EventKind::Reachability, lock);
            if reachable {
                self.deliver_waiting(lock);
                self.unlock_late(lock);
            }
        }
        true
    }

    /// What a vendor does that keeps an unlock which it has refused.
    fn unlock_late(&mut self, lock: u32) {
        let (at, pulse) = (self.now, self.limits.pulse);
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return };
        if std::mem::take(&mut kept.kept_unlock) {
            kept.pulse = Some(at + pulse);
        }
    }

    /// Sets a battery's charge, 100 at most.
    pub fn set_battery(&mut self, lock: u32, percent: u8) -> bool {
        self.change_lock(lock, EventKind::Battery, |kept| kept.battery = percent.min(100))
    }

    /// Takes charge from a battery, in points of percent.
    pub fn drain_battery(&mut self, lock: u32, by: u8) -> bool {
        self.change_lock(lock, EventKind::Battery, |kept| kept.battery = kept.battery.saturating_sub(by))
    }

    /// Gives a lock a keypad, or takes it away.
    pub fn set_keypad(&mut self, lock: u32, keypad: bool) -> bool {
        self.equip(lock, |kept| kept.keypad = keypad)
    }

    /// Joins a lock to the vendor by a bridge, or takes the bridge away: then it
    /// cannot be commanded from afar.
    pub fn set_bridged(&mut self, lock: u32, bridged: bool) -> bool {
        self.equip(lock, |kept| kept.bridged = bridged)
    }

    /// Changes what a lock can do at all, of which no vendor tells by itself.
    fn equip(&mut self, lock: u32, change: impl FnOnce(&mut Lock)) -> bool {
        self.settle();
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return false };
        change(kept);
        self.revision += 1;
        true
    }

    /// Whether PINs can be typed at a lock.
    pub(super) fn has_keypad(&self, lock: u32) -> bool {
        self.places.locks.get(lock as usize).is_some_and(|lock| lock.keypad)
    }

    /// Sets a door.
    pub fn set_door(&mut self, lock: u32, door: Word) -> bool {
        self.change_lock(lock, EventKind::Door, |kept| kept.door = door)
    }

    /// Refuses what a lock cannot do at all.
    pub(super) fn check_ability(&self, lock: u32, needs: impl Fn(&Lock) -> bool) -> Result<(), Refusal> {
        match self.places.locks.get(lock as usize) {
            Some(kept) if !needs(kept) => {
                Err(Refusal::new(FailureKind::Unsupported, "this lock cannot do that"))
            }
            _ => Ok(()),
        }
    }

    fn change_lock(&mut self, lock: u32, kind: EventKind, change: impl FnOnce(&mut Lock)) -> bool {
        self.settle();
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return false };
        change(kept);
        self.revision += 1;
        self.happened_at(kind, lock);
        true
    }

    /// A lock as it really is.
    pub fn lock_view(&mut self, index: u32) -> Option<LockView> {
        self.settle();
        let lock = self.places.locks.get(index as usize)?;
        let group = lock.group.and_then(|group| self.places.groups.get(group as usize));
        Some(LockView {
            id: LockId::new(&*lock.id),
            name: lock.name.to_string(),
            groups: group.map(|group| GroupId::new(&*group.id)).into_iter().collect(),
            reachable: lock.reachable,
            reachable_since: lock.since,
            battery: lock.battery,
            bolt: self.bolt(index),
            door: lock.door,
        })
    }

    /// How many locks stand in it.
    pub fn lock_count(&self) -> u32 {
        self.places.locks.len() as u32
    }

    /// Every group as it really is.
    pub fn group_views(&self) -> Vec<GroupView> {
        let view = |group: &Group| GroupView {
            id: GroupId::new(&*group.id),
            name: group.name.to_string(),
            locks: group.locks.iter().map(|lock| LockId::new(&*self.lock_name(*lock))).collect(),
        };
        self.places.groups.iter().map(view).collect()
    }

    /// The places that criteria need; none in a plain fleet.
    pub fn fixture(&self) -> Option<FixtureView> {
        let roles: &Roles = self.places.roles.as_ref()?;
        let group = |index: u32| self.places.groups.get(index as usize).map(|group| GroupId::new(&*group.id));
        let lock = |index: u32| LockId::new(&*self.lock_name(index));
        Some(FixtureView {
            partial_group: group(roles.partial_group)?,
            empty_group: group(roles.empty_group)?,
            free_locks: roles.free_locks.iter().map(|index| lock(*index)).collect(),
            offline_lock: lock(roles.offline_lock),
            low_battery_lock: lock(roles.low_battery_lock),
        })
    }
}

fn location(lock: &Lock) -> String {
    lock.group.map_or_else(|| "Depot".to_owned(), |group| format!("Main Street {}", group + 1))
}

/// The zone in which a lock stands: buildings stand in different ones.
pub(super) fn zone(lock: &Lock) -> &'static str {
    match lock.group.unwrap_or_default() % 3 {
        0 => "Europe/Zurich",
        1 => "America/New_York",
        _ => "Asia/Kolkata",
    }
}
