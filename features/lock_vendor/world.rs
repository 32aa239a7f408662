//! What the steps of one scenario share.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, PoisonError};

use crate::harness::bench::Bench;
use crate::harness::integration::{
    AccessGroup, CallFailure, Hold, Lock, LockStatus, MobileAccess, PinAccess, PinRequest,
};
use crate::harness::runner::Attach;
use crate::harness::trial::{Shortfall, Stop, Trial};
use crate::vendors::vocabulary::{AccessId, Function, Instant, LockId, Pin, Window};

/// The world of one scenario.
#[derive(Default)]
pub struct LockVendor {
    trial: Option<Trial>,
    /// The reading function that works with valid credentials.
    pub(super) read: Option<Function>,
    /// How often a name was given, so that no two are alike.
    pub(super) names: usize,
    /// Lists of groups, in the order in which they were asked for.
    pub(super) group_lists: Vec<Vec<AccessGroup>>,
    /// Lists of locks, likewise.
    pub(super) lock_lists: Vec<Vec<Lock>>,
    /// What listing the locks of one group led to, and what is true.
    pub(super) filtered: Option<Result<Vec<Lock>, CallFailure>>,
    /// The locks that are truly in the group.
    pub(super) truly_inside: Option<Vec<LockId>>,
    /// Whether that is known only from what the locks say of themselves.
    pub(super) inside_by_metadata: bool,
    /// Statuses by lock.
    pub(super) statuses: Vec<(LockId, LockStatus)>,
    /// The lock that the scenario is about.
    pub(super) lock: Option<LockId>,
    /// Whether the lock can be brought back.
    pub(super) returnable: bool,
    /// Why nobody sees the bolt, where nobody does.
    pub(super) unseen: Option<String>,
    /// Accesses in the order in which they were created.
    pub(super) pins: Vec<PinAccess>,
    /// What was asked for, in the same order.
    pub(super) requests: Vec<PinRequest>,
    /// What the last attempt at a creation led to.
    pub(super) attempt: Option<Result<PinAccess, CallFailure>>,
    /// What the vendor told of each access before something was removed.
    pub(super) told_before: Vec<Option<PinAccess>>,
    /// The accesses that stood on the lock before.
    pub(super) before: Option<Vec<AccessId>>,
    /// Mobile keys in the order in which they were created.
    pub(super) mobiles: Vec<MobileAccess>,
    /// The window of the mobile key or of a PIN for later.
    pub(super) window: Option<Window>,
    /// Calls by what they were to do.
    pub(super) calls: Vec<(String, Result<(), CallFailure>)>,
    /// When the last command was sent.
    pub(super) sent_at: Option<Instant>,
    /// When the bolt was last seen to be drawn.
    pub(super) drawn_at: Option<Instant>,
    /// When the last command was answered.
    pub(super) answered_at: Option<Instant>,
    /// A hold under way.
    pub(super) hold: Option<Hold>,
    /// Computed PINs with their windows.
    pub(super) computed: Vec<(Pin, Window)>,
    /// What provoked losses led to.
    pub(super) losses: Vec<super::resilience::Outcome>,
}

impl LockVendor {
    fn trial(&self) -> Result<&Trial, Stop> {
        self.trial.as_ref().ok_or_else(|| Stop::Error("the scenario was given no subject".to_owned()))
    }

    /// The subject and its instruments.
    pub(super) fn bench(&self) -> Result<Arc<Bench>, Stop> {
        self.trial().map(|trial| Arc::clone(&trial.bench))
    }

    /// Something that a passing scenario wants to say.
    pub(super) fn remark(&self, text: impl Into<String>) {
        if let Some(trial) = &self.trial {
            trial.remarks.lock().unwrap_or_else(PoisonError::into_inner).push(text.into());
        }
    }

    /// Something noteworthy that does not fail the criterion.
    pub(super) fn warn(
        &self,
        summary: impl Into<String>,
        expected: impl Into<String>,
        observed: impl Into<String>,
    ) {
        if let Some(trial) = &self.trial {
            trial.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(Shortfall {
                summary: summary.into(),
                expected: expected.into(),
                observed: observed.into(),
                sent: None,
                evidence: Vec::new(),
                refused: None,
            });
        }
    }

    /// The lock that the scenario is about.
    pub(super) fn lock(&self) -> Result<LockId, Stop> {
        self.lock.clone().ok_or_else(|| Stop::Error("no step has chosen a lock".to_owned()))
    }

    /// The access that was created `nth` (from 0).
    pub(super) fn pin(&self, nth: usize) -> Result<PinAccess, Stop> {
        self.pins.get(nth).cloned().ok_or_else(|| Stop::Error("no step has created that PIN".to_owned()))
    }

    /// What was asked for as `nth` (from 0).
    pub(super) fn request(&self, nth: usize) -> Result<PinRequest, Stop> {
        self.requests
            .get(nth)
            .cloned()
            .ok_or_else(|| Stop::Error("no step has asked for that PIN".to_owned()))
    }
}

impl Attach for LockVendor {
    type Bench = Bench;

    fn attach(&mut self, trial: Trial) {
        self.trial = Some(trial);
    }
}

impl cucumber::World for LockVendor {
    type Error = Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl fmt::Debug for LockVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockVendor")
            .field("lock", &self.lock)
            .field("pins", &self.pins.len())
            .finish_non_exhaustive()
    }
}
