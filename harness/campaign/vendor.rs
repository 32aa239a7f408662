//! A lock vendor on the stage: the simulated one anew for each scenario, or a
//! foreign target that outlives them all.

use std::sync::Arc;
use std::time::Duration;

use super::declared::{attested, declared, stated, unsupported};
use super::excuse::Excuses;
use super::findings::finding;
use super::plan::{CampaignPlan, Target};
use super::stage::{Around, Prior, Stage};
use super::{Interrupt, Watch, reaches_loopback};
use crate::harness::bench::{Bench, SimulatedPlan, clean, tidy};
use crate::harness::criterion::{Criterion, CriterionId};
use crate::harness::doctor::{self, Doubt};
use crate::harness::evidence::Recorder;
use crate::harness::progress::Progress;
use crate::harness::result::{CriterionResult, Exchange, Finding, Leftover, LimitedLock};
use crate::harness::runner::{Applicability, applicability};
use crate::harness::static_review::by_statement;
use crate::harness::trial::{Shortfall, Stop};
use crate::harness::verdict::Verdict;

/// Calls without any answer after which a foreign target counts as unreachable.
const CALLS_BEFORE_DEAF: usize = 3;

/// The longest that one step over a simulated vendor may take.
const SIMULATED_WATCHDOG: Duration = Duration::from_secs(20);
/// What a step over a foreign target may take beyond its allowed waiting.
const FOREIGN_MARGIN: Duration = Duration::from_secs(300);

/// The vendor of a run.
pub(super) struct Vendor<'a> {
    plan: &'a CampaignPlan,
    recorder: Recorder,
    loopback: bool,
    /// The bench of a foreign target, shared by all scenarios.
    shared: Option<Result<Arc<Bench>, String>>,
    /// What in the configuration keeps a run from finding out anything.
    misconfigured: Option<(u8, String)>,
    /// Fixtures that do not seem to be what the subject file says.
    doubts: Vec<Doubt>,
}

/// What is left of a vendor after a run.
pub(super) struct Left {
    pub(super) leftovers: Vec<Leftover>,
    pub(super) defect: Option<String>,
    /// What in the configuration kept the run from judging anything.
    pub(super) misconfigured: Option<(u8, String)>,
    /// Locks that say of themselves that they lack something.
    pub(super) limited_locks: Vec<LimitedLock>,
    /// Ids that were made up to be nobody's.
    pub(super) made_up: Vec<String>,
    /// Answers of people that nothing asked for.
    pub(super) unused: Vec<String>,
}

impl<'a> Vendor<'a> {
    pub(super) fn new(plan: &'a CampaignPlan) -> Self {
        let recorder = Recorder::keeping(plan.secrets.clone());
        let shared = match &plan.target {
            Target::Simulated { .. } => None,
            Target::Foreign(subject) => {
                Some(Bench::foreign(&plan.dialect, subject, plan.run.clone(), recorder.clone()).map(Arc::new))
            }
        };
        Self {
            plan,
            recorder,
            loopback: reaches_loopback(&plan.target),
            shared,
            misconfigured: None,
            doubts: Vec::new(),
        }
    }

    /// Looks at what a run over a foreign target rests on, before anything is
    /// judged: a wrong configuration is told as that, and judges nobody.
    pub(super) async fn examine(&mut self, watch: Watch<'_>) {
        let Target::Foreign(subject) = &self.plan.target else { return };
        let run = self.plan.run.clone();
        let diagnosis = tokio::select! {
            biased;
            _ = self.plan.interrupt.raised() => return,
            diagnosis = doctor::examine(&self.plan.dialect, subject, run, &self.recorder, watch) => diagnosis,
        };
        self.misconfigured = diagnosis.stopper().map(|check| {
            let todo = check.todo.clone().unwrap_or_default();
            (check.heading.exit_code(), format!("{}: {}; {todo}", check.heading.title(), check.seen))
        });
        if let Some((_, why)) = &self.misconfigured {
            watch(Progress::Blocked { why: why.clone() });
        }
        self.doubts = diagnosis.doubts();
    }

    /// What becomes of a criterion where the configuration keeps the run from
    /// asking the subject anything; `None` where no traffic is needed to judge it.
    fn blocked(&self, criterion: &Criterion) -> Option<Prior> {
        let (_, why) = self.misconfigured.as_ref().filter(|_| !criterion.attested)?;
        match by_statement(&self.plan.dialect, &criterion.id) {
            None => {
                let why = format!("the configuration stands in the way: {why}");
                let result = Box::new(declared(criterion, Verdict::Inconclusive, why));
                Some(Prior::Blocked { result, judged: false })
            }
            Some((Verdict::Fail, reason)) => {
                let result = Box::new(stated(self.plan, criterion, reason));
                Some(Prior::Blocked { result, judged: true })
            }
            // Its scenarios look at the statement only, and more closely.
            Some(_) => None,
        }
    }

    /// What the subject lacks for a criterion.
    fn missing(&self, criterion: &Criterion) -> Option<String> {
        let Target::Foreign(subject) = &self.plan.target else { return None };
        criterion.needs.iter().find_map(|need| subject.missing(*need))
    }

    /// Why no more is asked of a foreign target: enough was asked, and nothing
    /// was ever heard. Each further call would only wait for its deadline.
    fn deaf(&self) -> Option<String> {
        let asked = self.recorder.mark();
        let may_ask = !self.plan.is_rehearsal() && self.misconfigured.is_none();
        let silent = may_ask && asked >= CALLS_BEFORE_DEAF && !self.recorder.has_heard();
        silent.then(|| format!("the subject could not be reached: {asked} calls brought no answer"))
    }

    /// A fresh world, or the one foreign target.
    async fn set_up(&self) -> Result<Arc<Bench>, String> {
        if let Some(shared) = &self.shared {
            return shared.clone();
        }
        let Target::Simulated { misbehaviour, variation } = self.plan.target else {
            return Err("the target has no bench".to_owned());
        };
        let plan = SimulatedPlan {
            dialect: Arc::clone(&self.plan.dialect),
            misbehaviour,
            variation,
            seed: self.plan.seed,
        };
        Bench::simulated(&plan, self.plan.run.clone(), self.recorder.clone()).await.map(Arc::new)
    }

    /// Takes back what was created, and tells what is left.
    pub(super) async fn clear(self) -> Left {
        self.recorder.begin_criterion(None);
        let mut defect = None;
        let leftovers = match &self.shared {
            Some(Ok(bench)) => clean(bench.inlet(), bench.creations()).await,
            Some(Err(why)) => {
                defect = Some(why.clone());
                Vec::new()
            }
            // A simulated world goes with all that was created in it.
            None => Vec::new(),
        };
        let unused = match &self.shared {
            Some(Ok(bench)) => bench.unused_answers().await,
            _ => Vec::new(),
        };
        Left {
            leftovers,
            defect,
            misconfigured: self.misconfigured,
            limited_locks: self.recorder.limited_locks(),
            made_up: self.recorder.made_up(),
            unused,
        }
    }
}

impl Stage for Vendor<'_> {
    type Bench = Bench;

    fn selects(&self, criterion: &Criterion) -> bool {
        self.plan.selects(criterion)
    }

    fn interrupt(&self) -> &Interrupt {
        &self.plan.interrupt
    }

    fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    fn prior(&self, criterion: &Criterion) -> Prior {
        let applicability = applicability(criterion, &self.plan.dialect, self.loopback);
        if applicability == Applicability::Applies
            && let Some(blocked) = self.blocked(criterion)
        {
            return blocked;
        }
        let decided = |result: CriterionResult| Prior::Decided(Box::new(result));
        match applicability {
            Applicability::Unsupported(reason) => decided(unsupported(self.plan, criterion, reason)),
            Applicability::Not(reason) => decided(declared(criterion, Verdict::NotApplicable, reason)),
            Applicability::Applies if criterion.attested => decided(attested(self.plan, criterion)),
            Applicability::Applies => match self.missing(criterion) {
                Some(reason) => decided(declared(criterion, Verdict::Inconclusive, reason)),
                None => Prior::Open,
            },
        }
    }

    async fn bench(&self, _criterion: &Criterion) -> Result<Arc<Bench>, (Verdict, String)> {
        let bench = self.set_up().await.map_err(|why| (Verdict::Error, why))?;
        match self.deaf() {
            Some(why) => Err((Verdict::Inconclusive, why)),
            None => Ok(bench),
        }
    }

    fn watchdog(&self) -> Duration {
        match &self.plan.target {
            Target::Simulated { .. } => SIMULATED_WATCHDOG,
            Target::Foreign(subject) => {
                // What is waited for on purpose, or for a person, comes on top.
                subject.wait_at_most + FOREIGN_MARGIN
            }
        }
    }

    /// What the configuration of a foreign target explains is not held against it.
    async fn weigh(
        &self,
        stop: Option<Stop>,
        criterion: &Criterion,
        bench: &Bench,
        mark: usize,
    ) -> Option<Stop> {
        let Target::Foreign(subject) = &self.plan.target else { return stop };
        let excuses = Excuses { subject, recorder: &self.recorder, doubts: &self.doubts };
        // A person may be asked, whom an interrupt must not wait for.
        tokio::select! {
            biased;
            why = self.plan.interrupt.raised() => {
                Some(Stop::Inconclusive(format!("the run was interrupted: {why}")))
            }
            stop = excuses.weigh(stop, criterion, bench, mark) => stop,
        }
    }

    async fn around(&self, bench: &Bench) -> Around {
        let testimony = bench.testimony();
        if self.shared.is_some() && self.plan.interrupt.reason().is_none() {
            // A lock holds few PINs, and no later scenario needs those of this one.
            tidy(bench.inlet(), bench.creations()).await;
        }
        Around { testimony, faults: bench.faults() }
    }

    fn finding(
        &self,
        criterion: &CriterionId,
        number: usize,
        verdict: Verdict,
        shortfall: &Shortfall,
        exchanges: &[Exchange],
    ) -> Finding {
        finding(self.plan, criterion, number, verdict, shortfall, exchanges)
    }
}
