//! What there is to try things on: groups, locks, ids that nobody has.

use super::{Bench, Missing, Side, unknown};
use crate::harness::result::LimitedLock;
use crate::vendors::vocabulary::{Function, GroupId, LockId};

impl Bench {
    /// Every group there is, where the bench knows it better than the vendor
    /// says (the simulated world, or the subject file).
    pub fn known_groups(&self) -> Option<Vec<GroupId>> {
        match &self.side {
            Side::Simulated(simulator) => {
                Some(simulator.control().groups().into_iter().map(|group| group.id).collect())
            }
            Side::Foreign(_) => None,
        }
    }

    /// Every lock there is, likewise.
    pub fn known_locks(&self) -> Option<Vec<LockId>> {
        match &self.side {
            Side::Simulated(simulator) => {
                Some(simulator.control().locks().into_iter().map(|lock| lock.id).collect())
            }
            Side::Foreign(_) => None,
        }
    }

    /// A group with some but not all locks, and the locks that are truly in it
    /// where that is known (else what the vendor's own metadata says).
    pub fn partial_group(&self) -> Result<(GroupId, Option<Vec<LockId>>), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                let id = simulator.control().fixture().partial_group;
                let group = simulator.control().groups().into_iter().find(|group| group.id == id);
                Ok((id, group.map(|group| group.locks)))
            }
            Side::Foreign(foreign) => {
                named(foreign.roles().partial_group.clone(), "a group with some locks (groups.partial)")
            }
        }
    }

    /// A group without locks.
    pub fn empty_group(&self) -> Result<GroupId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().empty_group),
            Side::Foreign(foreign) => {
                named(foreign.roles().empty_group.clone(), "an empty group (groups.empty)")
            }
        }
    }

    /// The `nth` lock (from 0) that may be used freely.
    pub fn free_lock(&self, nth: usize) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => simulator
                .control()
                .fixture()
                .free_locks
                .get(nth)
                .cloned()
                .ok_or_else(|| Missing(format!("the simulated world has no free lock number {nth}"))),
            Side::Foreign(foreign) => {
                let limited = self.recorder.limited_locks();
                let fit = |lock: &&LockId| !self.lacks_keypad(lock, &limited);
                let free = foreign.roles().free_locks.iter();
                let chosen = free.clone().filter(fit).nth(nth).cloned();
                let unfit: Vec<&str> = free.filter(|lock| !fit(lock)).map(LockId::as_str).collect();
                match chosen {
                    None if !unfit.is_empty() => Err(Missing(format!(
                        "too few free locks have a keypad for PINs: {} has none by its own data (locks.free)",
                        unfit.join(", ")
                    ))),
                    chosen => named(chosen, "enough free locks (locks.free)"),
                }
            }
        }
    }

    /// Whether a lock cannot take the PINs that the vendor's functions are about.
    fn lacks_keypad(&self, lock: &LockId, limited: &[LimitedLock]) -> bool {
        let lacking = limited.iter().filter(|one| one.lacks.iter().any(|what| what == "keypad"));
        self.dialect().supports(Function::CreatePinAccess)
            && lacking.map(|one| &one.lock).any(|id| id == lock.as_str())
    }

    /// A lock that cannot be reached.
    pub fn offline_lock(&self) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().offline_lock),
            Side::Foreign(foreign) => {
                named(foreign.roles().offline_lock.clone(), "an offline lock (locks.offline)")
            }
        }
    }

    /// A lock with a low battery.
    pub fn low_battery_lock(&self) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().low_battery_lock),
            Side::Foreign(foreign) => named(
                foreign.roles().low_battery_lock.clone(),
                "a lock with a low battery (locks.low_battery)",
            ),
        }
    }

    /// An id that no lock of the subject has, in the form of those that it has.
    /// Missing where the subject does not show which locks it has.
    pub async fn unknown_lock(&self) -> Result<LockId, Missing> {
        let known = match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().locks().iter().map(|lock| lock.id.to_string()).collect()
            }
            Side::Foreign(foreign) => foreign.lock_ids(&self.inlet).await?,
        };
        let made_up = unknown::unlike(&known).ok_or_else(|| not_unknown("lock"))?;
        self.recorder.record_made_up(&made_up);
        Ok(LockId::new(made_up))
    }

    /// An id that no group of the subject has, likewise.
    pub async fn unknown_group(&self) -> Result<GroupId, Missing> {
        let known = match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().groups().iter().map(|group| group.id.to_string()).collect()
            }
            Side::Foreign(foreign) => foreign.group_ids(&self.inlet).await?,
        };
        let made_up = unknown::unlike(&known).ok_or_else(|| not_unknown("group"))?;
        self.recorder.record_made_up(&made_up);
        Ok(GroupId::new(made_up))
    }

    /// Where an invitation may go.
    pub fn tester_email(&self) -> Result<String, Missing> {
        match &self.side {
            Side::Simulated(_) => Ok("tester@lockstep.example".to_owned()),
            Side::Foreign(foreign) => named(foreign.tester_email(), "a tester's address (tester.email)"),
        }
    }
}

fn not_unknown(what: &str) -> Missing {
    Missing(format!("no {what} id can be shown to be unknown to the subject, so none is tried"))
}

fn named<T>(value: Option<T>, what: &str) -> Result<T, Missing> {
    value.ok_or_else(|| Missing(format!("the subject file does not name {what}")))
}
