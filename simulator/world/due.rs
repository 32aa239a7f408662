//! What happens by itself, in the order of its time.

use super::World;
use super::jobs::JobKey;
use crate::vendors::vocabulary::Instant;

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// A job is carried out.
    Job(JobKey),
    /// A PIN reaches a lock.
    Arrive {
        /// The access.
        access: usize,
        /// The lock.
        lock: u32,
    },
    /// A PIN's window begins or ends.
    Boundary {
        /// The access.
        access: usize,
        /// Whether it begins.
        begins: bool,
    },
    /// A removed PIN has left the lock.
    Gone {
        /// The access.
        access: usize,
    },
    /// A momentary unlock may be over.
    Relock {
        /// The lock.
        lock: u32,
    },
    /// A hold may be over.
    HoldEnd {
        /// The lock.
        lock: u32,
    },
}

impl World {
    /// Puts something into the queue.
    pub(super) fn plan(&mut self, at: Instant, due: Due) {
        self.planned += 1;
        self.due.insert((at, self.planned), due);
    }

    /// Carries out everything that is due by the clock's present, each at its
    /// own time. Returns how much that was.
    pub fn settle(&mut self) -> usize {
        let present = self.clock.now();
        let mut fired = 0;
        while let Some(entry) = self.due.first_entry() {
            let at = entry.key().0;
            if at > present {
                break;
            }
            let due = entry.remove();
            self.now = at.max(self.now);
            self.revision += 1;
            self.fire(due);
            fired += 1;
        }
        self.now = present.max(self.now);
        fired
    }

    fn fire(&mut self, due: Due) {
        match due {
            Due::Job(key) => self.finish_job(key),
            Due::Arrive { access, lock } => self.arrive(access, lock),
            Due::Boundary { access, begins } => self.pass_boundary(access, begins),
            Due::Gone { access } => self.forget_access(access),
            Due::Relock { lock } => self.relock(lock),
            Due::HoldEnd { lock } => self.end_hold(lock),
        }
    }
}
