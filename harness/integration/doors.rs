//! Groups, locks, and what is done at a door.

use std::time::Duration;

use super::accesses::nameless;
use super::failure::{CallFailure, Failed};
use super::plan::{Course, handed_out};
use super::{AccessGroup, Hold, Integration, Lock, LockStatus, Scope};
use crate::harness::result::LimitedLock;
use crate::vendors::dialect::Step;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Function, GroupId, LockId, Pin, Window};

impl Integration {
    /// Every group, over all pages.
    pub async fn list_access_groups(&self) -> Result<Vec<AccessGroup>, CallFailure> {
        let plan = self.plan(Function::ListAccessGroups)?;
        let course = self.run(&plan.steps, Course::new(self.base_facts())).await?;
        let group = |item: &Facts| {
            let id = item.text(&Field::GroupId).map(GroupId::new);
            Ok(AccessGroup {
                id: id.ok_or_else(|| nameless(Function::ListAccessGroups, &Field::GroupId))?,
                name: text(item, &Field::GroupName),
            })
        };
        course.said.items.iter().map(group).collect()
    }

    /// Every lock, or those of one group, over all pages. Where the vendor does
    /// not filter, its answer must name each lock's group.
    pub async fn list_locks(&self, group: Option<&GroupId>) -> Result<Vec<Lock>, CallFailure> {
        let function = Function::ListLocks;
        let plan = self.plan(function)?;
        let mut facts = self.base_facts();
        let by_vendor = self.shared.dialect.asks_with(function, &Field::GroupId);
        if group.is_some() && !by_vendor && !self.shared.dialect.answers_with(function, &Field::GroupId) {
            let why = "the vendor neither filters locks by group nor names their groups";
            return Err(*Failed::unsent("", FailureKind::Unsupported, why).failure);
        }
        facts.set_some(Field::GroupId, group.map(|group| Datum::text(group.as_str())));
        let course = self.run(&plan.steps, Course::new(facts)).await?;
        // A list of several sorts of devices holds the bridges too.
        let is_lock = |item: &&Facts| item.has(&Field::LockId) || !item.has(&Field::BridgeId);
        let locks = || course.said.items.iter().filter(is_lock);
        for item in locks() {
            let id = item.text(&Field::LockId).unwrap_or_default();
            let able = (item.flag(&Field::LockKeypad), item.flag(&Field::LockBridged));
            if let Some(limited) = limits(id, able.0, able.1) {
                self.shared.recorder.record_limited(limited);
            }
        }
        // A lock may name several groups, in a list of its own.
        let in_group = |item: &&Facts| {
            let named = |facts: &Facts| facts.text(&Field::GroupId) == group.map(GroupId::as_str);
            by_vendor || group.is_none() || named(item) || item.items.iter().any(named)
        };
        locks().filter(in_group).map(|item| lock(item, group)).collect()
    }

    /// Reachability, battery, door and bolt of one lock.
    pub async fn get_lock_status(&self, lock: &LockId) -> Result<LockStatus, CallFailure> {
        let plan = self.plan(Function::GetLockStatus)?;
        let said = self.run(&plan.steps, self.at(lock)).await?.said;
        if let Some(limited) =
            limits(&lock.to_string(), said.flag(&Field::LockKeypad), said.flag(&Field::LockBridged))
        {
            self.shared.recorder.record_limited(limited);
        }
        Ok(LockStatus {
            id: said.text(&Field::LockId).map(LockId::new),
            reachable: said.flag(&Field::LockReachable),
            battery: said.get(&Field::LockBattery).and_then(Datum::as_percent),
            battery_low: said.flag(&Field::LockBatteryLow),
            door: said.word(&Field::LockDoor),
            bolt: said.word(&Field::LockState),
            last_seen: said.instant(&Field::LockLastSeen),
        })
    }

    /// Opens for a moment.
    pub async fn unlock(&self, lock: &LockId) -> Result<(), CallFailure> {
        self.may_move(lock)?;
        let plan = self.plan(Function::Unlock)?;
        let mut course = self.at(lock);
        course.facts.set(Field::PulseSeconds, Datum::Seconds(self.shared.dialect.limits.pulse));
        self.run(&plan.steps, course).await.map(drop)
    }

    /// Keeps a lock open for a period. Where the vendor has no such call the
    /// plan's own timer ends it, as long as the returned hold is kept running
    /// with [`Integration::keep_hold`].
    pub async fn hold_open(&self, lock: &LockId, period: Duration) -> Result<Hold, CallFailure> {
        self.may_move(lock)?;
        let plan = self.plan(Function::HoldOpen)?;
        let asked_until = self.shared.clocks.subject.now() + period;
        let mut course = self.at(lock);
        course.facts.set(Field::HoldUntil, Datum::Instant(asked_until));
        course.facts.set(Field::HoldSeconds, Datum::Seconds(period));
        let (now, later) = until_later(&plan.steps);
        let course = self.run(&now, course).await?;
        // Our own timer keeps what was asked for, whatever an answer tells.
        let told = course.said.instant(&Field::HoldUntil).filter(|_| later.is_empty());
        Ok(Hold {
            lock: lock.clone(),
            until: told.unwrap_or(asked_until),
            period,
            ends_by_us: !later.is_empty(),
            facts: handed_out(&course.facts),
        })
    }

    /// Waits out a hold on the subject's clock and carries out what its plan
    /// has left for the end (nothing, where the vendor ends it by itself).
    pub async fn keep_hold(&self, hold: Hold) -> Result<(), CallFailure> {
        self.may_move(&hold.lock)?;
        let plan = self.plan(Function::HoldOpen)?;
        let (_, mut later) = until_later(&plan.steps);
        self.shared.clocks.subject.sleep_until(hold.until).await;
        if let Some(first @ Step::Later { .. }) = later.first_mut() {
            let Step::Later { operation, .. } = &*first else { return Ok(()) };
            // The time has passed: what is left of it is the exchange.
            *first = Step::Call {
                operation: operation.clone(),
                repeat: crate::vendors::dialect::Repeat::Idempotent,
                undo: None,
                among: None,
            };
        }
        let mut course = self.at(&hold.lock);
        course.facts.merge(&hold.facts);
        self.run(&later, course).await.map(drop)
    }

    /// Ends a hold.
    pub async fn return_to_normal(&self, lock: &LockId) -> Result<(), CallFailure> {
        self.may_move(lock)?;
        let plan = self.plan(Function::ReturnToNormal)?;
        self.run(&plan.steps, self.at(lock)).await.map(drop)
    }

    /// A PIN computed for a window, as the guest types it, with the window that
    /// the vendor says it holds for (the one asked for, where it does not say).
    pub async fn algo_pin(&self, lock: &LockId, window: Window) -> Result<(Pin, Window), CallFailure> {
        let plan = self.plan(Function::AlgoPin)?;
        let window = self.whole_algo_window(window);
        let mut course = self.at(lock);
        course.facts.set(Field::AlgoVariant, Datum::Int(self.next_variant(lock, window)?));
        course.facts.set(Field::AlgoFrom, Datum::Instant(window.from));
        course.facts.set(Field::AlgoUntil, Datum::Instant(window.until));
        let said = self.run(&plan.steps, course).await?.said;
        let pin = said.pin(&Field::AlgoPin).ok_or_else(|| nameless(Function::AlgoPin, &Field::AlgoPin))?;
        self.shared.learn_pin(pin);
        // A vendor that keeps computed PINs among the others tells their windows there.
        let told = |own: &Field, kept: &Field| said.instant(own).or_else(|| said.instant(kept));
        let from = told(&Field::AlgoFrom, &Field::AccessFrom).unwrap_or(window.from);
        let until = told(&Field::AlgoUntil, &Field::AccessUntil).unwrap_or(window.until);
        Ok((self.typed(pin)?, Window::new(from, until)))
    }

    fn at(&self, lock: &LockId) -> Course {
        Course::over(self.base_facts(), &Scope::Locks(vec![lock.clone()]))
    }
}

fn text(facts: &Facts, field: &Field) -> Option<String> {
    facts.text(field).map(str::to_owned)
}

/// A lock as it is listed; of several groups it is told with the one asked for.
fn lock(item: &Facts, asked: Option<&GroupId>) -> Result<Lock, CallFailure> {
    let id = item.text(&Field::LockId).map(LockId::new);
    let mut groups = item.items.iter().filter_map(|inner| inner.text(&Field::GroupId));
    let first = groups.clone().find(|group| asked.is_some_and(|asked| asked.as_str() == *group));
    let group = item.text(&Field::GroupId).or(first).or_else(|| groups.next());
    Ok(Lock {
        id: id.ok_or_else(|| nameless(Function::ListLocks, &Field::LockId))?,
        name: text(item, &Field::LockName),
        group: group.map(GroupId::new),
        location: text(item, &Field::LockLocation),
        keypad: item.flag(&Field::LockKeypad),
        bridged: item.flag(&Field::LockBridged),
    })
}

/// What a lock lacks by its own data, where it lacks something.
fn limits(lock: &str, keypad: Option<bool>, bridged: Option<bool>) -> Option<LimitedLock> {
    let said = [(keypad, "keypad"), (bridged, "bridge")];
    let lacks: Vec<String> = said
        .into_iter()
        .filter(|(there, _)| *there == Some(false))
        .map(|(_, what)| what.to_owned())
        .collect();
    (!lacks.is_empty()).then(|| LimitedLock { lock: lock.to_owned(), lacks })
}

/// The steps before the first that waits for the end, and those from it on. A
/// hold is at one lock, so what stands under `each` stands in line.
fn until_later(steps: &[Step]) -> (Vec<Step>, Vec<Step>) {
    let mut flat = Vec::new();
    flatten(steps, &mut flat);
    let at = flat.iter().position(|step| matches!(step, Step::Later { .. })).unwrap_or(flat.len());
    let later = flat.split_off(at);
    (flat, later)
}

fn flatten(steps: &[Step], flat: &mut Vec<Step>) {
    for step in steps {
        match step {
            Step::Each { steps } => flatten(steps, flat),
            step => flat.push(step.clone()),
        }
    }
}
