//! What Inlet knows of the names that a partner writes.
//!
//! A partner may write anything where an id belongs, a guest's name or a token
//! too. So an id is shown only where it is somebody else's: a lock that there is,
//! an access that Inlet has issued. Of any other it is told that it is unknown,
//! and by a number which it is, so that a reader tells two apart and learns
//! nothing of either.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::vendors::vocabulary::LockId;

/// Whether there is a lock of that name.
pub type KnowsLock = Arc<dyn Fn(&LockId) -> bool + Send + Sync>;

/// How many unknown names are told apart. Whoever writes more may fill no memory.
const TOLD_APART: usize = 10_000;
/// Longest name that is told apart from others, in bytes.
const LONGEST: usize = 256;

/// What a name is to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A lock.
    Lock,
    /// An access.
    Access,
    /// An operation, which its path names.
    Path,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lock => "lock",
            Self::Access => "access",
            Self::Path => "path",
        })
    }
}

/// What Inlet knows, and which unknown names were seen.
pub(super) struct Known {
    lock: KnowsLock,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    issued: BTreeSet<String>,
    unknown: BTreeMap<(Sort, String), usize>,
}

impl Known {
    /// Knows the locks that there are, and no access yet.
    pub fn new(lock: KnowsLock) -> Self {
        Self { lock, seen: Mutex::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of an access that Inlet named.
    pub fn issue(&self, reference_id: &str) {
        self.seen().issued.insert(reference_id.to_owned());
    }

    /// A lock's name as anybody may see it.
    pub fn lock(&self, name: &str) -> String {
        if (self.lock)(&LockId::new(name)) { name.to_owned() } else { self.unknown(Sort::Lock, name) }
    }

    /// An access's name as anybody may see it.
    pub fn access(&self, name: &str) -> String {
        if self.seen().issued.contains(name) { name.to_owned() } else { self.unknown(Sort::Access, name) }
    }

    /// Tells which of the unknown names of a sort one is.
    pub fn unknown(&self, sort: Sort, name: &str) -> String {
        match self.number(sort, name) {
            Some(number) => format!("‹unknown {sort} {number}›"),
            None => format!("‹unknown {sort}›"),
        }
    }

    fn number(&self, sort: Sort, name: &str) -> Option<usize> {
        let mut seen = self.seen();
        let key = (sort, name.to_owned());
        if let Some(number) = seen.unknown.get(&key) {
            return Some(*number);
        }
        if name.len() > LONGEST || seen.unknown.len() >= TOLD_APART {
            return None;
        }
        let number = 1 + seen.unknown.keys().filter(|(of, _)| *of == sort).count();
        seen.unknown.insert(key, number);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_shown_and_the_rest_is_told_apart() {
        let known = Known::new(Arc::new(|lock: &LockId| lock.as_str() == "L-1"));
        known.issue("a1");
        assert_eq!((known.lock("L-1").as_str(), known.access("a1").as_str()), ("L-1", "a1"));
        // A lock's name is no access's.
        assert_eq!(known.access("L-1"), "‹unknown access 1›");
        let told = ["Ada", "98765432", "Ada"].map(|name| known.lock(name));
        assert_eq!(told, ["‹unknown lock 1›", "‹unknown lock 2›", "‹unknown lock 1›"]);
        assert_eq!(known.unknown(Sort::Path, "/Ada"), "‹unknown path 1›");
        assert_eq!(known.lock(&"x".repeat(LONGEST + 1)), "‹unknown lock›");
    }

    #[test]
    fn whoever_writes_ever_more_names_fills_no_memory() {
        let known = Known::new(Arc::new(|_: &LockId| false));
        for number in 0..TOLD_APART {
            known.seen().unknown.insert((Sort::Lock, number.to_string()), number);
        }
        assert_eq!(known.lock("one more"), "‹unknown lock›");
        assert_eq!(known.seen().unknown.len(), TOLD_APART);
    }
}
