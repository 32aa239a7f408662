//! Listing groups, locks and PINs.

use super::accesses::{Scope, Stage};
use super::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Pin, Word};

impl World {
    pub(super) fn list_groups(&self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let page = self.page(call, asked, self.places.groups.len(), "groups")?;
        let mut facts = page.facts;
        let groups = self.places.groups.get(page.range).unwrap_or_default();
        facts.items = groups.iter().map(|group| self.group_item(group, call.nested)).collect();
        Ok(facts)
    }

    pub(super) fn get_group(&self, asked: &Facts) -> Result<Facts, Refusal> {
        let id = asked.text(&Field::GroupId).unwrap_or_default();
        let group = self.places.group(id).and_then(|group| self.places.groups.get(group as usize));
        group.map(group_facts).ok_or_else(|| Refusal::not_found("group", id))
    }

    /// Lists every lock, or those of a group; the latter costs that group only. Where
    /// the request has a name, those alone whose names hold it.
    pub(super) fn list_locks(&self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        if let Some(name) = asked.text(&Field::LockName).filter(|name| !name.is_empty()) {
            return self.list_named(call, asked, name);
        }
        let Some(id) = asked.text(&Field::GroupId).filter(|id| !id.is_empty()) else {
            let locks = self.places.locks.len();
            let total = if call.lists_bridges { locks * 2 } else { locks };
            let page = self.page(call, asked, total, "locks")?;
            let mut facts = page.facts;
            facts.items = page.range.map(|index| self.told_device(call, index as u32)).collect();
            return Ok(facts);
        };
        let mut devices = self.locks_of_group(id)?;
        if call.lists_bridges {
            let bridges: Vec<u32> = devices.iter().map(|lock| lock + self.lock_count()).collect();
            devices.extend(bridges);
        }
        let page = self.page(call, asked, devices.len(), &format!("locks/{id}"))?;
        let mut facts = page.facts;
        let devices = devices.get(page.range).unwrap_or_default();
        facts.items = devices.iter().map(|index| self.told_device(call, *index)).collect();
        Ok(facts)
    }

    fn locks_of_group(&self, id: &str) -> Result<Vec<u32>, Refusal> {
        let group = self.places.group(id).and_then(|group| self.places.groups.get(group as usize));
        group.map(|group| group.locks.clone()).ok_or_else(|| Refusal::not_found("group", id))
    }

    /// The locks, of a group where one is asked for, whose names hold a text in
    /// whatever case.
    fn list_named(&self, call: Call, asked: &Facts, name: &str) -> Result<Facts, Refusal> {
        let group = asked.text(&Field::GroupId).filter(|id| !id.is_empty());
        let mut locks = match group {
            Some(id) => self.locks_of_group(id)?,
            None => (0..self.lock_count()).collect(),
        };
        let wanted = name.to_lowercase();
        locks.retain(|lock| {
            let kept = self.places.locks.get(*lock as usize);
            kept.is_some_and(|kept| kept.name.to_lowercase().contains(&wanted))
        });
        let page = self.page(call, asked, locks.len(), &format!("locks/{group:?}/{wanted}"))?;
        let mut facts = page.facts;
        let locks = locks.get(page.range).unwrap_or_default();
        facts.items = locks.iter().map(|index| self.told_device(call, *index)).collect();
        Ok(facts)
    }

    fn told_device(&self, call: Call, device: u32) -> Facts {
        if device >= self.lock_count() {
            self.bridge_facts(device)
        } else {
            self.lock_item(device, call.nested)
        }
    }

    /// A group as it is listed, with the ids of its locks where the vendor names them.
    fn group_item(&self, group: &super::places::Group, nested: bool) -> Facts {
        let mut facts = group_facts(group);
        if nested {
            let lock = |index: &u32| Facts::new().with(Field::LockId, Datum::Text(self.lock_name(*index)));
            facts.items = group.locks.iter().map(lock).collect();
        }
        facts
    }

    /// A lock as it is listed, with its group in a list where the vendor has one there.
    fn lock_item(&self, index: u32, nested: bool) -> Facts {
        let mut facts = self.lock_facts(index);
        if nested {
            let groups = self.places.groups_of(index);
            let named = groups.iter().filter_map(|group| self.places.groups.get(*group as usize));
            facts.items = named.map(group_facts).collect();
        }
        facts
    }

    pub(super) fn list_pins(&self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = asked.text(&Field::LockId).map(|_| self.asked_lock(asked)).transpose()?;
        if let (Some(slots), Some(lock)) = (self.limits.pin.slots, lock) {
            let mut facts = Facts::new();
            facts.items = self.list_slots(lock, slots);
            return Ok(facts);
        }
        let user = self.asked_user(asked)?;
        let all = lock.map_or_else(|| self.accesses.all(), |lock| self.accesses_on(lock));
        let listed = |index: &usize| {
            self.accesses.get(*index).is_some_and(|access| {
                let shown = access.made + self.limits.delays.listing <= self.now;
                let kept = shown && access.is_current(self.now)
                    || (access.stage == Stage::Removed
                        && (call.tells_removing || self.is(Quirk::RemovedPinListed)));
                kept && (user.is_none() || access.user == user)
            })
        };
        let found: Vec<usize> = all.into_iter().filter(listed).collect();
        let mut items: Vec<Facts> = found.iter().map(|index| self.listed_access(call, *index)).collect();
        if user.is_none() {
            items.extend(self.kept_algo_pins(lock));
        }
        if call.lists_mobile {
            items.extend(self.mobile_items(call, user.as_ref(), lock));
        }
        let page = self.page(call, asked, items.len(), &format!("pins/{lock:?}/{user:?}"))?;
        let mut facts = page.facts;
        facts.items = items.get(page.range).unwrap_or_default().to_vec();
        Ok(facts)
    }

    /// An access as it is listed; one on its way out says so.
    fn listed_access(&self, call: Call, index: usize) -> Facts {
        let facts = self.access_facts(index);
        let leaves = self.accesses.get(index).is_some_and(|access| access.stage == Stage::Removed);
        if leaves && call.tells_removing && !self.is(Quirk::RemovedPinListed) {
            return facts.with(Field::AccessState, Datum::Word(Word::Removing));
        }
        facts
    }

    pub(super) fn get_pin(&self, asked: &Facts) -> Result<Facts, Refusal> {
        let index = self.asked_access(asked)?;
        Ok(self.access_facts(index))
    }

    /// Everything that the vendor tells of a PIN access.
    pub(super) fn access_facts(&self, index: usize) -> Facts {
        let Some(access) = self.accesses.get(index) else { return Facts::new() };
        let mut facts = Facts::new()
            .with_text(Field::AccessId, self.told_id(&access.id))
            .with_text(Field::AccessName, &access.name)
            .with(Field::AccessFrom, Datum::Instant(access.window.from))
            .with(Field::AccessUntil, Datum::Instant(access.window.until))
            .with(Field::AccessDays, Datum::Days(access.days))
            .with(Field::AccessState, Datum::Word(stage_word(access.stage)));
        if super::windows::is_endless(access.window) {
            facts.remove(&Field::AccessUntil);
        }
        if let Some(pin) = &access.pin {
            facts.set(Field::AccessPin, Datum::Pin(pin.clone()));
            facts.set_some(Field::AccessTyped, Pin::new(&self.typed(pin)).ok().map(Datum::Pin));
        }
        if let Some(user) = access.user.as_deref().and_then(|id| self.users.get(id)) {
            facts.merge(&super::users::user_facts(user));
        }
        self.scope_facts(access.scope, &mut facts);
        facts
    }

    /// The lock or group that something holds for.
    pub(super) fn scope_facts(&self, scope: Scope, facts: &mut Facts) {
        match scope {
            Scope::Nowhere => {}
            Scope::Lock(lock) => {
                facts.set(Field::LockId, Datum::Text(self.lock_name(lock)));
                if let Some(lock) = self.places.locks.get(lock as usize) {
                    facts.set(Field::LockZone, Datum::text(super::locks::zone(lock)));
                }
            }
            Scope::Group(group) => {
                if let Some(group) = self.places.groups.get(group as usize) {
                    facts.set(Field::GroupId, Datum::Text(group.id.clone()));
                }
            }
        }
    }
}

fn group_facts(group: &super::places::Group) -> Facts {
    Facts::new().with(Field::GroupId, Datum::Text(group.id.clone())).with_text(Field::GroupName, &group.name)
}

fn stage_word(stage: Stage) -> Word {
    match stage {
        Stage::Assigned | Stage::Sending => Word::Pending,
        Stage::Active => Word::Active,
        Stage::Failed => Word::Failed,
        // Only a vendor that lists what it removed gets here; it tells it as in force.
        Stage::Removed => Word::Active,
    }
}
