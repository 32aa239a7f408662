//! PIN accesses as they are kept.

use std::collections::HashMap;
use std::sync::Arc;

use crate::vendors::vocabulary::{Days, Instant, Pin, Window};

/// Where an access holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// On one lock.
    Lock(u32),
    /// On every lock of a group.
    Group(u32),
    /// Nowhere yet: the vendor asks for it in another call.
    Nowhere,
}

/// How far an access has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Given, without a PIN yet.
    Assigned,
    /// Its PIN is on the way to the lock.
    Sending,
    /// Its PIN is on the lock.
    Active,
    /// Its PIN never reached the lock.
    Failed,
    /// Withdrawn; still on the lock for a moment.
    Removed,
}

/// One PIN access.
#[derive(Clone, Debug)]
pub struct Access {
    /// The vendor's id.
    pub id: Arc<str>,
    /// Whose it is.
    pub user: Option<Arc<str>>,
    /// Its name.
    pub name: Box<str>,
    /// Where it holds.
    pub scope: Scope,
    /// When it holds, as the vendor tells.
    pub window: Window,
    /// The weekdays on which it opens, in UTC.
    pub days: Days,
    /// Its keys.
    pub pin: Option<Pin>,
    /// How far it has come.
    pub stage: Stage,
    /// Locks on which the PIN is.
    pub on: Vec<u32>,
    /// Locks that could not be reached; they get it when they return.
    pub waiting: Vec<u32>,
    /// Whether it was assigned before it got a PIN.
    pub assigned: bool,
    /// When it came to be.
    pub made: Instant,
    /// The job that waits for a lock to return.
    pub job: Option<Arc<str>>,
}

impl Access {
    /// Whether it is in force or on its way, and not over.
    pub fn is_current(&self, now: Instant) -> bool {
        self.stage != Stage::Removed && now < self.window.until
    }
}

/// Every access, with its indexes. Entries are never moved, so an index stays
/// good for as long as the world lives.
#[derive(Clone, Debug, Default)]
pub struct Accesses {
    all: Vec<Option<Access>>,
    by_id: HashMap<Arc<str>, usize>,
    by_scope: HashMap<Scope, Vec<usize>>,
}

impl Accesses {
    /// Adds one.
    pub fn add(&mut self, access: Access) -> usize {
        let index = self.all.len();
        self.by_id.insert(access.id.clone(), index);
        self.by_scope.entry(access.scope).or_default().push(index);
        self.all.push(Some(access));
        index
    }

    /// The access of that index.
    pub fn get(&self, index: usize) -> Option<&Access> {
        self.all.get(index)?.as_ref()
    }

    /// The access of that index, to change it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Access> {
        self.all.get_mut(index)?.as_mut()
    }

    /// The access of that id that is not withdrawn.
    pub fn find(&self, id: &str) -> Option<usize> {
        let index = *self.by_id.get(id)?;
        self.get(index).filter(|access| access.stage != Stage::Removed).map(|_| index)
    }

    /// The access of that id, withdrawn or not.
    pub fn at(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Moves an access to another scope.
    pub fn rescope(&mut self, index: usize, scope: Scope) {
        let Some(access) = self.get_mut(index) else { return };
        let before = std::mem::replace(&mut access.scope, scope);
        if let Some(list) = self.by_scope.get_mut(&before) {
            list.retain(|kept| *kept != index);
        }
        self.by_scope.entry(scope).or_default().push(index);
    }

    /// Forgets one.
    pub fn forget(&mut self, index: usize) {
        let Some(access) = self.all.get_mut(index).and_then(Option::take) else { return };
        self.by_id.remove(&access.id);
        if let Some(list) = self.by_scope.get_mut(&access.scope) {
            list.retain(|kept| *kept != index);
        }
    }

    /// Accesses that hold on a lock, in the order of their making.
    pub fn on_lock(&self, lock: u32, groups: &[u32]) -> Vec<usize> {
        let own = self.by_scope.get(&Scope::Lock(lock)).into_iter().flatten();
        let shared = groups.iter().filter_map(|group| self.by_scope.get(&Scope::Group(*group))).flatten();
        let mut found: Vec<usize> = own.chain(shared).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Accesses of a user.
    pub fn of_user(&self, user: &str) -> Vec<usize> {
        self.filtered(|access| access.user.as_deref() == Some(user))
    }

    /// Every access that is not withdrawn.
    pub fn all(&self) -> Vec<usize> {
        self.filtered(|_| true)
    }

    fn filtered(&self, keep: impl Fn(&Access) -> bool) -> Vec<usize> {
        let fits = |access: &Access| access.stage != Stage::Removed && keep(access);
        (0..self.all.len()).filter(|index| self.get(*index).is_some_and(fits)).collect()
    }
}
