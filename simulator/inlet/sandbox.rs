//! Everything that belongs to one simulated Inlet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::Notify;

use super::book::Book;
use super::customers::Customer;
use super::known::{Known, KnowsLock};
use super::messages::{MessageRule, Outbox};
use super::upstream::LockUpstream;
use crate::simulator::fault_plan::FaultPlan;
use crate::simulator::server::Journal;
use crate::vendors::vocabulary::Clock;

/// One simulated Inlet.
pub(super) struct InletSandbox {
    pub clock: Clock,
    pub upstream: Arc<dyn LockUpstream>,
    pub rules: Vec<MessageRule>,
    pub zone: TimeZone,
    /// The address under which it is reached.
    pub address: String,
    /// Whether a call over plain HTTP is refused.
    pub only_encrypted: bool,
    state: Mutex<InletState>,
    /// What it knows of the names that partners write.
    pub known: Arc<Known>,
    /// Told when something is planned for later.
    pub planned: Notify,
}

/// What changes in it.
pub(super) struct InletState {
    pub customers: Vec<Customer>,
    pub book: Book,
    pub faults: FaultPlan,
    pub journal: Journal,
    pub outbox: Outbox,
}

/// What one is made from.
pub(super) struct Setup {
    pub clock: Clock,
    pub upstream: Arc<dyn LockUpstream>,
    pub customers: Vec<Customer>,
    pub rules: Vec<MessageRule>,
    pub zone: TimeZone,
    pub address: String,
    pub only_encrypted: bool,
    pub knows_lock: KnowsLock,
    pub seed: u64,
}

impl InletSandbox {
    pub fn new(setup: Setup) -> Self {
        let Setup { clock, upstream, customers, rules, zone, address, only_encrypted, knows_lock, seed } =
            setup;
        let state = InletState {
            customers,
            book: Book::new(seed),
            faults: FaultPlan::new(seed),
            journal: Journal::default(),
            outbox: Outbox::default(),
        };
        let (state, known) = (Mutex::new(state), Arc::new(Known::new(knows_lock)));
        Self { clock, upstream, rules, zone, address, only_encrypted, state, known, planned: Notify::new() }
    }

    pub fn state(&self) -> MutexGuard<'_, InletState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
