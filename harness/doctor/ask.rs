//! The harmless calls: a token, groups, locks, the state of named locks.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::noted::{Noted, Said};
use super::settings;
use super::trouble::{self, Asking, Trouble};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{AccessGroup, CallFailure, Integration, Lock, LockStatus};
use crate::harness::progress::Progress;
use crate::harness::result::Exchange;
use crate::harness::subject::{Given, Subject};
use crate::vendors::vocabulary::{FailureKind, Function, GroupId, LockId};

/// Locks whose state is asked for at most.
const MOST_LOCKS: usize = 12;

/// What the call for a token is to do.
pub(super) const TOKEN: &str = "fetching a token";
const GROUPS: &str = "listing groups";
const LOCKS: &str = "listing locks";
const STATE: &str = "reading the state of a lock";
const PINS: &str = "listing the PINs of a lock";
const INSIDE: &str = "listing the locks of a group";

/// What was asked and what came of it.
pub(super) struct Round<'a> {
    pub(super) inlet: &'a Integration,
    pub(super) recorder: &'a Recorder,
    given: Given,
    watch: &'a dyn Fn(Progress),
    /// What whoever watches was told last.
    told: Option<&'static str>,
    /// How long may be asked, and what was left out when it was over.
    pub(super) budget: Budget,
    /// What is in the way of every call, and the exchange that shows it.
    pub(super) obstacle: Option<(Trouble, Option<Exchange>)>,
    /// Calls that were answered as documented: what they were to do.
    pub(super) fine: Vec<&'static str>,
    /// Calls at whose path nothing is.
    pub(super) not_there: Vec<Noted>,
    /// Calls that the credentials may not make.
    pub(super) forbidden: Vec<Noted>,
    /// Calls that failed in a way that no configuration explains.
    pub(super) unclear: Vec<Noted>,
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
    /// Asks as long as nothing is in the way and the budget lasts.
    pub(super) async fn make(
        inlet: &'a Integration,
        subject: &Subject,
        recorder: &'a Recorder,
        watch: &'a dyn Fn(Progress),
    ) -> Self {
        let mut round = Self {
            inlet,
            recorder,
            given: subject.given,
            watch,
            told: None,
            budget: Budget::of(subject.timeouts, inlet.clocks().subject.clone()),
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
        round.other_servers(subject).await;
        watch(Progress::Examined);
        round
    }

    async fn token(&mut self) {
        if self.inlet.dialect().auth.token_operation.is_some() {
            let had = self.within(TOKEN, self.inlet.with_frozen_session()).await;
            self.note(TOKEN, Asking::Token, had.map(|had| had.map(drop)));
        }
    }

    async fn lists(&mut self) {
        if self.may(Function::ListAccessGroups) {
            let groups = self.within(GROUPS, self.inlet.list_access_groups()).await;
            self.groups = self.note(GROUPS, Asking::List, groups);
        }
        if self.may(Function::ListLocks) {
            let locks = self.within(LOCKS, self.inlet.list_locks(None)).await;
            self.locks = self.note(LOCKS, Asking::List, locks);
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
            if !self.states.contains_key(lock) {
                self.state_of(lock).await;
            }
        }
        if let Some(lock) = roles.free_locks.first().filter(|lock| self.is_known(lock))
            && self.may(Function::ListPinAccess)
        {
            self.pins_of(lock).await;
        }
    }

    pub(super) async fn pins_of(&mut self, lock: &LockId) {
        let pins = self.within(PINS, self.inlet.list_pin_access(lock)).await;
        self.note(PINS, Asking::OneLock, pins);
    }

    pub(super) async fn state_of(&mut self, lock: &LockId) {
        let Some(state) = self.within(STATE, self.inlet.get_lock_status(lock)).await else { return };
        let kept = match &state {
            Ok(state) => Ok(state.clone()),
            Err(failure) => Err(failure.kind),
        };
        // What a lock answers for itself is looked at as a fixture, not here.
        let own = matches!(kept, Err(FailureKind::NotFound | FailureKind::Offline));
        self.states.insert(lock.clone(), kept);
        if !(own && self.fine.contains(&LOCKS)) {
            self.note(STATE, Asking::OneLock, Some(state));
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
            let inside = self.within(INSIDE, self.inlet.list_locks(Some(group))).await;
            if let Some(inside) = self.note(INSIDE, Asking::OneLock, inside) {
                self.inside.insert(group.clone(), inside);
            }
        }
    }

    /// Whether a lock is listed, or tells its state.
    pub(super) fn is_known(&self, lock: &LockId) -> bool {
        let listed = self.locks.iter().flatten().any(|known| known.id == *lock);
        listed || matches!(self.states.get(lock), Some(Ok(_) | Err(FailureKind::Offline)))
    }

    pub(super) fn may(&self, function: Function) -> bool {
        self.obstacle.is_none() && self.inlet.dialect().supports(function)
    }

    /// Makes a call, unless the budget is used up; `None` where it was, or ran out
    /// before the call was over.
    async fn within<T>(
        &mut self,
        what: &'static str,
        call: impl Future<Output = Result<T, CallFailure>>,
    ) -> Option<Result<T, CallFailure>> {
        if !self.budget.lasts() {
            self.budget.leave_out(what);
            return None;
        }
        // The states of a dozen locks are one thing to whoever watches.
        if self.told.replace(what) != Some(what) {
            (self.watch)(Progress::Examining { what: what.to_owned() });
        }
        let done = tokio::select! {
            biased;
            () = self.budget.end() => None,
            done = self.inlet.clocks().harness.drive(call) => Some(done),
        };
        match done {
            Some(_) => self.budget.asked(),
            None => self.budget.leave_out(what),
        }
        done
    }

    fn note<T>(
        &mut self,
        what: &'static str,
        asking: Asking,
        outcome: Option<Result<T, CallFailure>>,
    ) -> Option<T> {
        let failure = match outcome? {
            Ok(value) => {
                self.fine.push(what);
                return Some(value);
            }
            Err(failure) => failure,
        };
        let last = failure.exchanges.last();
        let exchange =
            last.and_then(|id| self.recorder.exchanges().into_iter().find(|exchange| exchange.id == *id));
        let noted = |said: Said, todo: Option<&str>| Noted {
            what,
            said,
            todo: todo.map(str::to_owned),
            exchange: exchange.clone(),
        };
        let trouble = trouble::of(&failure, exchange.as_ref(), asking, self.given);
        match settings::weigh(trouble, &failure, exchange.as_ref(), self.inlet.dialect(), self.given) {
            Trouble::NotThere(said) if asking == Asking::Token => {
                let said = Said::only(format!("{what}: {}", said.whole()));
                self.obstacle = Some((Trouble::NotThere(said), exchange));
            }
            trouble @ (Trouble::Network(..) | Trouble::Gate(_)) => self.obstacle = Some((trouble, exchange)),
            Trouble::NotThere(said) => self.not_there.push(noted(said, None)),
            Trouble::Forbidden(said, todo) => self.forbidden.push(noted(said, todo)),
            Trouble::Unclear(said) => self.unclear.push(noted(said, None)),
        }
        None
    }
}
