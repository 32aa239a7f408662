//! Commands that are under way, where the vendor takes so many at once only.

use super::rate::Devices;
use super::sandbox::SandboxState;
use crate::vendors::dialect::Operation;
use crate::vendors::profile::PendingLimit;
use crate::vendors::vocabulary::Facts;

/// The commands under way, by what the profile's limits count them for.
#[derive(Debug, Default)]
pub struct UnderWay {
    limits: Vec<PendingLimit>,
    /// Which limit, what it counts for, and the job.
    jobs: Vec<(usize, String, String)>,
}

impl UnderWay {
    /// Nothing under way yet.
    pub fn new(limits: &[PendingLimit]) -> Self {
        Self { limits: limits.to_vec(), jobs: Vec::new() }
    }

    /// Whether a limit counts the commands of an operation.
    pub fn counts(&self, operation: &str) -> bool {
        self.limits.iter().any(|limit| limit.counts(operation))
    }

    /// Whether there is room for one more command. `runs` tells whether a job has
    /// not ended yet.
    pub fn has_room(&mut self, operation: &str, meant: &Devices, runs: impl Fn(&str) -> bool) -> bool {
        self.jobs.retain(|(_, _, job)| runs(job));
        let keyed = self.keyed(operation, meant);
        keyed.iter().all(|(limit, key)| {
            let running = self.jobs.iter().filter(|(of, kept, _)| of == limit && kept == key).count();
            self.limits.get(*limit).is_none_or(|limit| running < limit.jobs as usize)
        })
    }

    /// A command of an operation began as this job.
    pub fn begin(&mut self, operation: &str, meant: &Devices, job: &str) {
        let keyed = self.keyed(operation, meant);
        self.jobs.extend(keyed.into_iter().map(|(limit, key)| (limit, key, job.to_owned())));
    }

    fn keyed(&self, operation: &str, meant: &Devices) -> Vec<(usize, String)> {
        let counting = self.limits.iter().enumerate().filter(|(_, limit)| limit.counts(operation));
        counting
            .flat_map(|(number, limit)| meant.of(limit.of).into_iter().map(move |key| (number, key)))
            .collect()
    }
}

/// The devices that a call is about, where a limit counts by them.
pub(super) fn meant(state: &SandboxState, operation: &Operation, asked: &Facts) -> Devices {
    let name = operation.name();
    if !state.rate.counts_devices(name) && !state.under_way.counts(name) {
        return Devices::default();
    }
    let locks = state.world.meant_locks(asked).iter().map(ToString::to_string).collect();
    Devices { locks, bridges: state.world.meant_bridges(asked) }
}

/// Whether the vendor takes one more command now.
pub(super) fn has_room(state: &mut SandboxState, operation: &Operation, meant: &Devices) -> bool {
    let world = &state.world;
    state.under_way.has_room(operation.name(), meant, |job| world.job_runs(job))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::RateScope;

    #[test]
    fn one_more_is_taken_when_one_has_ended() {
        let limit = PendingLimit { jobs: 1, of: RateScope::Bridge, operations: vec!["open".to_owned()] };
        let mut under_way = UnderWay::new(&[limit]);
        let behind = |bridge: &str| Devices { locks: Vec::new(), bridges: vec![bridge.to_owned()] };
        assert!(under_way.has_room("open", &behind("north"), |_| true));
        under_way.begin("open", &behind("north"), "job-1");
        assert!(!under_way.has_room("open", &behind("north"), |_| true));
        assert!(under_way.has_room("open", &behind("south"), |_| true), "another bridge");
        assert!(under_way.has_room("look", &behind("north"), |_| true), "another operation");
        assert!(under_way.has_room("open", &behind("north"), |job| job != "job-1"));
    }
}
