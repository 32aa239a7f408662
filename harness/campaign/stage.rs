//! What differs between programmes in the course of a run.

use std::sync::Arc;
use std::time::Duration;

use super::Interrupt;
use crate::harness::criterion::{Criterion, CriterionId};
use crate::harness::evidence::Recorder;
use crate::harness::result::{CriterionResult, Exchange, FaultAccount, Finding};
use crate::harness::runner::Instruments;
use crate::harness::trial::{Shortfall, Stop};
use crate::harness::verdict::Verdict;

/// What is known of a criterion before any scenario of it is run.
pub(super) enum Prior {
    /// What stands in the way keeps the run from asking the subject anything.
    /// `judged` says whether there is a verdict all the same.
    Blocked { result: Box<CriterionResult>, judged: bool },
    /// It is decided without a scenario.
    Decided(Box<CriterionResult>),
    /// Its scenarios are to be run.
    Open,
}

/// What became known around a scenario beside its steps.
#[derive(Default)]
pub(super) struct Around {
    /// What people said.
    pub(super) testimony: Vec<String>,
    /// Faults that were injected for it, and how often each struck.
    pub(super) faults: Vec<FaultAccount>,
}

/// Whom a run judges, with what instruments, and what it does around each scenario.
pub(super) trait Stage {
    /// What the steps of the programme work with.
    type Bench: Instruments;

    /// Whether a criterion takes part.
    fn selects(&self, criterion: &Criterion) -> bool;

    /// Stops the run in good order.
    fn interrupt(&self) -> &Interrupt;

    /// The evidence.
    fn recorder(&self) -> &Recorder;

    /// What is known of a criterion that takes part.
    fn prior(&self, criterion: &Criterion) -> Prior;

    /// Whether criteria that mostly wait are judged at the same time, because
    /// nobody can hurry the subject's time and none is in another's way.
    fn waits_once(&self) -> bool {
        false
    }

    /// Gives what may still follow of the calls about these criteria its time, before
    /// anything is done that ends it: their last scenarios look back over the run.
    async fn let_follow(&self, _criteria: &[CriterionId]) {}

    /// The bench for a scenario of a criterion, or what is said of one that cannot
    /// be run.
    async fn bench(&self, criterion: &Criterion) -> Result<Arc<Self::Bench>, (Verdict, String)>;

    /// The longest that one step may take, beside what is rightly waited.
    fn watchdog(&self) -> Duration;

    /// What ended a scenario, less what is not the subject's doing; `mark` is
    /// where its exchanges begin.
    async fn weigh(
        &self,
        stop: Option<Stop>,
        criterion: &Criterion,
        bench: &Self::Bench,
        mark: usize,
    ) -> Option<Stop>;

    /// The exchanges of a scenario that has ended; `mark` is where they begin.
    fn exchanges(&self, _bench: &Self::Bench, mark: usize) -> Vec<Exchange> {
        self.recorder().since(mark)
    }

    /// Told once a scenario has ended and its exchanges were taken; what is
    /// cleaned up belongs to no criterion.
    async fn around(&self, bench: &Self::Bench) -> Around;

    /// A finding from a shortfall; `exchanges` are those of the scenario.
    fn finding(
        &self,
        criterion: &CriterionId,
        number: usize,
        verdict: Verdict,
        shortfall: &Shortfall,
        exchanges: &[Exchange],
    ) -> Finding;
}
