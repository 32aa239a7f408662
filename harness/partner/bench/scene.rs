//! What a scenario has of its own on the bench that all of them share.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::harness::bench::Waited;
use crate::harness::criterion::CriterionId;
use crate::simulator::FaultId;

/// One scenario: which doors it is about, what it did to the systems around it,
/// and how long it rightly waited.
#[derive(Default)]
pub(super) struct Scene {
    /// The criterion that it belongs to.
    pub(super) criterion: Option<CriterionId>,
    /// How long it waited.
    pub(super) waited: Waited,
    own: Mutex<Own>,
}

#[derive(Default)]
struct Own {
    doors: BTreeSet<String>,
    inlet_faults: Vec<FaultId>,
    upstream_faults: Vec<FaultId>,
    testimony: Vec<String>,
}

impl Scene {
    /// A scenario of a criterion, which has done nothing yet.
    pub(super) fn of(criterion: CriterionId) -> Self {
        Self { criterion: Some(criterion), ..Self::default() }
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a door that the scenario took or looked at.
    pub(super) fn is_about(&self, door: &str) {
        let mut own = self.own();
        if !own.doors.contains(door) {
            own.doors.insert(door.to_owned());
        }
    }

    /// Every such door.
    pub(super) fn doors(&self) -> BTreeSet<String> {
        self.own().doors.clone()
    }

    /// Takes note of a fault of Inlet's own.
    pub(super) fn injected(&self, fault: FaultId) {
        self.own().inlet_faults.push(fault);
    }

    /// Takes note of a fault of the lock system behind Inlet.
    pub(super) fn injected_upstream(&self, fault: FaultId) {
        self.own().upstream_faults.push(fault);
    }

    /// The faults since the last call: Inlet's own, and those behind it.
    pub(super) fn take_faults(&self) -> (Vec<FaultId>, Vec<FaultId>) {
        let mut own = self.own();
        (std::mem::take(&mut own.inlet_faults), std::mem::take(&mut own.upstream_faults))
    }

    /// Takes note of what somebody vouches for.
    pub(super) fn rests_on(&self, testimony: String) {
        self.own().testimony.push(testimony);
    }

    /// What was vouched for since the last call.
    pub(super) fn take_testimony(&self) -> Vec<String> {
        std::mem::take(&mut self.own().testimony)
    }
}
