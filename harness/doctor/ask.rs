//! The harmless calls: a token, groups, locks, the state of named locks.

use std::collections::BTreeMap;

use super::trouble::{self, Asking, Trouble};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{AccessGroup, CallFailure, Integration, Lock, LockStatus};
use crate::harness::result::Exchange;
use crate::harness::subject::{Given, Subject};
use crate::vendors::vocabulary::{FailureKind, Function, GroupId, LockId};

/// Locks whose state is asked for at most.
const MOST_LOCKS: usize = 12;

/// What was asked and what came of it.
pub(super) struct Round<'a> {
    inlet: &'a Integration,
    recorder: &'a Recorder,
    given: Given,
    /// What is in the way of every call, and the exchange that shows it.
    pub(super) obstacle: Option<(Trouble, Option<Exchange>)>,
    /// Calls that were answered as documented: what they were to do.
    pub(super) fine: Vec<String>,
    /// Calls at whose path nothing is, with the exchange.
    pub(super) not_there: Vec<(String, Option<Exchange>)>,
    /// Calls that the credentials may not make, likewise.
    pub(super) forbidden: Vec<(String, Option<Exchange>)>,
    /// Calls that failed in a way that no configuration explains.
    pub(super) unclear: Vec<(String, Option<Exchange>)>,
    /// Every group.
    pub(super) groups: Option<Vec<AccessGroup>>,
    /// Every lock.
    pub(super) locks: Option<Vec<Lock>>,
    /// The locks of a named group.
    pub(super) inside: BTreeMap<GroupId, Vec<Lock>>,
    /// The state of a named lock, or the kind of failure that asking for it met.
    pub(super) states: BTreeMap<LockId, Result<LockStatus, FailureKind>>,
}

impl<'a> Round<'a> {
    /// Asks as long as nothing is in the way.
    pub(super) async fn make(inlet: &'a Integration, subject: &Subject, recorder: &'a Recorder) -> Self {
        let mut round = Self {
            inlet,
            recorder,
            given: subject.given,
            obstacle: None,
            fine: Vec::new(),
            not_there: Vec::new(),
            forbidden: Vec::new(),
            unclear: Vec::new(),
            groups: None,
            locks: None,
            inside: BTreeMap::new(),
            states: BTreeMap::new(),
        };
        round.token().await;
        round.lists().await;
        round.named_locks(subject).await;
        round.named_groups(subject).await;
        round
    }

    async fn token(&mut self) {
        if self.inlet.dialect().auth.token_operation.is_some() {
            let had = self.inlet.clocks().harness.drive(self.inlet.with_frozen_session()).await;
            self.note("fetching a token", Asking::Token, had.map(drop));
        }
    }

    async fn lists(&mut self) {
        if self.may(Function::ListAccessGroups) {
            let groups = self.inlet.clocks().harness.drive(self.inlet.list_access_groups()).await;
            self.groups = self.note("listing groups", Asking::List, groups);
        }
        if self.may(Function::ListLocks) {
            let locks = self.inlet.clocks().harness.drive(self.inlet.list_locks(None)).await;
            self.locks = self.note("listing locks", Asking::List, locks);
        }
    }

    async fn named_locks(&mut self, subject: &Subject) {
        let roles = &subject.roles;
        // Those with a part of their own come first, for there may be many free ones.
        let alone = roles.offline_lock.iter().chain(&roles.low_battery_lock);
        for lock in alone.chain(&roles.free_locks) {
            if !self.may(Function::GetLockStatus) || self.states.len() >= MOST_LOCKS {
                break;
            }
            if self.states.contains_key(lock) {
                continue;
            }
            let state = self.inlet.clocks().harness.drive(self.inlet.get_lock_status(lock)).await;
            let kept = match &state {
                Ok(state) => Ok(state.clone()),
                Err(failure) => Err(failure.kind),
            };
            // What a lock answers for itself is looked at as a fixture, not here.
            let own = matches!(kept, Err(FailureKind::NotFound | FailureKind::Offline));
            self.states.insert(lock.clone(), kept);
            if own && self.fine.iter().any(|what| what == "listing locks") {
                continue;
            }
            self.note("reading the state of a lock", Asking::OneLock, state);
        }
        if let Some(lock) = roles.free_locks.first().filter(|lock| self.is_known(lock))
            && self.may(Function::ListPinAccess)
        {
            let pins = self.inlet.clocks().harness.drive(self.inlet.list_pin_access(lock)).await;
            self.note("listing the PINs of a lock", Asking::OneLock, pins);
        }
    }

    async fn named_groups(&mut self, subject: &Subject) {
        let roles = &subject.roles;
        let partial = roles.partial_group.iter().map(|(group, _)| group);
        let named: Vec<&GroupId> = partial.chain(&roles.empty_group).collect();
        for group in named {
            let listed = self.groups.iter().flatten().any(|known| known.id == *group);
            if !(listed && self.locks.is_some() && self.may(Function::ListLocks)) {
                continue;
            }
            let inside = self.inlet.clocks().harness.drive(self.inlet.list_locks(Some(group))).await;
            if let Some(inside) = self.note("listing the locks of a group", Asking::OneLock, inside) {
                self.inside.insert(group.clone(), inside);
            }
        }
    }

    /// Whether a lock is listed, or tells its state.
    pub(super) fn is_known(&self, lock: &LockId) -> bool {
        let listed = self.locks.iter().flatten().any(|known| known.id == *lock);
        listed || matches!(self.states.get(lock), Some(Ok(_) | Err(FailureKind::Offline)))
    }

    fn may(&self, function: Function) -> bool {
        self.obstacle.is_none() && self.inlet.dialect().supports(function)
    }

    fn note<T>(&mut self, what: &str, asking: Asking, outcome: Result<T, CallFailure>) -> Option<T> {
        let failure = match outcome {
            Ok(value) => {
                self.fine.push(what.to_owned());
                return Some(value);
            }
            Err(failure) => failure,
        };
        let last = failure.exchanges.last();
        let exchange =
            last.and_then(|id| self.recorder.exchanges().into_iter().find(|exchange| exchange.id == *id));
        let told = |words: &str| format!("{what}: {words}");
        match trouble::of(&failure, exchange.as_ref(), asking, self.given) {
            Trouble::NotThere(words) if asking == Asking::Token => {
                self.obstacle = Some((Trouble::NotThere(told(&words)), exchange));
            }
            trouble @ (Trouble::Network(..) | Trouble::Gate(_)) => self.obstacle = Some((trouble, exchange)),
            Trouble::NotThere(words) => self.not_there.push((told(&words), exchange)),
            Trouble::Forbidden(words) => self.forbidden.push((told(&words), exchange)),
            Trouble::Unclear(words) => self.unclear.push((told(&trouble::short(&words)), exchange)),
        }
        None
    }
}
