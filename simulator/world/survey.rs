//! A fleet at a glance: how many locks need attention, which ones are sought,
//! and what opens each of them.

use std::collections::HashMap;

use serde::Serialize;

use super::World;
use super::accesses::{Scope, Stage};
use super::places::Lock;
use crate::vendors::vocabulary::{Instant, LockId, Window, Word};

/// How many locks there are, and how many need a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Census {
    /// Locks in all.
    pub locks: u32,
    /// Locks that cannot be reached.
    pub unreachable: u32,
    /// Locks whose battery the vendor calls low.
    pub low_battery: u32,
    /// Locks whose door is not closed.
    pub door_not_closed: u32,
    /// Locks whose bolt is drawn.
    pub unlocked: u32,
}

/// What only is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Locks that cannot be reached.
    Unreachable,
    /// Locks whose battery the vendor calls low.
    LowBattery,
    /// Locks whose door is not closed.
    DoorNotClosed,
    /// Locks whose bolt is drawn.
    Unlocked,
}

/// Which locks are sought; what is not given fits everything.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// A part of the id, of the name, or of the group's name.
    pub text: String,
    /// The group's id.
    pub group: Option<String>,
    /// What only.
    pub only: Option<Only>,
}

/// The locks that were sought.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many there are.
    pub matching: u32,
    /// A part of them, by index.
    pub part: Vec<u32>,
}

/// A group with its numbers.
#[derive(Clone, Debug, Serialize)]
pub struct GroupCensus {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many locks it has.
    pub locks: u32,
    /// How many of them cannot be reached.
    pub unreachable: u32,
}

/// Which of the two kinds of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// Keys to be typed.
    Pin,
    /// A key in the vendor's app.
    Mobile,
}

/// Something that opens a lock, or will, or did.
#[derive(Clone, Debug)]
pub struct CredentialView {
    /// What it is.
    pub kind: CredentialKind,
    /// The vendor's id.
    pub id: String,
    /// Whose it is.
    pub user: Option<String>,
    /// When it opens, as the vendor tells.
    pub window: Window,
    /// How far it has come, for people.
    pub state: &'static str,
    /// Whether it is for a whole group.
    pub whole_group: bool,
    /// Everything that is typed, prefix and suffix included.
    pub keys: Option<String>,
}

impl World {
    /// Counts the fleet.
    pub fn census(&mut self) -> Census {
        self.settle();
        let mut census = Census { locks: self.lock_count(), ..Census::default() };
        for (index, lock) in (0u32..).zip(&self.places.locks) {
            census.unreachable += u32::from(!lock.reachable);
            census.low_battery += u32::from(lock.battery < self.limits.low_battery);
            census.door_not_closed += u32::from(lock.door != Word::Closed);
            census.unlocked += u32::from(self.bolt(index) == Word::Unlocked);
        }
        census
    }

    /// Counts the groups, so many at most; told with how many there are in all.
    pub fn group_census(&self, most: usize) -> (usize, Vec<GroupCensus>) {
        let unreachable =
            |lock: &&u32| self.places.locks.get(**lock as usize).is_some_and(|lock| !lock.reachable);
        let count = |group: &super::places::Group| GroupCensus {
            id: group.id.to_string(),
            name: group.name.to_string(),
            locks: group.locks.len() as u32,
            unreachable: group.locks.iter().filter(unreachable).count() as u32,
        };
        (self.places.groups.len(), self.places.groups.iter().take(most).map(count).collect())
    }

    /// Finds locks, in order; `skip` of them are left out, then `most` are told.
    pub fn find_locks(&mut self, sought: &Sought, skip: usize, most: usize) -> Found {
        self.settle();
        let group = match &sought.group {
            Some(id) => match self.places.group(id) {
                Some(group) => Some(group),
                None => return Found::default(),
            },
            None => None,
        };
        let mut found = Found::default();
        for (index, lock) in (0u32..).zip(&self.places.locks) {
            let inside = group.is_none_or(|group| lock.group == Some(group));
            if inside && self.fits_only(index, lock, sought.only) && self.fits_text(lock, &sought.text) {
                if found.matching as usize >= skip && found.part.len() < most {
                    found.part.push(index);
                }
                found.matching += 1;
            }
        }
        found
    }

    fn fits_only(&self, index: u32, lock: &Lock, only: Option<Only>) -> bool {
        match only {
            None => true,
            Some(Only::Unreachable) => !lock.reachable,
            Some(Only::LowBattery) => lock.battery < self.limits.low_battery,
            Some(Only::DoorNotClosed) => lock.door != Word::Closed,
            Some(Only::Unlocked) => self.bolt(index) == Word::Unlocked,
        }
    }

    fn fits_text(&self, lock: &Lock, text: &str) -> bool {
        let group = lock.group.and_then(|group| self.places.groups.get(group as usize));
        text.is_empty()
            || holds(&lock.name, text)
            || holds(&lock.id, text)
            || group.is_some_and(|group| holds(&group.name, text))
    }

    /// How many PINs and mobile credentials each of these locks has.
    pub fn count_credentials(&self, locks: &[u32]) -> Vec<(u32, u32)> {
        let mut mobiles: HashMap<Scope, u32> = HashMap::new();
        for key in self.mobiles.current() {
            *mobiles.entry(key.scope).or_default() += 1;
        }
        let count = |lock: &u32| {
            let kept = |index: &usize| {
                self.accesses
                    .get(*index)
                    .is_some_and(|access| access.pin.is_some() && access.stage != Stage::Removed)
            };
            let pins = self.accesses_on(*lock).iter().filter(|index| kept(index)).count() as u32;
            let group = self.places.locks.get(*lock as usize).and_then(|lock| lock.group);
            let own = mobiles.get(&Scope::Lock(*lock)).copied().unwrap_or(0);
            let shared = group.and_then(|group| mobiles.get(&Scope::Group(group))).copied().unwrap_or(0);
            (pins, own + shared)
        };
        locks.iter().map(count).collect()
    }

    /// What opens a lock, in the order of its making, PINs first; `most` at most.
    pub fn credentials_on(&mut self, lock: u32, most: usize) -> Vec<CredentialView> {
        self.settle();
        let mut views: Vec<CredentialView> = self
            .accesses_on(lock)
            .into_iter()
            .filter_map(|index| self.pin_view(index, lock))
            .take(most)
            .collect();
        let group = self.places.locks.get(lock as usize).and_then(|lock| lock.group);
        let here = |scope: Scope| {
            scope == Scope::Lock(lock) || group.is_some_and(|group| scope == Scope::Group(group))
        };
        let mobiles = self.mobiles.current().filter(|key| here(key.scope)).map(|key| CredentialView {
            kind: CredentialKind::Mobile,
            id: key.id.to_string(),
            user: key.user.as_deref().map(str::to_owned),
            window: key.window,
            state: if key.active { "in use" } else { "invited" },
            whole_group: matches!(key.scope, Scope::Group(_)),
            keys: None,
        });
        let room = most.saturating_sub(views.len());
        views.extend(mobiles.take(room));
        views
    }

    fn pin_view(&self, index: usize, lock: u32) -> Option<CredentialView> {
        let access = self.accesses.get(index)?;
        let state = match access.stage {
            Stage::Assigned => "assigned, no PIN yet",
            Stage::Removed => "withdrawn, leaving the lock",
            Stage::Failed => "failed",
            Stage::Active | Stage::Sending if access.on.contains(&lock) => state_by(access.window, self.now),
            Stage::Active | Stage::Sending => "on its way to the lock",
        };
        Some(CredentialView {
            kind: CredentialKind::Pin,
            id: access.id.to_string(),
            user: access.user.as_deref().map(str::to_owned),
            window: access.window,
            state,
            whole_group: matches!(access.scope, Scope::Group(_)),
            keys: access.pin.as_ref().map(|pin| self.typed(pin)),
        })
    }

    /// The name of a lock's group.
    pub fn group_name(&self, lock: u32) -> Option<&str> {
        let group = self.places.locks.get(lock as usize)?.group?;
        self.places.groups.get(group as usize).map(|group| &*group.name)
    }

    /// Whether the vendor calls a lock's battery low.
    pub fn is_battery_low(&self, lock: u32) -> bool {
        self.places.locks.get(lock as usize).is_some_and(|lock| lock.battery < self.limits.low_battery)
    }

    /// The lock of that id with its index, or nothing.
    pub fn lock_at(&self, id: &str) -> Option<u32> {
        self.lock_index(&LockId::new(id))
    }
}

fn state_by(window: Window, now: Instant) -> &'static str {
    match () {
        () if window.contains(now) => "on the lock, valid",
        () if now < window.from => "on the lock, not yet valid",
        () => "on the lock, over",
    }
}

/// Whether a text holds another one, letters of either case.
fn holds(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    text.len() >= part.len() && text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Fleet;
    use crate::simulator::server::{Sandbox, SandboxOptions};
    use crate::vendors::profile;
    use crate::vendors::vocabulary::Clock;

    fn sandbox() -> Sandbox {
        Sandbox::new(SandboxOptions {
            name: "main".to_owned(),
            dialect: profile::load("reference").expect("the embedded profile is right"),
            seed: 1,
            clock: Clock::stepped(Instant::from_epoch_ms(0)),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
        })
    }

    #[test]
    fn the_fixture_has_one_lock_of_each_trouble() {
        let sandbox = sandbox();
        let world = &mut sandbox.state().world;
        let expected = Census { locks: 130, unreachable: 1, low_battery: 1, ..Census::default() };
        assert_eq!(world.census(), expected);
        world.set_door(3, Word::Ajar);
        assert_eq!(world.census().door_not_closed, 1);
    }

    #[test]
    fn locks_are_found_by_name_group_and_trouble() {
        let sandbox = sandbox();
        let world = &mut sandbox.state().world;
        let find = |world: &mut World, text: &str, only, skip| {
            let sought = Sought { text: text.to_owned(), group: None, only };
            let found = world.find_locks(&sought, skip, 2);
            (found.matching, found.part)
        };
        assert_eq!(find(world, "", None, 0), (130, vec![0, 1]));
        assert_eq!(find(world, "door 13", None, 1), (2, vec![129]));
        assert_eq!(find(world, "", Some(Only::Unreachable), 0), (1, vec![129]));
        assert_eq!(find(world, "BUILDING 1", None, 0).1, vec![0, 1]);
        assert_eq!(find(world, "nowhere", None, 0), (0, vec![]));
    }
}
