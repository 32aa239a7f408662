//! The PIN accesses as they really are, for whoever looks from outside.

use super::World;
use super::accesses::Stage;
use crate::simulator::AccessView;
use crate::vendors::vocabulary::{AccessId, LockId};

impl World {
    /// Every PIN access that is neither withdrawn nor over, in the order of its making.
    pub fn access_views(&mut self) -> Vec<AccessView> {
        self.settle();
        let current = |index: &usize| self.accesses.get(*index).is_some_and(|a| a.is_current(self.now));
        let all: Vec<usize> = self.accesses.all().into_iter().filter(current).collect();
        all.into_iter().filter_map(|index| self.access_view(index)).collect()
    }

    /// The PIN accesses that hold on a lock and are neither withdrawn nor over.
    pub fn access_views_on(&mut self, lock: u32) -> Vec<AccessView> {
        self.settle();
        let current = |index: &usize| self.accesses.get(*index).is_some_and(|a| a.is_current(self.now));
        let all: Vec<usize> = self.accesses_on(lock).into_iter().filter(current).collect();
        all.into_iter().filter_map(|index| self.access_view(index)).collect()
    }

    fn access_view(&self, index: usize) -> Option<AccessView> {
        let access = self.accesses.get(index)?;
        let lock = |lock: &u32| LockId::new(&*self.lock_name(*lock));
        Some(AccessView {
            id: AccessId::new(&*access.id),
            name: access.name.to_string(),
            locks: self.locks_in(access.scope).iter().map(lock).collect(),
            window: access.window,
            typed: access.pin.as_ref().map(|pin| self.typed(pin)),
            is_on_lock: access.stage == Stage::Active && !access.on.is_empty(),
        })
    }
}
