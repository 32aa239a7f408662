//! The course of a run: one criterion after the other, one scenario at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::declared::{attested, declared, stated, unsupported};
use super::excuse::Excuses;
use super::findings::finding;
use super::plan::{CampaignPlan, Target};
use super::{Watch, reaches_loopback};
use crate::harness::bench::{Bench, SimulatedPlan, clean, tidy};
use crate::harness::criterion::{Criterion, CriterionId};
use crate::harness::doctor::{self, Doubt};
use crate::harness::evidence::Recorder;
use crate::harness::progress::Progress;
use crate::harness::result::{
    CriterionResult, Exchange, FaultAccount, Finding, Leftover, LimitedLock, ScenarioResult,
};
use crate::harness::runner::{
    Applicability, Attach, Case, Ran, Reached, Steps, applicability, judge, run_case, verdict_of,
};
use crate::harness::static_review::by_statement;
use crate::harness::trial::{Shortfall, Stop, Trial};
use crate::harness::verdict::Verdict;

/// Calls without any answer after which a foreign target counts as unreachable.
const CALLS_BEFORE_DEAF: usize = 3;

/// The longest that one step over a simulated vendor may take.
const SIMULATED_WATCHDOG: Duration = Duration::from_secs(20);
/// What a step over a foreign target may take beyond its allowed waiting.
const FOREIGN_MARGIN: Duration = Duration::from_secs(300);

/// A run under way.
pub(super) struct Course<'a, W> {
    plan: &'a CampaignPlan,
    steps: &'a Steps<W>,
    cases: &'a BTreeMap<CriterionId, Vec<Case>>,
    watch: Watch<'a>,
    recorder: Recorder,
    loopback: bool,
    /// The bench of a foreign target, shared by all scenarios.
    shared: Option<Result<Arc<Bench>, String>>,
    results: Vec<CriterionResult>,
    faults: Vec<FaultAccount>,
    executed: usize,
    interrupted: Option<String>,
    /// What in the configuration keeps a run from finding out anything.
    misconfigured: Option<(u8, String)>,
    /// Fixtures that do not seem to be what the subject file says.
    doubts: Vec<Doubt>,
}

/// What a run left.
pub(super) struct Done {
    pub(super) criteria: Vec<CriterionResult>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) leftovers: Vec<Leftover>,
    pub(super) faults: Vec<FaultAccount>,
    pub(super) executed: usize,
    pub(super) interrupted: Option<String>,
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

/// What became known of a scenario beside its steps.
struct Aside {
    /// A fault that did not strike as planned.
    unconsumed: Option<FaultAccount>,
    /// What people said.
    testimony: Vec<String>,
    /// The scenario's exchanges, without those of the clean-up.
    exchanges: Vec<Exchange>,
}

/// One scenario, judged.
struct Judged {
    result: ScenarioResult,
    reached: Reached,
    shortfalls: Vec<(Verdict, Shortfall)>,
    exchanges: Vec<Exchange>,
}

impl<'a, W: Attach> Course<'a, W> {
    pub(super) fn new(
        plan: &'a CampaignPlan,
        steps: &'a Steps<W>,
        cases: &'a BTreeMap<CriterionId, Vec<Case>>,
        watch: Watch<'a>,
    ) -> Self {
        let recorder = Recorder::keeping(plan.secrets.clone());
        let shared = match &plan.target {
            Target::Simulated { .. } => None,
            Target::Foreign(subject) => {
                Some(Bench::foreign(&plan.dialect, subject, plan.run.clone(), recorder.clone()).map(Arc::new))
            }
        };
        Self {
            plan,
            steps,
            cases,
            watch,
            recorder,
            loopback: reaches_loopback(&plan.target),
            shared,
            results: Vec::new(),
            faults: Vec::new(),
            executed: 0,
            interrupted: None,
            misconfigured: None,
            doubts: Vec::new(),
        }
    }

    /// Looks at what a run over a foreign target rests on, before anything is
    /// judged: a wrong configuration is told as that, and judges nobody.
    pub(super) async fn examine(&mut self) {
        let Target::Foreign(subject) = &self.plan.target else { return };
        let run = self.plan.run.clone();
        let diagnosis = tokio::select! {
            biased;
            _ = self.plan.interrupt.raised() => return,
            diagnosis = doctor::examine(&self.plan.dialect, subject, run, &self.recorder) => diagnosis,
        };
        self.misconfigured = diagnosis.stopper().map(|check| {
            let todo = check.todo.clone().unwrap_or_default();
            (check.heading.exit_code(), format!("{}: {}; {todo}", check.heading.title(), check.seen))
        });
        if let Some((_, why)) = &self.misconfigured {
            (self.watch)(Progress::Blocked { why: why.clone() });
        }
        self.doubts = diagnosis.doubts();
    }

    /// Judges every criterion: by id, those that judge over all others last.
    pub(super) async fn criteria(&mut self, criteria: &[Arc<Criterion>]) {
        let mut order: Vec<&Arc<Criterion>> = criteria.iter().collect();
        order.sort_by(|a, b| (a.runs_last, &a.id).cmp(&(b.runs_last, &b.id)));
        for criterion in order {
            let result = self.criterion(criterion).await;
            // Why nothing is asked is told once, and not for each criterion.
            let blocked = self.misconfigured.is_some() && result.verdict == Verdict::Inconclusive;
            if result.verdict != Verdict::Skipped && !blocked {
                (self.watch)(Progress::CriterionEnded {
                    id: result.id.clone(),
                    verdict: result.verdict,
                    reason: result.reason.clone(),
                });
            }
            self.results.push(result);
        }
    }

    async fn criterion(&mut self, criterion: &Arc<Criterion>) -> CriterionResult {
        if !self.plan.selects(criterion) {
            return declared(criterion, Verdict::Skipped, "it was not selected".to_owned());
        }
        if let Some(why) = self.stopped() {
            return declared(criterion, Verdict::Skipped, format!("the run ended before it: {why}"));
        }
        let applicability = applicability(criterion, &self.plan.dialect, self.loopback);
        if let (Applicability::Applies, Some(result)) = (&applicability, self.blocked(criterion)) {
            return result;
        }
        (self.watch)(Progress::CriterionStarted { id: criterion.id.clone(), text: criterion.text.clone() });
        let result = match applicability {
            Applicability::Unsupported(reason) => unsupported(self.plan, criterion, reason),
            Applicability::Not(reason) => declared(criterion, Verdict::NotApplicable, reason),
            Applicability::Applies if criterion.attested => attested(self.plan, criterion),
            Applicability::Applies => match self.missing(criterion) {
                Some(reason) => declared(criterion, Verdict::Inconclusive, reason),
                None => return self.scenarios(criterion).await,
            },
        };
        self.executed += 1;
        result
    }

    /// What becomes of a criterion where the configuration keeps the run from
    /// asking the subject anything; `None` where no traffic is needed to judge it.
    fn blocked(&mut self, criterion: &Criterion) -> Option<CriterionResult> {
        let (_, why) = self.misconfigured.as_ref().filter(|_| !criterion.attested)?;
        match by_statement(&self.plan.dialect, &criterion.id) {
            None => {
                let why = format!("the configuration stands in the way: {why}");
                Some(declared(criterion, Verdict::Inconclusive, why))
            }
            Some((Verdict::Fail, reason)) => {
                self.executed += 1;
                Some(stated(self.plan, criterion, reason))
            }
            // Its scenarios look at the statement only, and more closely.
            Some(_) => None,
        }
    }

    fn stopped(&mut self) -> Option<String> {
        if self.interrupted.is_none()
            && let Some(why) = self.plan.interrupt.reason()
        {
            (self.watch)(Progress::Interrupted { why: why.clone() });
            self.interrupted = Some(why);
        }
        self.interrupted.clone()
    }

    /// What the subject lacks for a criterion.
    fn missing(&self, criterion: &Criterion) -> Option<String> {
        let Target::Foreign(subject) = &self.plan.target else { return None };
        criterion.needs.iter().find_map(|need| subject.missing(*need))
    }

    async fn scenarios(&mut self, criterion: &Arc<Criterion>) -> CriterionResult {
        self.recorder.begin_criterion(Some(criterion.id.clone()));
        let cases = self.cases.get(&criterion.id).map(Vec::as_slice).unwrap_or_default();
        let mut judged: Vec<Judged> = Vec::new();
        for case in cases {
            if self.stopped().is_some() {
                break;
            }
            let one = self.scenario(criterion, case).await;
            (self.watch)(Progress::ScenarioEnded {
                id: criterion.id.clone(),
                scenario: case.name.clone(),
                verdict: one.result.verdict,
            });
            judged.push(one);
        }
        self.recorder.begin_criterion(None);
        let cut_short = judged.len() < cases.len() || self.stopped().is_some();
        if !cut_short {
            self.executed += 1;
        }
        self.merged(criterion, judged, cut_short)
    }

    async fn scenario(&mut self, criterion: &Arc<Criterion>, case: &Case) -> Judged {
        let bench = match self.bench().await {
            Ok(bench) => bench,
            Err(why) => return unrun(case, Verdict::Error, why),
        };
        if let Some(why) = self.deaf() {
            return unrun(case, Verdict::Inconclusive, why);
        }
        let mark = self.recorder.mark();
        let trial = Trial {
            criterion: Arc::clone(criterion),
            bench: Arc::clone(&bench),
            remarks: Arc::default(),
            warnings: Arc::default(),
        };
        let clock = bench.clock().clone();
        let run = run_case(self.steps, case, trial.clone(), clock, self.watchdog());
        let interrupt = self.plan.interrupt.clone();
        let ran = tokio::select! {
            biased;
            why = interrupt.raised() => Ran {
                steps: Vec::new(),
                stop: Some(Stop::Inconclusive(format!("the run was interrupted: {why}"))),
                asserted: false,
            },
            ran = run => ran,
        };
        let ran = self.excused(ran, criterion, &bench, mark).await;
        let testimony = bench.testimony();
        let exchanges = self.recorder.since(mark);
        if self.shared.is_some() && self.stopped().is_none() {
            // A lock holds few PINs, and no later scenario needs those of this one.
            self.recorder.begin_criterion(None);
            tidy(bench.inlet(), bench.creations()).await;
            self.recorder.begin_criterion(Some(criterion.id.clone()));
        }
        let faults = bench.faults();
        let unconsumed = faults.iter().find(|fault| fault.consumed < fault.injected).cloned();
        self.faults.extend(faults);
        self.judged(case, ran, &trial, Aside { unconsumed, testimony, exchanges })
    }

    /// Why no more is asked of a foreign target: enough was asked, and nothing
    /// was ever heard. Each further call would only wait for its deadline.
    fn deaf(&self) -> Option<String> {
        let asked = self.recorder.mark();
        let may_ask = !self.plan.is_rehearsal() && self.misconfigured.is_none();
        let silent = may_ask && asked >= CALLS_BEFORE_DEAF && !self.recorder.has_heard();
        silent.then(|| format!("the subject could not be reached: {asked} calls brought no answer"))
    }

    /// What the configuration of a foreign target explains is not held against it.
    async fn excused(&self, mut ran: Ran, criterion: &Criterion, bench: &Bench, mark: usize) -> Ran {
        if let Target::Foreign(subject) = &self.plan.target {
            let excuses = Excuses { subject, recorder: &self.recorder, doubts: &self.doubts };
            // A person may be asked, whom an interrupt must not wait for.
            ran.stop = tokio::select! {
                biased;
                why = self.plan.interrupt.raised() => {
                    Some(Stop::Inconclusive(format!("the run was interrupted: {why}")))
                }
                stop = excuses.weigh(ran.stop, criterion, bench, mark) => stop,
            };
        }
        ran
    }

    /// A fresh world for each scenario, or the one foreign target.
    async fn bench(&self) -> Result<Arc<Bench>, String> {
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

    fn watchdog(&self) -> Duration {
        match &self.plan.target {
            Target::Simulated { .. } => SIMULATED_WATCHDOG,
            Target::Foreign(subject) => {
                // What is waited for on purpose, or for a person, comes on top.
                subject.wait_at_most + FOREIGN_MARGIN
            }
        }
    }

    fn judged(&self, case: &Case, ran: Ran, trial: &Trial, aside: Aside) -> Judged {
        let Aside { unconsumed, testimony, exchanges } = aside;
        let warnings = std::mem::take(&mut *trial.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        let remarks = taken(&trial.remarks);
        let mut verdict = ran.stop.as_ref().map_or(Verdict::Pass, verdict_of);
        if !warnings.is_empty() {
            verdict = verdict.worse(Verdict::Warning);
        }
        let mut reason = match &ran.stop {
            Some(Stop::Fail(shortfall)) => shortfall.summary.clone(),
            Some(Stop::Inconclusive(why) | Stop::NotApplicable(why)) => why.clone(),
            Some(Stop::Error(why)) => format!("{}: {why}", case.place),
            None if !warnings.is_empty() => {
                warnings.iter().map(|warning| warning.summary.clone()).collect::<Vec<_>>().join("; ")
            }
            None => remarks.join("; "),
        };
        if !testimony.is_empty() {
            // What a person says is not what was observed.
            verdict = verdict.worse(Verdict::Attested);
            let told = Some(reason).filter(|told| !told.is_empty());
            reason = told.into_iter().chain(testimony).collect::<Vec<_>>().join("; ");
        }
        if let Some(fault) = unconsumed
            && verdict < Verdict::Inconclusive
        {
            verdict = Verdict::Inconclusive;
            reason = format!(
                "a fault that the scenario rests on took effect {} of {} times ({})",
                fault.consumed, fault.injected, fault.fault
            );
        }
        let mut shortfalls: Vec<(Verdict, Shortfall)> = Vec::new();
        if let Some(Stop::Fail(shortfall)) = ran.stop {
            shortfalls.push((Verdict::Fail, shortfall));
        }
        shortfalls.extend(warnings.into_iter().map(|warning| (Verdict::Warning, warning)));
        Judged {
            result: ScenarioResult { name: case.name.clone(), verdict, steps: ran.steps },
            reached: Reached { verdict, reason, asserted: ran.asserted },
            shortfalls,
            exchanges,
        }
    }

    fn merged(&self, criterion: &Criterion, judged: Vec<Judged>, cut_short: bool) -> CriterionResult {
        let reached: Vec<Reached> = judged.iter().map(|one| one.reached.clone()).collect();
        let (mut verdict, mut reason) = judge(&reached);
        if cut_short && !matches!(verdict, Verdict::Fail | Verdict::Error) {
            verdict = Verdict::Skipped;
            reason = "the run was interrupted before all its scenarios had ended".to_owned();
        }
        let mut result = declared(criterion, verdict, reason);
        for one in judged {
            for (verdict, shortfall) in &one.shortfalls {
                let number = result.findings.len() + 1;
                let made: Finding =
                    finding(self.plan, &criterion.id, number, *verdict, shortfall, &one.exchanges);
                result.findings.push(made);
            }
            result.evidence.extend(one.exchanges.into_iter().map(|exchange| exchange.id));
            result.scenarios.push(one.result);
        }
        let timelines = self.recorder.timelines().into_iter();
        result.timelines = timelines
            .filter(|(of, _)| of.as_ref() == Some(&criterion.id))
            .map(|(_, timeline)| timeline)
            .collect();
        result
    }

    /// Takes back what was created and hands the results over, by id.
    pub(super) async fn finish(mut self) -> Done {
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
        self.results.sort_by(|a, b| a.id.cmp(&b.id));
        Done {
            criteria: self.results,
            exchanges: self.recorder.evidence(),
            leftovers,
            faults: self.faults,
            executed: self.executed,
            interrupted: self.interrupted.or_else(|| self.plan.interrupt.reason()),
            defect,
            misconfigured: self.misconfigured,
            limited_locks: self.recorder.limited_locks(),
            made_up: self.recorder.made_up(),
            unused,
        }
    }
}

fn taken<T>(list: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A scenario that was not run at all.
fn unrun(case: &Case, verdict: Verdict, why: String) -> Judged {
    Judged {
        result: ScenarioResult { name: case.name.clone(), verdict, steps: Vec::new() },
        reached: Reached { verdict, reason: why, asserted: false },
        shortfalls: Vec::new(),
        exchanges: Vec::new(),
    }
}
