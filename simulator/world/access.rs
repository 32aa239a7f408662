//! Giving, changing and withdrawing PINs.

use std::time::Duration;

use super::accesses::{Access, Scope, Stage};
use super::due::Due;
use super::jobs::Work;
use super::{Call, Quirk, Refusal, World};
use crate::simulator::Variation;
use crate::vendors::profile::{ChosenBy, Delivery, OfflinePolicy, Uniqueness};
use crate::vendors::vocabulary::{Datum, Days, Facts, FailureKind, Field, Pin, Window};

impl World {
    pub(super) fn assign_access(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        if let Some(index) = self.unplaced(asked)? {
            return self.place_access(index, asked);
        }
        if let Some(index) = self.placed(asked)? {
            return Ok(self.access_facts(index));
        }
        self.check_seats(call, asked)?;
        let access = self.new_access(call, asked, true)?;
        let index = self.accesses.add(access);
        self.plan_boundaries(index);
        Ok(self.access_facts(index))
    }

    pub(super) fn set_pin(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        if let Some(slots) = self.limits.pin.slots {
            return self.set_slot(call, asked, slots);
        }
        match asked.text(&Field::AccessId) {
            Some(id) => {
                let index = self.accesses.find(id).ok_or_else(|| Refusal::not_found("access", id))?;
                let pin = self.pin_for(asked, index)?;
                self.send_pin(call, index, pin)
            }
            None => self.create_pin(call, asked),
        }
    }

    fn create_pin(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let access = self.new_access(call, asked, false)?;
        let index = self.accesses.add(access);
        let sent = self.pin_for(asked, index).and_then(|pin| self.send_pin(call, index, pin));
        if sent.is_err() {
            self.accesses.forget(index);
        } else {
            self.plan_boundaries(index);
        }
        sent
    }

    pub(super) fn new_access(
        &mut self,
        call: Call,
        asked: &Facts,
        assigned: bool,
    ) -> Result<Access, Refusal> {
        let user = match self.asked_user(asked)? {
            None if call.makes_user => Some(self.make_user(asked)),
            user => user,
        };
        let scope = if call.names_scope { self.asked_scope(asked)? } else { Scope::Nowhere };
        if let Scope::Lock(lock) = scope {
            self.check_ability(lock, |kept| kept.keypad)?;
        }
        let unit = self.window_unit();
        let window =
            self.admit_window(self.asked_window(asked, &Field::AccessFrom, &Field::AccessUntil, unit))?;
        let name = match asked.text(&Field::AccessName) {
            Some(name) => self.admit_name(name, &self.locks_in(scope), None)?,
            None => "".into(),
        };
        Ok(Access {
            id: self.make_id("access"),
            user,
            name,
            scope,
            window,
            days: asked_days(asked),
            pin: None,
            stage: Stage::Assigned,
            on: Vec::new(),
            waiting: Vec::new(),
            assigned,
            made: self.now,
            job: None,
        })
    }

    /// The PIN that a request sends, or one that the vendor draws.
    fn pin_for(&mut self, asked: &Facts, index: usize) -> Result<Pin, Refusal> {
        let sent = asked.pin(&Field::AccessPin).filter(|_| self.limits.pin.chosen_by == ChosenBy::Caller);
        match sent {
            Some(pin) => self.admit_pin(pin).map(|()| pin.clone()),
            None if self.limits.pin.chosen_by == ChosenBy::Caller && asked.has(&Field::AccessPin) => {
                Err(Refusal::invalid("the PIN is no PIN"))
            }
            None => {
                let locks = self.locks_of(index);
                self.draw_pin(|world, pin| {
                    locks.iter().all(|lock| world.pin_clash(*lock, pin, index).is_none())
                })
            }
        }
    }

    /// Sends a PIN to the locks of its access.
    pub(super) fn send_pin(&mut self, call: Call, index: usize, pin: Pin) -> Result<Facts, Refusal> {
        let locks = self.locks_of(index);
        if !locks.is_empty() && !locks.iter().any(|lock| self.has_keypad(*lock)) {
            return Err(Refusal::new(FailureKind::Unsupported, "the lock has no keypad"));
        }
        if let Err(refusal) = self.check_room(index, &locks, &pin) {
            self.evict(index, &locks, &pin);
            let assigned = self.accesses.get(index).is_some_and(|access| access.assigned);
            if !call.clashes_late || assigned {
                return Err(refusal);
            }
            // The command is taken; its job will find nothing to send.
            self.accesses.forget(index);
            let mut facts = Facts::new();
            self.tell_job(&mut facts, Work::Pin { access: index });
            return Ok(facts);
        }
        if call.only_noted {
            if let Some(access) = self.accesses.get_mut(index) {
                (access.pin, access.stage) = (Some(pin), Stage::Active);
            }
            return Ok(self.access_facts(index));
        }
        let reached = self.is_any_reachable(&locks) || self.limits.pin.delivery == Delivery::Cloud;
        let claims = self.is(Quirk::ClaimsOfflineCreation) || self.is(Quirk::LosesOfflineCreation);
        let refused = !reached && self.limits.pin.offline == OfflinePolicy::Refuse && !claims;
        if refused && (!call.starts_job || call.refuses_offline) {
            return Err(offline("the lock cannot be reached"));
        }
        if !reached && self.limits.pin.offline == OfflinePolicy::Drop && !call.starts_job {
            let told = self.access_facts(index);
            self.accesses.forget(index);
            return Ok(told);
        }
        let Some(access) = self.accesses.get_mut(index) else { return Err(Refusal::not_found("access", "")) };
        access.pin = Some(pin);
        access.stage = Stage::Sending;
        access.on.clear();
        access.waiting.clear();
        let mut facts = Facts::new();
        if call.starts_job {
            self.tell_job(&mut facts, Work::Pin { access: index });
        } else {
            let after = self.arrival_delay();
            self.dispatch_pin(index, after);
        }
        facts.merge(&self.access_facts(index));
        Ok(facts)
    }

    /// Sends a PIN to its locks; those that cannot be reached get it later.
    /// Tells whether every lock gets it now.
    pub(super) fn dispatch_pin(&mut self, index: usize, after: Duration) -> bool {
        if self.accesses.get(index).is_some_and(|access| !self.is_rolled_out(access.scope)) {
            return true;
        }
        let at = self.now + after;
        let locks = self.locks_of(index);
        let claims = self.is(Quirk::ClaimsOfflineCreation) || self.is(Quirk::LosesOfflineCreation);
        let mut all = true;
        for lock in &locks {
            if self.is_deliverable(*lock) {
                self.plan(at, Due::Arrive { access: index, lock: *lock });
            } else if !claims {
                all = false;
                if let Some(access) = self.accesses.get_mut(index) {
                    access.waiting.push(*lock);
                }
            }
        }
        // A claim is kept: the vendor tells the PIN as active, and the lock never hears of it.
        let told = self.is(Quirk::ClaimsOfflineCreation) && !self.is_any_reachable(&locks);
        if (locks.is_empty() || told)
            && let Some(access) = self.accesses.get_mut(index)
        {
            access.stage = Stage::Active;
        }
        all
    }

    /// A PIN reaches a lock.
    pub(super) fn arrive(&mut self, index: usize, lock: u32) {
        let reachable = self.is_deliverable(lock);
        let Some(access) = self.accesses.get_mut(index) else { return };
        if access.stage == Stage::Removed {
            return;
        }
        access.waiting.retain(|waiting| *waiting != lock);
        if !reachable {
            access.waiting.push(lock);
            return;
        }
        if !access.on.contains(&lock) {
            access.on.push(lock);
        }
        let (id, whole) = (access.id.clone(), access.waiting.is_empty());
        if whole {
            access.stage = Stage::Active;
            let job = access.job.take();
            self.succeed_job(job);
        }
        self.tell(format!("the PIN of access {id} is on lock {}", self.lock_name(lock)));
        if whole {
            self.happened_to(self.access_facts(index));
        }
    }

    /// Sends what waited for a lock that returned.
    pub(super) fn deliver_waiting(&mut self, lock: u32) {
        let at = self.now + self.arrival_delay();
        for access in self.accesses_on(lock) {
            let waits = self.accesses.get(access).is_some_and(|access| access.waiting.contains(&lock));
            if waits {
                self.plan(at, Due::Arrive { access, lock });
            }
        }
    }

    pub(super) fn update_pin(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let index = self.asked_access(asked)?;
        let Some(before) = self.accesses.get(index).cloned() else {
            return Err(Refusal::not_found("access", ""));
        };
        let asks_window = asked.has(&Field::AccessFrom) || asked.has(&Field::AccessUntil);
        let window = Window::new(
            asked.instant(&Field::AccessFrom).unwrap_or(before.window.from),
            asked.instant(&Field::AccessUntil).unwrap_or(before.window.until),
        );
        let window = if asks_window { self.admit_changed(window, before.window)? } else { before.window };
        let asks_scope = asked.has(&Field::LockId) || asked.has(&Field::GroupId);
        let scope = if asks_scope { self.asked_scope(asked)? } else { before.scope };
        let locks = self.locks_in(scope);
        let name = match asked.text(&Field::AccessName) {
            Some(name) => Some(self.admit_name(name, &locks, Some(index))?),
            None => None,
        };
        if let Some(pin) = &before.pin {
            self.check_room(index, &locks, pin)?;
        }
        let reached = self.is_any_reachable(&locks) || self.limits.pin.delivery == Delivery::Cloud;
        if !reached && before.pin.is_some() && self.limits.pin.offline == OfflinePolicy::Refuse {
            return Err(offline("the lock cannot be reached"));
        }
        let dropped = !reached && before.pin.is_some() && self.limits.pin.offline == OfflinePolicy::Drop;
        if dropped || self.is(Quirk::ChangeDoesNothing) {
            let mut told = self.access_facts(index);
            told.set(Field::AccessFrom, Datum::Instant(window.from));
            told.set(Field::AccessUntil, Datum::Instant(window.until));
            return Ok(told);
        }
        self.accesses.rescope(index, scope);
        if let Some(access) = self.accesses.get_mut(index) {
            access.window = window;
            if asked.has(&Field::AccessDays) {
                access.days = asked_days(asked);
            }
            if let Some(name) = name {
                access.name = name;
            }
        }
        self.plan_boundaries(index);
        if scope != before.scope && before.pin.is_some() {
            self.move_pin(index);
        }
        Ok(self.access_facts(index))
    }

    fn move_pin(&mut self, index: usize) {
        if let Some(access) = self.accesses.get_mut(index) {
            access.on.clear();
            access.waiting.clear();
            access.stage = Stage::Sending;
        }
        let after = self.arrival_delay();
        self.dispatch_pin(index, after);
    }

    pub(super) fn remove_pin(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        if self.limits.pin.slots.is_some() && self.asked_access(asked).is_err() {
            // A place that is free is free afterwards.
            return Ok(Facts::new());
        }
        if let Some(removed) = self.remove_algo_pin(asked) {
            return removed;
        }
        let index = self.asked_access(asked)?;
        let Some(access) = self.accesses.get(index).cloned() else {
            return Err(Refusal::not_found("access", ""));
        };
        if let (Some(reason), true) = (&self.limits.pin.irrevocable, access.pin.is_some()) {
            return Err(Refusal::new(FailureKind::Unsupported, reason.clone()));
        }
        let stuck = access.on.iter().any(|lock| !self.is_deliverable(*lock));
        if stuck && self.limits.pin.offline == OfflinePolicy::Refuse {
            return Err(offline("the lock cannot be reached, so the PIN stays on it"));
        }
        let dropped = stuck && self.limits.pin.offline == OfflinePolicy::Drop;
        if !dropped {
            self.take_from_lock(index);
            self.remove_others(index, &access);
        }
        let mut facts = Facts::new().with_text(Field::AccessId, self.told_id(&access.id));
        facts.set(Field::AccessState, Datum::Word(crate::vendors::vocabulary::Word::Removed));
        Ok(facts)
    }

    /// What a vendor that removes too much removes as well.
    fn remove_others(&mut self, index: usize, removed: &Access) {
        let others = match (self.quirk, &removed.user) {
            (Some(Quirk::RemovesAllOfUser), Some(user)) => self.accesses.of_user(user),
            (Some(Quirk::RemovesNeighbour), _) => {
                let neighbours = self.locks_in(removed.scope);
                let on = neighbours.iter().flat_map(|lock| self.accesses_on(*lock));
                on.filter(|other| {
                    *other != index && self.accesses.get(*other).is_some_and(|a| a.stage != Stage::Removed)
                })
                .take(1)
                .collect()
            }
            _ => Vec::new(),
        };
        for other in others {
            self.take_from_lock(other);
        }
        if self.is(Quirk::RemovalShortensNeighbours) {
            let locks = self.locks_in(removed.scope);
            for other in locks.iter().flat_map(|lock| self.accesses_on(*lock)).collect::<Vec<_>>() {
                if let Some(access) = self.accesses.get_mut(other).filter(|_| other != index) {
                    access.window.until = access.window.until - Duration::from_secs(1800);
                }
            }
        }
    }

    /// Withdraws an access; it leaves the lock a little later.
    pub(super) fn take_from_lock(&mut self, index: usize) {
        let Some(access) = self.accesses.get_mut(index) else { return };
        access.stage = Stage::Removed;
        let id = access.id.clone();
        let begins_later = self.now < access.window.from;
        let removal = self.limits.delays.removal;
        let after = match (self.quirk, self.variation) {
            (Some(Quirk::RemovedPinOpens), _) => return,
            (Some(Quirk::RemovedFuturePinOpens), _) if begins_later => return,
            (Some(Quirk::RemovedPinListed), _) => return access.on.clear(),
            (Some(Quirk::RemovalTooLate), _) => removal * 4 + Duration::from_secs(600),
            (_, Some(Variation::SlowButLegal)) => removal.saturating_sub(Duration::from_secs(1)),
            _ => removal / 2,
        };
        let at = self.now + after;
        self.plan(at, Due::Gone { access: index });
        self.tell(format!("access {id} is withdrawn"));
    }

    /// A withdrawn PIN leaves the locks; one that cannot be reached keeps it.
    pub(super) fn forget_access(&mut self, index: usize) {
        let Some(access) = self.accesses.get(index) else { return };
        let stuck = access.on.iter().any(|lock| !self.is_deliverable(*lock));
        let again = self.now + Duration::from_secs(60);
        if stuck {
            self.plan(again, Due::Gone { access: index });
            return;
        }
        let id = access.id.clone();
        let removed = Datum::Word(crate::vendors::vocabulary::Word::Removed);
        self.happened_to(self.access_facts(index).with(Field::AccessState, removed));
        self.accesses.forget(index);
        self.tell(format!("access {id} is gone from its locks"));
    }

    fn check_room(&self, index: usize, locks: &[u32], pin: &Pin) -> Result<(), Refusal> {
        for lock in locks {
            if let Some(refusal) = self.pin_clash(*lock, pin, index) {
                return Err(refusal);
            }
            if self.limits.codes_per_lock.is_some_and(|most| self.codes_on(*lock, index) >= most as usize) {
                return Err(Refusal::new(FailureKind::Full, "the lock holds no more PINs"));
            }
        }
        Ok(())
    }

    /// What a vendor does that makes room for a PIN and refuses it all the same.
    fn evict(&mut self, index: usize, locks: &[u32], pin: &Pin) {
        if !self.is(Quirk::ConflictEvicts) {
            return;
        }
        for other in locks.iter().flat_map(|lock| self.accesses_on(*lock)).collect::<Vec<_>>() {
            let Some(access) = self.accesses.get_mut(other) else { continue };
            if other != index && access.pin.as_ref() == Some(pin) {
                access.on.clear();
            }
        }
    }

    pub(super) fn pin_in_use(&self, lock: u32, pin: &Pin, except: usize) -> bool {
        let same = |index: &usize| {
            *index != except
                && self
                    .accesses
                    .get(*index)
                    .is_some_and(|a| a.pin.as_ref() == Some(pin) && self.holds_room(a))
        };
        match self.limits.pin.unique {
            Uniqueness::Lock => self.accesses_on(lock).iter().any(same),
            Uniqueness::Account if self.is(Quirk::AcceptsPinElsewhere) => {
                self.accesses_on(lock).iter().any(same)
            }
            Uniqueness::Account => self.accesses.all().iter().any(same),
        }
    }

    fn codes_on(&self, lock: u32, except: usize) -> usize {
        let counts = |index: &&usize| {
            **index != except
                && self.accesses.get(**index).is_some_and(|a| a.pin.is_some() && self.holds_room(a))
        };
        self.accesses_on(lock).iter().filter(counts).count()
    }

    /// A PIN that is on its way out still holds its place on the lock.
    pub(super) fn holds_room(&self, access: &Access) -> bool {
        access.stage != Stage::Failed && self.now < access.window.until
    }

    pub(super) fn asked_access(&self, asked: &Facts) -> Result<usize, Refusal> {
        if let Some(id) = self.known_id(asked) {
            let found = self.accesses.find(&id);
            return found.ok_or_else(|| Refusal::not_found("access", self.told_id(&id)));
        }
        // Where a PIN has no id, it is known by its keys at its lock.
        let (Some(pin), true) = (asked.pin(&Field::AccessPin), asked.has(&Field::LockId)) else {
            return Err(Refusal::invalid("the request names no access"));
        };
        let lock = self.asked_lock(asked)?;
        let has = |access: &Access| access.pin.as_ref() == Some(pin) && access.stage != Stage::Removed;
        let mut on_lock = self.accesses_on(lock).into_iter();
        on_lock
            .find(|index| self.accesses.get(*index).is_some_and(has))
            .ok_or_else(|| Refusal::new(FailureKind::NotFound, "the lock has no such PIN"))
    }

    pub(super) fn asked_scope(&self, asked: &Facts) -> Result<Scope, Refusal> {
        if asked.has(&Field::LockId) {
            return self.asked_lock(asked).map(Scope::Lock);
        }
        match asked.text(&Field::GroupId) {
            Some(id) => {
                self.places.group(id).map(Scope::Group).ok_or_else(|| Refusal::not_found("group", id))
            }
            None => Err(Refusal::invalid("the request names neither lock nor group")),
        }
    }

    pub(super) fn locks_in(&self, scope: Scope) -> Vec<u32> {
        match scope {
            Scope::Lock(lock) => vec![lock],
            Scope::Nowhere => Vec::new(),
            Scope::Group(group) => {
                self.places.groups.get(group as usize).map(|group| group.locks.clone()).unwrap_or_default()
            }
        }
    }

    fn locks_of(&self, index: usize) -> Vec<u32> {
        self.accesses.get(index).map(|access| self.locks_in(access.scope)).unwrap_or_default()
    }

    pub(super) fn accesses_on(&self, lock: u32) -> Vec<usize> {
        self.accesses.on_lock(lock, &self.places.groups_of(lock))
    }

    fn is_any_reachable(&self, locks: &[u32]) -> bool {
        locks.is_empty() || locks.iter().any(|lock| self.is_deliverable(*lock))
    }

    pub(super) fn is_deliverable(&self, lock: u32) -> bool {
        let reachable = self.places.locks.get(lock as usize).is_some_and(|lock| lock.reachable);
        reachable || self.limits.pin.delivery == Delivery::Cloud
    }

    /// Time from the answer until the PIN is on the lock.
    pub(super) fn arrival_delay(&self) -> Duration {
        let documented = self.limits.delays.creation;
        match self.variation {
            Some(Variation::SlowButLegal) => documented.saturating_sub(Duration::from_secs(1)),
            _ => documented / 2,
        }
    }

    fn plan_boundaries(&mut self, index: usize) {
        let Some(window) = self.accesses.get(index).map(|access| access.window) else { return };
        for (at, begins) in [(window.from, true), (window.until, false)] {
            if at > self.now {
                self.plan(at, Due::Boundary { access: index, begins });
            }
        }
    }

    pub(super) fn pass_boundary(&mut self, index: usize, begins: bool) {
        let Some(access) = self.accesses.get(index) else { return };
        let edge = if begins { access.window.from } else { access.window.until };
        // A window that was changed since has other boundaries.
        if edge == self.now && access.stage != Stage::Removed {
            let word = if begins { "begins" } else { "ends" };
            self.tell(format!("the window of access {} {word}", access.id));
        }
    }
}

/// The weekdays that a request names; every day where it names none.
pub(super) fn asked_days(asked: &Facts) -> Days {
    asked.get(&Field::AccessDays).and_then(Datum::as_days).unwrap_or(Days::ALL)
}

fn offline(message: &str) -> Refusal {
    Refusal::new(FailureKind::Offline, message)
}
