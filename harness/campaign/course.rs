//! The course of a run: one criterion after the other, one scenario at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Watch;
use super::declared::declared;
use super::stage::{Prior, Stage};
use crate::harness::criterion::{Criterion, CriterionId};
use crate::harness::progress::Progress;
use crate::harness::result::{CriterionResult, Exchange, FaultAccount, ScenarioResult};
use crate::harness::runner::{Attach, Case, Ran, Reached, Steps, judge, run_case, verdict_of};
use crate::harness::trial::{Shortfall, Stop, Trial};
use crate::harness::verdict::Verdict;

/// A run under way.
pub(super) struct Course<'a, W, S> {
    /// Whom it judges, and how.
    pub(super) stage: S,
    steps: &'a Steps<W>,
    cases: &'a BTreeMap<CriterionId, Vec<Case>>,
    watch: Watch<'a>,
    results: Vec<CriterionResult>,
    faults: Vec<FaultAccount>,
    executed: usize,
    interrupted: Option<String>,
}

/// What a run left.
pub(super) struct Done {
    pub(super) criteria: Vec<CriterionResult>,
    pub(super) faults: Vec<FaultAccount>,
    pub(super) executed: usize,
    pub(super) interrupted: Option<String>,
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

impl<'a, W: Attach, S: Stage<Bench = W::Bench>> Course<'a, W, S> {
    pub(super) fn new(
        stage: S,
        steps: &'a Steps<W>,
        cases: &'a BTreeMap<CriterionId, Vec<Case>>,
        watch: Watch<'a>,
    ) -> Self {
        Self {
            stage,
            steps,
            cases,
            watch,
            results: Vec::new(),
            faults: Vec::new(),
            executed: 0,
            interrupted: None,
        }
    }

    /// Judges every criterion: by id, those that judge over all others last.
    pub(super) async fn criteria(&mut self, criteria: &[Arc<Criterion>]) {
        let mut order: Vec<&Arc<Criterion>> = criteria.iter().collect();
        order.sort_by(|a, b| (a.runs_last, &a.id).cmp(&(b.runs_last, &b.id)));
        for criterion in order {
            let result = self.criterion(criterion).await;
            self.results.push(result);
        }
    }

    async fn criterion(&mut self, criterion: &Arc<Criterion>) -> CriterionResult {
        if !self.stage.selects(criterion) {
            return declared(criterion, Verdict::Skipped, "it was not selected".to_owned());
        }
        if let Some(why) = self.stopped() {
            return declared(criterion, Verdict::Skipped, format!("the run ended before it: {why}"));
        }
        let prior = self.stage.prior(criterion);
        if let Prior::Blocked { result, judged: false } = prior {
            // Why nothing is asked is told once, and not for each criterion.
            return *result;
        }
        let started = Progress::CriterionStarted { id: criterion.id.clone(), text: criterion.text.clone() };
        (self.watch)(started);
        let result = match prior {
            Prior::Open => self.scenarios(criterion).await,
            Prior::Blocked { result, .. } | Prior::Decided(result) => {
                self.executed += 1;
                *result
            }
        };
        if result.verdict != Verdict::Skipped {
            (self.watch)(Progress::CriterionEnded {
                id: result.id.clone(),
                verdict: result.verdict,
                reason: result.reason.clone(),
            });
        }
        result
    }

    fn stopped(&mut self) -> Option<String> {
        if self.interrupted.is_none()
            && let Some(why) = self.stage.interrupt().reason()
        {
            (self.watch)(Progress::Interrupted { why: why.clone() });
            self.interrupted = Some(why);
        }
        self.interrupted.clone()
    }

    async fn scenarios(&mut self, criterion: &Arc<Criterion>) -> CriterionResult {
        self.stage.recorder().begin_criterion(Some(criterion.id.clone()));
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
        self.stage.recorder().begin_criterion(None);
        let cut_short = judged.len() < cases.len() || self.stopped().is_some();
        if !cut_short {
            self.executed += 1;
        }
        self.merged(criterion, judged, cut_short)
    }

    async fn scenario(&mut self, criterion: &Arc<Criterion>, case: &Case) -> Judged {
        let bench = match self.stage.bench().await {
            Ok(bench) => bench,
            Err((verdict, why)) => return unrun(case, verdict, why),
        };
        let recorder = self.stage.recorder().clone();
        let mark = recorder.mark();
        let trial = Trial {
            criterion: Arc::clone(criterion),
            bench: Arc::clone(&bench),
            remarks: Arc::default(),
            warnings: Arc::default(),
        };
        let run = run_case(self.steps, case, trial.clone(), self.stage.watchdog());
        let interrupt = self.stage.interrupt().clone();
        let mut ran = tokio::select! {
            biased;
            why = interrupt.raised() => Ran {
                steps: Vec::new(),
                stop: Some(Stop::Inconclusive(format!("the run was interrupted: {why}"))),
                asserted: false,
            },
            ran = run => ran,
        };
        ran.stop = self.stage.weigh(ran.stop, criterion, &bench, mark).await;
        let exchanges = recorder.since(mark);
        recorder.begin_criterion(None);
        let around = self.stage.around(&bench).await;
        recorder.begin_criterion(Some(criterion.id.clone()));
        let unconsumed = around.faults.iter().find(|fault| fault.consumed < fault.injected).cloned();
        self.faults.extend(around.faults);
        let aside = Aside { unconsumed, testimony: around.testimony, exchanges };
        judged(case, ran, &trial, aside)
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
                let made = self.stage.finding(&criterion.id, number, *verdict, shortfall, &one.exchanges);
                result.findings.push(made);
            }
            result.evidence.extend(one.exchanges.into_iter().map(|exchange| exchange.id));
            result.scenarios.push(one.result);
        }
        let timelines = self.stage.recorder().timelines().into_iter();
        result.timelines = timelines
            .filter(|(of, _)| of.as_ref() == Some(&criterion.id))
            .map(|(_, timeline)| timeline)
            .collect();
        result
    }

    /// Hands the results over, by id, and the stage to be cleared.
    pub(super) fn finish(mut self) -> (Done, S) {
        self.results.sort_by(|a, b| a.id.cmp(&b.id));
        let done = Done {
            criteria: self.results,
            faults: self.faults,
            executed: self.executed,
            interrupted: self.interrupted,
        };
        (done, self.stage)
    }
}

fn judged<B>(case: &Case, ran: Ran, trial: &Trial<B>, aside: Aside) -> Judged {
    let Aside { unconsumed, testimony, exchanges } = aside;
    let warnings = taken(&trial.warnings);
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
