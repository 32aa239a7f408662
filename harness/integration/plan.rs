//! Plans, carried out: step after step, with what was captured filling the
//! requests that follow, and taken back when a later step fails.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use super::failure::{CallFailure, Failed, MAY_HAVE_BEEN_DONE};
use super::retry::only_reads;
use super::trace::Trace;
use super::{Integration, Scope};
use crate::vendors::dialect::{Guard, Operation, PollUntil, Repeat, Step};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, FieldKind, LockId, Word};

/// What is known in the course of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    /// Everything: what was asked, and what was captured on the way.
    pub facts: Facts,
    /// Only what the vendor said.
    pub said: Facts,
    /// The locks of the scope, for `each`.
    pub locks: Vec<LockId>,
    /// What each round of `each` captured, and with what it begins.
    pub rounds: Vec<Facts>,
    /// The exchanges so far.
    pub trace: Trace,
    undo: Vec<Undo>,
    /// Whether a step has changed something, so that what is not listed yet is late.
    changed: bool,
    /// How many guarded steps were not left out.
    met: usize,
    /// What was set up once, now or before, and this course stands on.
    pub set_up: Vec<(String, String)>,
}

/// What an item of a listing must be like.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The fields in which it, or one within it, must agree.
    pub by: &'a [Field],
    /// The fields that it must have.
    pub has: &'a [Field],
    /// What it must say.
    pub says: &'a Facts,
    /// Whether it must no longer be there.
    pub gone: bool,
}

/// What takes back a step that was carried out.
#[derive(Clone, Debug)]
struct Undo {
    operation: String,
    facts: Facts,
}

impl Course {
    pub fn new(facts: Facts) -> Self {
        Self { facts, ..Self::default() }
    }

    /// A course whose exchanges belong to another's.
    pub fn tracing(facts: Facts, trace: &Trace) -> Self {
        Self { trace: trace.clone(), ..Self::new(facts) }
    }

    /// A course over a scope.
    pub fn over(mut facts: Facts, scope: &Scope) -> Self {
        let mut locks = Vec::new();
        match scope {
            Scope::Group(group) => {
                facts.remove(&Field::LockId);
                facts.set(Field::GroupId, Datum::text(group.as_str()));
            }
            Scope::Locks(named) => {
                facts.remove(&Field::GroupId);
                facts.set_some(Field::LockId, named.first().map(|lock| Datum::text(lock.as_str())));
                locks.clone_from(named);
            }
        }
        Self { facts, locks, ..Self::default() }
    }

    pub fn capture(&mut self, answer: Facts) {
        self.facts.merge(&answer);
        self.said.merge(&answer);
        if !answer.items.is_empty() {
            self.said.items = answer.items;
        }
    }
}

impl Integration {
    /// Carries out the steps; when one fails, takes back those before it.
    pub(super) async fn run(&self, steps: &[Step], mut course: Course) -> Result<Course, CallFailure> {
        let _alone = self.alone(steps, &course).await;
        match self.steps(steps, &mut course).await {
            Ok(()) => Ok(course),
            Err(failed) => {
                let mut failure = *failed.failure;
                if failure.kind == FailureKind::NotFound {
                    self.set_up_again(&mut course).await;
                }
                if failed.ambiguous && self.creates(&failure.operation) {
                    failure.not_undone.push(format!(
                        "{}: {MAY_HAVE_BEEN_DONE}, its answer was lost or could not be read",
                        failure.operation
                    ));
                }
                failure.not_undone.extend(self.take_back(&mut course).await);
                failure.exchanges = course.trace.all();
                Err(failure)
            }
        }
    }

    /// Who takes what is free at a lock is alone there until it is taken.
    async fn alone(&self, steps: &[Step], course: &Course) -> Option<OwnedMutexGuard<()>> {
        if !steps.iter().any(Step::takes_what_is_free) {
            return None;
        }
        let lock = course.facts.text(&Field::LockId).unwrap_or_default().to_owned();
        let turn = {
            let mut turns = self.shared.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(lock).or_default())
        };
        Some(turn.lock_owned().await)
    }

    fn creates(&self, operation: &str) -> bool {
        self.shared.dialect.operation(operation).is_some_and(|operation| !only_reads(operation))
    }

    pub(super) async fn steps(&self, steps: &[Step], course: &mut Course) -> Result<(), Failed> {
        let mut done = 0;
        for step in steps {
            let met = course.met;
            self.step(step, course).await?;
            done += usize::from(!matches!(step, Step::Guarded { .. }) || course.met > met);
        }
        // A plan that leaves out all of itself would look like one that succeeded.
        if done == 0 && !steps.is_empty() {
            let why = "the vendor's plan has no step for this case (window or lock)";
            return Err(Failed::unsent("", FailureKind::Invalid, why));
        }
        Ok(())
    }

    async fn step(&self, step: &Step, course: &mut Course) -> Result<(), Failed> {
        match step {
            Step::Call { operation, repeat, undo, among } => {
                self.call(operation, repeat, undo.as_deref(), course).await?;
                match among {
                    Some(groups) => self.keep_members(groups, course).await,
                    None => Ok(()),
                }
            }
            Step::Poll { operation, until, every, within } => {
                self.poll(operation, until, *every, *within, course).await
            }
            Step::Find { operation, by, has, says, gone, every, within } => {
                let wanted = Wanted { by, has, says, gone: *gone };
                self.find(operation, wanted, *every, *within, course).await
            }
            Step::Once { steps, per } => Box::pin(self.once(steps, per, course)).await,
            Step::Guarded { guard, step } => Box::pin(self.guarded(guard, step, course)).await,
            Step::Each { steps } => Box::pin(self.each(steps, course)).await,
            Step::Later { operation, after } => {
                let span = course.facts.get(after).and_then(Datum::as_seconds);
                let span = span.ok_or_else(|| unknown(operation, after))?;
                self.shared.clocks.subject.sleep(span).await;
                self.call(operation, &Repeat::Idempotent, None, course).await
            }
            Step::Unsupported { reason } => {
                Err(Failed::unsent("", FailureKind::Unsupported, reason.as_str()))
            }
            Step::Wait { span } => {
                self.shared.clocks.subject.sleep(*span).await;
                Ok(())
            }
        }
    }

    pub(super) async fn call(
        &self,
        operation: &str,
        repeat: &Repeat,
        undo: Option<&str>,
        course: &mut Course,
    ) -> Result<(), Failed> {
        let operation = self.operation(operation)?;
        let facts = course.facts.clone().with(Field::RequestKey, Datum::text(self.shared.next_key()));
        let answer = if is_list(operation) {
            self.listing(operation, &facts, course).await?
        } else {
            let outcome = self.attempt(operation, repeat, &facts, course).await;
            if let Err(Failed { left: Some(left), .. }) = &outcome
                && let Some(undo) = undo
            {
                let mut facts = course.facts.clone();
                facts.merge(left);
                course.undo.push(Undo { operation: undo.to_owned(), facts });
            }
            outcome?
        };
        course.changed |= !only_reads(operation);
        if is_list(operation) {
            // An empty list replaces an earlier one too.
            course.said.items.clear();
        }
        course.capture(answer);
        if let Some(undo) = undo {
            course.undo.push(Undo { operation: undo.to_owned(), facts: course.facts.clone() });
        }
        Ok(())
    }

    /// A step under its guard.
    async fn guarded(&self, guard: &Guard, step: &Step, course: &mut Course) -> Result<(), Failed> {
        if guard.when.as_ref().is_some_and(|condition| !condition.holds(&course.facts)) {
            return Ok(());
        }
        course.met += 1;
        match self.step(step, course).await {
            Ok(()) => course.capture(guard.tells.clone()),
            Err(failed) => {
                let known = guard.otherwise.iter().find(|(kind, _)| *kind == failed.kind());
                // Only what the vendor itself said, in a documented answer, tells anything.
                let failure = &failed.failure;
                let told = !failure.unsent && failure.transport.is_none() && failure.mismatch.is_none();
                let (_, facts) = known.filter(|_| told).ok_or(failed)?;
                course.capture(facts.clone());
            }
        }
        Ok(())
    }

    async fn poll(
        &self,
        operation: &str,
        until: &PollUntil,
        every: Duration,
        within: Duration,
        course: &mut Course,
    ) -> Result<(), Failed> {
        let operation = self.operation(operation)?;
        let clock = &self.shared.clocks.subject;
        let end = clock.now() + within;
        loop {
            let facts = course.facts.clone();
            let answer = self.attempt(operation, &Repeat::Idempotent, &facts, course).await?;
            let word = answer.word(&until.field);
            let why = answer.text(&Field::JobError).or(answer.text(&Field::ErrorMessage));
            let why = why.map(|why| self.shared.mask.text(why));
            course.capture(answer);
            match word {
                Some(word) if until.done.contains(&word) => return Ok(()),
                Some(word) if until.failed.contains(&word) => {
                    let why = why.unwrap_or_else(|| format!("{} is {}", until.field, word.as_str()));
                    return Err(Failed::told(operation.name(), FailureKind::Server, why));
                }
                _ => {}
            }
            if clock.now() >= end {
                let message = format!(
                    "{} did not finish within {} s (last state: {})",
                    operation.name(),
                    within.as_secs(),
                    word.map_or("none", |word| word.as_str())
                );
                return Err(Failed::unfinished(operation.name(), message));
            }
            clock.sleep(pause(every, end.since(clock.now()))).await;
        }
    }

    async fn find(
        &self,
        operation: &str,
        wanted: Wanted<'_>,
        every: Duration,
        within: Duration,
        course: &mut Course,
    ) -> Result<(), Failed> {
        let clock = &self.shared.clocks.subject;
        let end = clock.now() + within;
        loop {
            let facts = course.facts.clone();
            let listing = self.operation(operation)?;
            let list = self.listing(listing, &facts, course).await?;
            let state = list.word(&Field::JobState);
            if let Some(word @ Word::Failed) = state {
                let why = list.text(&Field::JobError).or(list.text(&Field::ErrorMessage));
                let why = why.map_or_else(
                    || format!("{} is {}", Field::JobState, word.as_str()),
                    |why| self.shared.mask.text(why),
                );
                return Err(Failed::told(operation, FailureKind::Server, why));
            }
            let found = self.matching(list.items, wanted, &facts);
            if wanted.gone {
                if found.is_none() {
                    return Ok(());
                }
            } else if let Some(mut item) = found {
                // What it was wanted for is true no longer once it is taken.
                wanted.says.iter().for_each(|(field, _)| drop(item.remove(field)));
                item.items.clear();
                course.capture(item);
                return Ok(());
            }
            // A list that is the outcome of a command is complete when that is done.
            let over = clock.now() >= end || state == Some(Word::Done);
            if over && wanted.gone {
                let message = format!("{operation} still shows it after {} s", within.as_secs());
                return Err(Failed::unfinished(operation, message));
            }
            if over && wanted.says.iter().next().is_some() {
                let message = format!("{operation} shows nothing that is {}", shown(wanted.says));
                return Err(Failed::told(operation, FailureKind::Full, message));
            }
            if over {
                return Err(not_found(operation, wanted.by, within, course.changed));
            }
            clock.sleep(pause(every, end.since(clock.now()))).await;
        }
    }

    /// The steps for every lock of the scope, or for every round of an earlier
    /// call whose captures are known. Each round begins with what was known
    /// before, so that one lock's ids never reach the next.
    async fn each(&self, steps: &[Step], course: &mut Course) -> Result<(), Failed> {
        let rounds = if course.rounds.is_empty() {
            let lock = |lock: &LockId| Facts::new().with_text(Field::LockId, lock.as_str());
            course.locks.iter().map(lock).collect()
        } else {
            std::mem::take(&mut course.rounds)
        };
        if rounds.is_empty() {
            return Err(Failed::unsent(
                "",
                FailureKind::Unsupported,
                "this vendor gives access lock by lock, so the scope must name its locks",
            ));
        }
        let before = course.facts.clone();
        for round in rounds {
            course.facts = before.clone();
            course.facts.merge(&round);
            self.steps(steps, course).await?;
            course.rounds.push(handed_out(&course.facts));
        }
        Ok(())
    }

    /// Takes back what was carried out, the last first, without Inlet's rule of
    /// repeating. What could not be taken back is told.
    pub(super) async fn take_back(&self, course: &mut Course) -> Vec<String> {
        let at_once = self.with_retries(super::Retries::Off);
        let mut left = Vec::new();
        while let Some(Undo { operation, facts }) = course.undo.pop() {
            let mut own = Course { trace: course.trace.clone(), ..Course::new(facts) };
            match Box::pin(at_once.call(&operation, &Repeat::Idempotent, None, &mut own)).await {
                Err(failed) if failed.kind() != FailureKind::NotFound => {
                    let id = [Field::AccessId, Field::MobileId, Field::UserId, Field::LockId]
                        .iter()
                        .find_map(|field| own.facts.text(field).map(|id| format!(" ({field} {id})")));
                    left.push(format!("{operation}{}: {}", id.unwrap_or_default(), failed.failure));
                }
                _ => {}
            }
        }
        left
    }

    /// The operation of that name. A loaded profile has every one that its
    /// plans name.
    pub(super) fn operation(&self, name: &str) -> Result<&Operation, Failed> {
        self.shared.dialect.operation(name).ok_or_else(|| {
            Failed::unsent(name, FailureKind::Unsupported, format!("the profile has no operation `{name}`"))
        })
    }
}

/// Facts as they may be handed out: credentials stay inside, and what belongs
/// to a command that is over does not reach the next one.
pub(super) fn handed_out(facts: &Facts) -> Facts {
    const OVER: &[Field] = &[Field::JobId, Field::JobState, Field::JobError, Field::Now, Field::RequestKey];
    let mut kept = Facts::new();
    for (field, value) in facts.iter() {
        let page = field.to_string().starts_with("page.");
        if field.kind() != FieldKind::Secret && !page && !OVER.contains(field) {
            kept.set(field.clone(), value.clone());
        }
    }
    kept
}

/// A list is read to its end and counted, paged or not.
fn is_list(operation: &Operation) -> bool {
    use crate::vendors::vocabulary::Meaning;
    let lists = [Meaning::ListGroups, Meaning::ListLocks, Meaning::ListPins, Meaning::ListMobile];
    operation.paging().is_some() || lists.contains(&operation.meaning())
}

/// The time between two questions; the last is asked when the time is up.
fn pause(every: Duration, left: Duration) -> Duration {
    every.max(Duration::from_millis(100)).min(left)
}

fn unknown(operation: &str, field: &Field) -> Failed {
    Failed::unsent(operation, FailureKind::Invalid, format!("`{{{field}}}` is not known, so the time is not"))
}

fn shown(facts: &Facts) -> String {
    let said = facts.iter().map(|(field, value)| match value.as_word() {
        Some(word) => word.as_str().to_owned(),
        None => field.to_string(),
    });
    said.collect::<Vec<_>>().join(" and ")
}

/// What is not listed does not exist; after a creation it is late instead.
fn not_found(operation: &str, by: &[Field], within: Duration, changed: bool) -> Failed {
    let by: Vec<String> = by.iter().map(ToString::to_string).collect();
    let message = format!("no item of {operation} agrees in {} within {} s", by.join(", "), within.as_secs());
    if changed {
        Failed::unfinished(operation, message)
    } else {
        Failed::told(operation, FailureKind::NotFound, message)
    }
}
