//! PINs and mobile keys.

use super::failure::{CallFailure, Failed};
use super::names::{access_name, filled_up};
use super::plan::{Course, handed_out};
use super::{AccessChange, Integration, MobileAccess, MobileRequest, PinAccess, PinRequest, Scope};
use crate::vendors::dialect::{Mismatch, Repeat, Step};
use crate::vendors::profile::ChosenBy;
use crate::vendors::vocabulary::{
    AccessId, CredentialId, Datum, Days, Facts, FailureKind, Field, Function, LockId, Meaning, Pin, Secret,
    UserId, Window, Word,
};

impl Integration {
    /// A time-limited PIN.
    pub async fn create_pin_access(&self, request: &PinRequest) -> Result<PinAccess, CallFailure> {
        let plan = self.plan(Function::CreatePinAccess)?;
        let mut facts = self.base_facts();
        self.set_contact(&mut facts, &request.user);
        self.set_name(&mut facts, &request.name);
        set_window(&mut facts, &request.window, &[Field::AccessFrom, Field::AccessUntil]);
        let pin = self.pin_for(request)?;
        facts.set_some(Field::AccessPin, pin.map(Datum::Pin));
        let course = self.run_over(&plan.steps, Course::over(facts, &request.scope), &request.scope).await?;
        self.pin_access(&course, Function::CreatePinAccess, true)
    }

    /// The PINs of a lock. What the vendor lists under it although it says
    /// itself that it belongs to another lock is left out, and kept as a
    /// deviation: it is no PIN of this lock, and must not be removed for one.
    pub async fn list_pin_access(&self, lock: &LockId) -> Result<Vec<PinAccess>, CallFailure> {
        let plan = self.plan(Function::ListPinAccess)?;
        let scope = Scope::Locks(vec![lock.clone()]);
        let course = self.run(&plan.steps, Course::over(self.base_facts(), &scope)).await?;
        // A place that holds nothing is no PIN.
        let taken = |item: &&Facts| item.word(&Field::AccessState) != Some(Word::Free);
        let (own, strays): (Vec<&Facts>, Vec<&Facts>) = course
            .said
            .items
            .iter()
            .filter(taken)
            .partition(|item| item.text(&Field::LockId).is_none_or(|of| of == lock.as_str()));
        let operations = self.shared.dialect.function(Function::ListPinAccess).operations();
        if let (Some(stray), Some(operation)) = (strays.first(), operations.last()) {
            self.shared.recorder.record_deviation(
                operation,
                Mismatch {
                    at: "the list".to_owned(),
                    expected: format!("the PINs of lock {lock} only"),
                    found: format!("a PIN of lock {}", stray.text(&Field::LockId).unwrap_or_default()),
                },
            );
        }
        own.into_iter()
            .map(|item| {
                let mut one = Course::over(course.facts.clone(), &scope);
                one.facts.merge(item);
                one.said = item.clone();
                self.pin_access(&one, Function::ListPinAccess, false)
            })
            .collect()
    }

    /// Changes window or scope of a PIN; the PIN stays.
    pub async fn change_pin_access(
        &self,
        access: &PinAccess,
        change: &AccessChange,
    ) -> Result<PinAccess, CallFailure> {
        let plan = self.plan(Function::ChangePinAccess)?;
        let mut course = self.about(&access.facts, Field::AccessId, access.id.as_str());
        if let Some(window) = &change.window {
            set_window(&mut course.facts, window, &[Field::AccessFrom, Field::AccessUntil]);
            for round in &mut course.rounds {
                set_window(round, window, &[Field::AccessFrom, Field::AccessUntil]);
            }
        }
        if let Some(scope) = &change.scope {
            if course.rounds.len() > 1 {
                return Err(refused("an access that was given lock by lock cannot change its locks"));
            }
            let Course { facts, locks, .. } = Course::over(course.facts, scope);
            course.facts = facts;
            course.locks = locks;
            course.rounds.clear();
            one_lock(&plan.steps, scope)?;
        }
        let course = self.run_rounds(&plan.steps, course).await?;
        let mut changed = self.pin_access(&course, Function::ChangePinAccess, false)?;
        changed.typed = changed.typed.or_else(|| access.typed.clone());
        changed.name = changed.name.or_else(|| access.name.clone());
        changed.user = changed.user.or_else(|| access.user.clone());
        Ok(changed)
    }

    /// Withdraws a PIN.
    pub async fn remove_pin_access(&self, access: &PinAccess) -> Result<(), CallFailure> {
        let plan = self.plan(Function::RemovePinAccess)?;
        let course = self.about(&access.facts, Field::AccessId, access.id.as_str());
        self.run_rounds(&plan.steps, course).await.map(drop)
    }

    /// A key in the vendor's own app.
    pub async fn create_mobile_access(&self, request: &MobileRequest) -> Result<MobileAccess, CallFailure> {
        let plan = self.plan(Function::CreateMobileAccess)?;
        let mut facts = self.base_facts();
        self.set_contact(&mut facts, &request.user);
        self.set_name(&mut facts, &request.name);
        let window = [Field::MobileFrom, Field::MobileUntil, Field::AccessFrom, Field::AccessUntil];
        set_window(&mut facts, &request.window, &window);
        let course = self.run_over(&plan.steps, Course::over(facts, &request.scope), &request.scope).await?;
        self.mobile_access(&course, Function::CreateMobileAccess)
    }

    /// The keys of the same user or lock as `access`.
    pub async fn list_mobile_access(&self, access: &MobileAccess) -> Result<Vec<MobileAccess>, CallFailure> {
        let plan = self.plan(Function::ListMobileAccess)?;
        let course = self.about(&access.facts, Field::MobileId, access.id.as_str());
        let course = self.run_rounds(&plan.steps, course).await?;
        let items = course.said.items.iter();
        items
            .map(|item| {
                let mut one = Course::new(course.facts.clone());
                one.facts.merge(item);
                one.said = item.clone();
                self.mobile_access(&one, Function::ListMobileAccess)
            })
            .collect()
    }

    /// Withdraws a key.
    pub async fn remove_mobile_access(&self, access: &MobileAccess) -> Result<(), CallFailure> {
        let plan = self.plan(Function::RemoveMobileAccess)?;
        let course = self.about(&access.facts, Field::MobileId, access.id.as_str());
        self.run_rounds(&plan.steps, course).await.map(drop)
    }

    /// The user that carrying out a function has made, where its plan makes one.
    pub fn user_made(&self, function: Function, facts: &Facts) -> Option<UserId> {
        let makes = self.shared.dialect.function(function).operations().into_iter().any(|name| {
            let operation = self.shared.dialect.operation(name);
            operation.is_some_and(|operation| operation.meaning() == Meaning::UpsertUser)
        });
        let user = facts.text(&Field::UserId).map(UserId::new);
        user.filter(|_| makes)
    }

    /// Removes a user that a run has made; unsupported where the vendor has no such call.
    pub async fn remove_user(&self, user: &UserId) -> Result<(), CallFailure> {
        let mut operations = self.shared.dialect.operations().iter();
        let Some(operation) = operations.find(|operation| operation.meaning() == Meaning::DeleteUser) else {
            let why = "the vendor has no call that removes a user";
            return Err(*Failed::unsent("", FailureKind::Unsupported, why).failure);
        };
        let call = Step::Call {
            operation: operation.name().to_owned(),
            repeat: Repeat::Idempotent,
            undo: None,
            among: None,
        };
        let course = Course::new(self.base_facts().with_text(Field::UserId, user.as_str()));
        self.run(&[call], course).await.map(drop)
    }

    /// A PIN by the profile's rules that this run has not used; `None` where
    /// they leave none.
    pub fn choose_pin(&self) -> Option<Pin> {
        let pin = self.shared.pins.choose(&self.shared.dialect.limits.pin);
        pin.iter().for_each(|pin| self.shared.mask.learn_pin(pin));
        pin
    }

    fn set_contact(&self, facts: &mut Facts, user: &super::Contact) {
        facts.set(Field::UserReference, Datum::text(&user.reference));
        facts.set_some(Field::UserName, user.name.as_ref().map(Datum::text));
        facts.set_some(Field::UserEmail, user.email.as_ref().map(Datum::text));
    }

    fn set_name(&self, facts: &mut Facts, name: &str) {
        facts.set(Field::AccessName, Datum::text(self.name_sent(name)));
    }

    /// The name that is sent where `name` is asked for: it begins with the run's
    /// and is neither longer nor shorter than the vendor allows.
    pub fn name_sent(&self, name: &str) -> String {
        let limits = &self.shared.dialect.limits;
        let sent = access_name(&self.shared.run, name, limits.name_length);
        filled_up(sent, limits.name_min)
    }

    /// The PIN that is sent: the caller's, else one by the profile's rules
    /// where the vendor does not choose.
    fn pin_for(&self, request: &PinRequest) -> Result<Option<Pin>, CallFailure> {
        let limits = &self.shared.dialect.limits.pin;
        let pin = match (&request.pin, limits.chosen_by) {
            (Some(pin), _) => {
                self.shared.pins.used(pin);
                Some(pin.clone())
            }
            (None, ChosenBy::Vendor) => None,
            (None, ChosenBy::Caller) => {
                let pin = self.shared.pins.choose(limits);
                Some(pin.ok_or_else(|| refused("the profile's rules leave no PIN that is not used yet"))?)
            }
        };
        pin.iter().for_each(|pin| self.shared.learn_pin(pin));
        Ok(pin)
    }

    /// A course about something that exists.
    fn about(&self, known: &Facts, id: Field, text: &str) -> Course {
        let mut facts = self.base_facts();
        facts.merge(known);
        facts.set(id, Datum::text(text));
        let lock = facts.text(&Field::LockId).map(LockId::new);
        let mut course = Course::new(facts);
        course.locks = lock.into_iter().collect();
        course.rounds.clone_from(&known.items);
        course
    }

    async fn run_over(&self, steps: &[Step], course: Course, scope: &Scope) -> Result<Course, CallFailure> {
        one_lock(steps, scope)?;
        self.run(steps, course).await
    }

    /// The plan once for each round that a creation lock by lock has left,
    /// unless the plan itself goes from lock to lock.
    async fn run_rounds(&self, steps: &[Step], mut course: Course) -> Result<Course, CallFailure> {
        if goes_from_lock_to_lock(steps) || course.rounds.len() < 2 {
            return self.run(steps, course).await;
        }
        let rounds = std::mem::take(&mut course.rounds);
        let mut done = course.clone();
        for round in &rounds {
            let mut one = course.clone();
            one.facts.merge(round);
            let one = self.run(steps, one).await?;
            done.said.items.extend(one.said.items.iter().cloned());
            done.facts = one.facts;
            done.said.merge(&one.said);
            done.rounds.push(handed_out(&done.facts));
        }
        Ok(done)
    }

    /// The id of what a course has led to, or the field that stands for it where
    /// the vendor tells none.
    fn id_of<'a>(&self, course: &'a Course, id: &Field) -> Option<&'a str> {
        let told = course.rounds.first().and_then(|round| round.text(id)).or_else(|| course.facts.text(id));
        let stand_in = || self.shared.dialect.ids.iter().find(|(of, _)| of == id).map(|(_, field)| field);
        told.or_else(|| course.facts.text(stand_in()?))
    }

    /// The access that a course has led to. Where a PIN was sent it is known
    /// even though the vendor does not repeat it.
    fn pin_access(&self, course: &Course, function: Function, sent: bool) -> Result<PinAccess, CallFailure> {
        let said = &course.said;
        let id = AccessId::new(
            self.id_of(course, &Field::AccessId).ok_or_else(|| nameless(function, &Field::AccessId))?,
        );
        let pin = if sent { course.facts.pin(&Field::AccessPin) } else { said.pin(&Field::AccessPin) };
        let typed = match said.pin(&Field::AccessTyped) {
            Some(typed) => Some(typed.clone()),
            None => pin.map(|pin| self.typed(pin)).transpose()?,
        };
        for pin in [typed.as_ref(), pin].into_iter().flatten() {
            self.shared.learn_pin(pin);
        }
        let mut facts = handed_out(&course.facts);
        facts.items.clone_from(&course.rounds);
        Ok(PinAccess {
            id,
            name: said.text(&Field::AccessName).map(str::to_owned),
            user: said.text(&Field::UserId).map(UserId::new),
            typed,
            window: said_window(said, &Field::AccessFrom, &Field::AccessUntil),
            state: said.word(&Field::AccessState),
            facts,
        })
    }

    /// The PIN with the keys that the lock asks for around it.
    pub(super) fn typed(&self, pin: &Pin) -> Result<Pin, CallFailure> {
        let limits = &self.shared.dialect.limits.pin;
        Pin::new(&format!("{}{}{}", limits.prefix, pin.keys(), limits.suffix))
            .map_err(|error| refused(&format!("the PIN cannot be typed: {error}")))
    }

    fn mobile_access(&self, course: &Course, function: Function) -> Result<MobileAccess, CallFailure> {
        let said = &course.said;
        let id = self.id_of(course, &Field::MobileId);
        let id = CredentialId::new(id.ok_or_else(|| nameless(function, &Field::MobileId))?);
        // An empty one is none; to mask it would be to mask nothing.
        let invitation =
            said.text(&Field::MobileInvitation).filter(|text| !text.trim().is_empty()).map(Secret::new);
        invitation.iter().for_each(|invitation| self.shared.learn(invitation));
        let mut facts = handed_out(&course.facts);
        facts.items.clone_from(&course.rounds);
        Ok(MobileAccess {
            id,
            user: said.text(&Field::UserId).map(UserId::new),
            invitation,
            window: said_window(said, &Field::MobileFrom, &Field::MobileUntil),
            state: said.word(&Field::MobileState),
            facts,
        })
    }
}

fn set_window(facts: &mut Facts, window: &Window, fields: &[Field]) {
    // Between its ends an access opens on every day.
    facts.set(Field::AccessDays, Datum::Days(Days::ALL));
    for pair in fields.chunks_exact(2) {
        facts.set(pair[0].clone(), Datum::Instant(window.from));
        facts.set(pair[1].clone(), Datum::Instant(window.until));
    }
}

fn said_window(said: &Facts, from: &Field, until: &Field) -> Option<Window> {
    Some(Window::new(said.instant(from)?, said.instant(until)?))
}

fn goes_from_lock_to_lock(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Each { .. }))
}

/// A plan without `each` serves one lock; more would be left out silently.
fn one_lock(steps: &[Step], scope: &Scope) -> Result<(), CallFailure> {
    match scope {
        Scope::Locks(locks) if locks.is_empty() => Err(refused("the scope names no lock")),
        Scope::Locks(locks) if locks.len() > 1 && !goes_from_lock_to_lock(steps) => Err(*Failed::unsent(
            "",
            FailureKind::Unsupported,
            "this vendor's plan gives access to one lock at a time",
        )
        .failure),
        _ => Ok(()),
    }
}

fn refused(why: &str) -> CallFailure {
    *Failed::unsent("", FailureKind::Invalid, why).failure
}

pub(super) fn nameless(function: Function, field: &Field) -> CallFailure {
    let why = format!("{} led to no `{field}`", function.as_str());
    *Failed::protocol("", why, None).failure
}
