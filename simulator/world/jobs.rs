//! Commands that are accepted now and carried out later.

use std::collections::HashMap;
use std::sync::Arc;

use super::accesses::Stage;
use super::actuation::Move;
use super::due::Due;
use super::{Call, Quirk, Refusal, World};
use crate::vendors::profile::OfflinePolicy;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Word};

/// The name of a job.
pub type JobKey = Arc<str>;

/// What a job does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Sends a PIN.
    Pin {
        /// The access.
        access: usize,
    },
    /// Moves a bolt.
    Move {
        /// The lock.
        lock: u32,
        /// How.
        how: Move,
    },
    /// Asks the lock, or has it do something that is no more than an answer.
    Ask {
        /// What is asked.
        call: Call,
        /// Its facts.
        asked: Facts,
    },
    /// Fails.
    Refuse(Refusal),
    /// What was asked is done already.
    Nothing,
}

#[derive(Clone, Debug)]
struct Job {
    work: Work,
    state: Word,
    failure: Option<Refusal>,
    /// What it has found out.
    told: Facts,
}

/// Every job.
#[derive(Clone, Debug, Default)]
pub struct Jobs(HashMap<JobKey, Job>);

impl World {
    pub(super) fn start_job(&mut self, work: Work) -> JobKey {
        let key = self.make_id("job");
        self.jobs
            .0
            .insert(key.clone(), Job { work, state: Word::Pending, failure: None, told: Facts::new() });
        let at = self.now + self.turn + self.limits.delays.job;
        self.plan(at, Due::Job(key.clone()));
        if at == self.now {
            self.settle();
        }
        key
    }

    pub(super) fn finish_job(&mut self, key: JobKey) {
        let Some(work) = self.jobs.0.get(&key).map(|job| job.work.clone()) else { return };
        let outcome = match work {
            Work::Nothing => Ok(Word::Done),
            Work::Refuse(refusal) => Err(refusal),
            Work::Ask { call, asked } => self.ask_lock(call, &asked).map(|told| {
                if let Some(job) = self.jobs.0.get_mut(&key) {
                    job.told = told;
                }
                Word::Done
            }),
            Work::Move { lock, how } => self.move_bolt(lock, how).map(|()| Word::Done),
            Work::Pin { access } => self.finish_pin(access, &key),
        };
        let (state, failure) = match outcome {
            Ok(state) => (state, None),
            Err(refusal) => (Word::Failed, Some(refusal)),
        };
        self.tell(format!("job {key} is {}", state.as_str()));
        if let Some(job) = self.jobs.0.get_mut(&key) {
            job.state = state;
            job.failure = failure;
        }
    }

    /// Has a command ask a lock what is otherwise answered at once.
    pub(super) fn begin_asking(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        self.asked_lock(asked)?;
        let mut facts = Facts::new();
        let call = Call { starts_job: false, ..call };
        self.tell_job(&mut facts, Work::Ask { call, asked: asked.clone() });
        Ok(facts)
    }

    fn ask_lock(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        if !self.is_deliverable(lock) {
            return Err(Refusal::new(FailureKind::Offline, "the lock cannot be reached"));
        }
        self.carry_out(call, asked)
    }

    fn finish_pin(&mut self, index: usize, key: &JobKey) -> Result<Word, Refusal> {
        let Some(access) = self.accesses.get(index) else {
            return Err(Refusal::new(FailureKind::NotFound, "the access was withdrawn"));
        };
        let (scope, assigned) = (access.scope, access.assigned);
        let locks = self.locks_in(scope);
        let documented = self.arrival_delay();
        let after = documented.saturating_sub(self.limits.delays.job);
        let claims = self.is(Quirk::ClaimsOfflineCreation) || self.is(Quirk::LosesOfflineCreation);
        let reached = locks.is_empty() || locks.iter().any(|lock| self.is_deliverable(*lock));
        if !reached && !claims && self.limits.pin.offline != OfflinePolicy::Defer {
            if self.is(Quirk::KeepsRefusedCreation) {
                self.keep_refused(index);
            }
            self.fail_pin(index, assigned);
            return Err(Refusal::new(FailureKind::Offline, "the lock cannot be reached"));
        }
        let whole = self.dispatch_pin(index, after);
        if !whole && !reached {
            if let Some(access) = self.accesses.get_mut(index) {
                access.job = Some(key.clone());
            }
            return Ok(Word::Pending);
        }
        Ok(Word::Done)
    }

    /// Keeps a copy of a refused creation, to be carried out when its lock returns.
    fn keep_refused(&mut self, index: usize) {
        let Some(mut kept) = self.accesses.get(index).cloned() else { return };
        kept.id = self.make_id("access");
        kept.job = None;
        let copy = self.accesses.add(kept);
        let after = self.arrival_delay();
        self.dispatch_pin(copy, after);
    }

    /// An access that was assigned first stays, without its PIN, so that the
    /// caller can withdraw it or try again; one made with its PIN never was.
    fn fail_pin(&mut self, index: usize, assigned: bool) {
        if !assigned {
            self.accesses.forget(index);
        } else if let Some(access) = self.accesses.get_mut(index) {
            access.stage = Stage::Failed;
            access.pin = None;
            self.happened_to(self.access_facts(index));
        }
    }

    /// A job that waited for its lock is done.
    pub(super) fn succeed_job(&mut self, key: Option<JobKey>) {
        if let Some(job) = key.and_then(|key| self.jobs.0.get_mut(&key)) {
            job.state = Word::Done;
        }
    }

    /// Starts a job and says in an answer which, and that it is under way.
    pub(super) fn tell_job(&mut self, facts: &mut Facts, work: Work) {
        facts.set(Field::JobId, Datum::text(self.start_job(work)));
        facts.set(Field::JobState, Datum::Word(Word::Pending));
    }

    pub(super) fn poll_job(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let id = asked.text(&Field::JobId).ok_or_else(|| Refusal::invalid("the request names no job"))?;
        let job = self.jobs.0.get(id).ok_or_else(|| Refusal::not_found("job", id))?;
        let mut facts = job.told.clone();
        facts.set(Field::JobId, Datum::text(id));
        facts.set(Field::JobState, Datum::Word(job.state));
        if let Some(failure) = &job.failure {
            facts.set(Field::JobError, Datum::text(failure.kind.as_str()));
            facts.set(Field::ErrorMessage, Datum::text(&failure.message));
        }
        Ok(facts)
    }

    /// Whether a job has not ended yet.
    pub fn job_runs(&self, id: &str) -> bool {
        self.jobs.0.get(id).is_some_and(|job| job.state == Word::Pending)
    }

    /// Why a job failed, for vendors that document an error for it.
    pub fn job_failure(&self, id: &str) -> Option<Refusal> {
        self.jobs.0.get(id)?.failure.clone()
    }
}
