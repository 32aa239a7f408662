//! Changes told to whoever watches, without anybody having to ask.

use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

use tokio::sync::watch;

use super::sandbox::SandboxState;
use crate::vendors::vocabulary::{Clock, Instant};

/// The state of a world while somebody looks at it or changes it. Dropped, it
/// tells the watchers where something is not as it was, so that no way of
/// changing a world can forget to.
pub struct StateGuard<'a> {
    state: MutexGuard<'a, SandboxState>,
    changes: &'a watch::Sender<u64>,
    clock: &'a Clock,
    before: Option<Mark>,
}

/// What differs when something has changed.
#[derive(PartialEq, Eq)]
struct Mark {
    generation: u64,
    revision: u64,
    happened: u64,
    exchanges: u64,
    faults: u64,
    callbacks: usize,
    listens: bool,
    /// On a standing clock only: elsewhere time changes at every look.
    now: Option<Instant>,
}

impl<'a> StateGuard<'a> {
    pub(super) fn new(
        state: MutexGuard<'a, SandboxState>,
        changes: &'a watch::Sender<u64>,
        clock: &'a Clock,
    ) -> Self {
        let mut guard = Self { state, changes, clock, before: None };
        guard.before = guard.mark();
        guard
    }

    /// Nothing is compared where nobody watches.
    fn mark(&self) -> Option<Mark> {
        (self.changes.receiver_count() > 0).then(|| Mark {
            generation: self.state.generation,
            revision: self.state.world.revision(),
            happened: self.state.world.last_event(),
            exchanges: self.state.journal.last(),
            faults: self.state.faults.changes(),
            callbacks: self.state.outbox.sent.len(),
            listens: self.state.world.listener().is_some(),
            now: self.clock.is_stepped().then(|| self.state.world.settled()),
        })
    }
}

impl Deref for StateGuard<'_> {
    type Target = SandboxState;

    fn deref(&self) -> &SandboxState {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut SandboxState {
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        if self.mark() != self.before {
            self.changes.send_modify(|changes| *changes += 1);
        }
    }
}
