//! The faults of one world: which strikes a call, and how often each did.

use super::fault::{Account, Effect, Fault, FaultId, Place};
use super::world::Dice;
use crate::vendors::vocabulary::{Instant, LockId, Meaning};

/// A call as a fault's place is compared with it.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// The operation's name.
    pub operation: &'a str,
    /// Its meaning.
    pub meaning: Meaning,
    /// The locks that the request means.
    pub locks: &'a [LockId],
}

#[derive(Clone, Debug)]
struct Installed {
    account: Account,
    /// From when on it lasts, as far as that is known.
    since: Option<Instant>,
    seen: u32,
}

/// Faults in the order of their installation; the first that fits strikes.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    installed: Vec<Installed>,
    next: u64,
    changes: u64,
    dice: Dice,
}

impl FaultPlan {
    /// No faults; chance comes from the seed.
    pub fn new(seed: u64) -> Self {
        Self { installed: Vec::new(), next: 1, changes: 0, dice: Dice::new(seed, "faults") }
    }

    /// Installs a fault.
    pub fn add(&mut self, fault: Fault, now: Instant) -> FaultId {
        let id = FaultId(self.next);
        self.next += 1;
        self.changes += 1;
        let since = (!fault.schedule.from_first_strike).then_some(now);
        self.installed.push(Installed { account: Account { id, fault, consumed: 0 }, since, seen: 0 });
        id
    }

    /// Takes a fault away; false when there is none of that name.
    pub fn remove(&mut self, id: FaultId) -> bool {
        let before = self.installed.len();
        self.installed.retain(|kept| kept.account.id != id);
        let removed = self.installed.len() < before;
        self.changes += u64::from(removed);
        removed
    }

    /// Takes every fault away.
    pub fn clear(&mut self) {
        self.changes += 1;
        self.installed.clear();
    }

    /// What was installed and what took effect.
    pub fn accounts(&self) -> Vec<Account> {
        self.installed.iter().map(|kept| kept.account.clone()).collect()
    }

    /// Grows with every fault that is installed, strikes or is taken away.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Whether nothing is installed.
    pub fn is_empty(&self) -> bool {
        self.installed.is_empty()
    }

    /// The effect that strikes a call, which is counted.
    pub fn strike(&mut self, target: &Target<'_>, now: Instant) -> Option<Effect> {
        for kept in &mut self.installed {
            if fits(&kept.account.fault.place, target) && is_up(kept, now, &mut self.dice) {
                kept.account.consumed += 1;
                kept.since.get_or_insert(now);
                self.changes += 1;
                return Some(kept.account.fault.effect.clone());
            }
        }
        None
    }
}

fn fits(place: &Place, target: &Target<'_>) -> bool {
    place.operation.as_deref().is_none_or(|name| name == target.operation)
        && place.meaning.is_none_or(|meaning| meaning == target.meaning)
        && place.lock.as_ref().is_none_or(|lock| target.locks.contains(lock))
}

fn is_up(kept: &mut Installed, now: Instant, dice: &mut Dice) -> bool {
    let schedule = &kept.account.fault.schedule;
    let over = kept.since.zip(schedule.lasts).is_some_and(|(since, span)| now >= since + span);
    let used_up = schedule.times.is_some_and(|times| kept.account.consumed >= times);
    if over || used_up {
        return false;
    }
    kept.seen = kept.seen.saturating_add(1);
    kept.seen > schedule.skip && dice.happens(schedule.probability)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::simulator::Schedule;

    fn struck(schedule: Schedule, at: &[u64]) -> Vec<bool> {
        let now = |second: &u64| Instant::from_epoch_ms(0) + Duration::from_secs(*second);
        let mut plan = FaultPlan::new(1);
        let effect = Effect::Withhold { carried_out: false };
        plan.add(Fault { place: Place::default(), schedule, effect }, now(&0));
        let target = Target { operation: "GrantAccess", meaning: Meaning::SetPin, locks: &[] };
        at.iter().map(|second| plan.strike(&target, now(second)).is_some()).collect()
    }

    #[test]
    fn a_fault_lasts_from_its_installation_or_from_the_first_call_that_it_strikes() {
        let minute = Duration::from_secs(60);
        assert_eq!(struck(Schedule::lasting(minute), &[0, 59, 60]), [true, true, false]);
        assert_eq!(struck(Schedule::lasting(minute), &[100, 130]), [false, false]);
        let from_first = Schedule::lasting_from_first_strike(minute);
        assert_eq!(struck(from_first, &[100, 159, 160]), [true, true, false]);
    }
}
