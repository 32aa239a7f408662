//! What a misbehaviour needs to know of the world that it misrepresents.

use super::World;
use crate::vendors::vocabulary::Facts;

impl World {
    /// How many locks a group has; `None` where there is no such group.
    pub fn group_size(&self, group: &str) -> Option<usize> {
        let index = self.places.group(group)?;
        self.places.groups.get(index as usize).map(|group| group.locks.len())
    }

    /// A lock that is not in the group.
    pub fn lock_outside(&self, group: &str) -> Option<Facts> {
        let group = self.places.group(group)?;
        let other = self.places.locks.iter().position(|lock| lock.group != Some(group))?;
        Some(self.lock_facts(other as u32))
    }

    /// The first lock.
    pub fn any_lock(&self) -> Option<Facts> {
        (!self.places.locks.is_empty()).then(|| self.lock_facts(0))
    }

    /// Whether there is such a lock.
    pub fn has_lock(&self, lock: &str) -> bool {
        self.places.lock(lock).is_some()
    }

    /// The oldest access of a lock that still waits for its PIN.
    pub fn access_without_pin(&self, lock: &str) -> Option<String> {
        let waits = |index: &usize| {
            self.accesses.get(*index).is_some_and(|access| access.pin.is_none() && access.assigned)
        };
        let first = self.accesses.on_lock(self.places.lock(lock)?, &[]).into_iter().find(waits)?;
        self.accesses.get(first).map(|access| access.id.to_string())
    }

    /// Whether there is such an access.
    pub fn has_access(&self, access: &str) -> bool {
        self.accesses.find(access).is_some()
    }

    /// The id of an access that is not withdrawn.
    pub fn any_access(&self) -> Option<String> {
        let index = *self.accesses.all().first()?;
        self.accesses.get(index).map(|access| access.id.to_string())
    }

    /// An id that nothing has.
    pub fn fresh_id(&mut self) -> String {
        self.make_id("nothing").to_string()
    }
}
