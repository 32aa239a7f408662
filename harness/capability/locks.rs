//! Locks that by their own data cannot do what others can.

use crate::harness::result::LimitedLock;

/// Locks that say of themselves that they lack something, each once, by id.
pub fn limited_locks(said: &[LimitedLock]) -> Vec<LimitedLock> {
    let mut locks = said.to_vec();
    locks.sort_by(|a, b| a.lock.cmp(&b.lock));
    locks.dedup_by(|a, b| a.lock == b.lock);
    locks
}
