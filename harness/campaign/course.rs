//! The course of a run: one criterion after the other, one scenario at a time, but
//! for those that do nothing but wait where nobody can hurry the subject.
//!
//! Scenarios that look back over the whole run (`@afterwards`) come when all others
//! are over, also those of criteria that judge over all others; their criteria are
//! held until then.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;

use super::Watch;
use super::declared::declared;
use super::findings::in_order;
use super::judged::{Aside, Judged, judged, unrun};
use super::stage::{Prior, Stage};
use crate::harness::criterion::{Criterion, CriterionId};
use crate::harness::progress::Progress;
use crate::harness::result::{CriterionResult, FaultAccount};
use crate::harness::runner::{Attach, Case, Ran, Reached, Steps, judge, run_case};
use crate::harness::trial::{Stop, Trial};
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
    interrupted: OnceCell<String>,
    /// Criteria whose last scenarios are still to come.
    held: Vec<Held>,
}

/// What a run left.
pub(super) struct Done {
    pub(super) criteria: Vec<CriterionResult>,
    pub(super) faults: Vec<FaultAccount>,
    pub(super) executed: usize,
    pub(super) interrupted: Option<String>,
}

/// A criterion, judged.
struct Ended {
    result: CriterionResult,
    /// Whether all that it asks was asked.
    executed: bool,
    faults: Vec<FaultAccount>,
}

/// A criterion whose last scenarios look back over the run, with what was judged so far.
struct Held {
    criterion: Arc<Criterion>,
    judged: Vec<Judged>,
}

/// How far a criterion came.
enum Went {
    Ended(Box<Ended>),
    Held(Held),
}

/// Whether one thing is done at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// One criterion after the other, one scenario at a time.
    InTurn,
    /// All of them at the same time.
    AtOnce,
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
            interrupted: OnceCell::new(),
            held: Vec::new(),
        }
    }

    /// Judges every criterion: by id, those that judge over all others last. Where
    /// waiting is shared, those that wait come after those that make haste: what is
    /// sent in haste must not delay what is measured while they wait.
    pub(super) async fn criteria(&mut self, criteria: &[Arc<Criterion>]) {
        let mut order: Vec<&Arc<Criterion>> = criteria.iter().collect();
        order.sort_by(|a, b| a.id.cmp(&b.id));
        let (last, order): (Vec<_>, Vec<_>) = order.into_iter().partition(|criterion| criterion.runs_last);
        let at_once = self.stage.waits_once();
        let (waiting, hasty): (Vec<_>, Vec<_>) =
            order.into_iter().partition(|criterion| at_once && criterion.waits);
        self.judge(&hasty, Order::InTurn).await;
        self.judge(&waiting, Order::AtOnce).await;
        self.let_follow().await;
        self.judge(&last, Order::InTurn).await;
        self.look_back().await;
    }

    /// Waits for what may still follow, where somebody is to look back for it: what
    /// judges over all others may end it.
    async fn let_follow(&self) {
        let held: Vec<CriterionId> = self.held.iter().map(|held| held.criterion.id.clone()).collect();
        if held.is_empty() || self.stopped().is_some() {
            return;
        }
        tokio::select! {
            biased;
            _ = self.stage.interrupt().raised() => {}
            () = self.stage.let_follow(&held) => {}
        }
    }

    /// Judges the scenarios that look back over the run, and ends what was held for them.
    async fn look_back(&mut self) {
        for Held { criterion, mut judged } in std::mem::take(&mut self.held) {
            judged.extend(self.scenarios(&criterion, Order::InTurn, true).await);
            let ended = self.ended(&criterion, judged);
            self.take(ended);
        }
    }

    fn take(&mut self, ended: Ended) {
        self.executed += usize::from(ended.executed);
        self.faults.extend(ended.faults);
        self.results.push(ended.result);
    }

    async fn judge(&mut self, criteria: &[&Arc<Criterion>], order: Order) {
        let ended = match order {
            Order::AtOnce => {
                self.stage.recorder().begin_criterion(None);
                join_all(criteria.iter().map(|criterion| self.criterion(criterion, order))).await
            }
            Order::InTurn => {
                let mut ended = Vec::new();
                for criterion in criteria {
                    ended.push(self.criterion(criterion, order).await);
                }
                ended
            }
        };
        for one in ended {
            match one {
                Went::Ended(ended) => self.take(*ended),
                Went::Held(held) => self.held.push(held),
            }
        }
    }

    async fn criterion(&self, criterion: &Arc<Criterion>, order: Order) -> Went {
        let decided =
            |result: CriterionResult, executed: bool| Ended { result, executed, faults: Vec::new() };
        let unasked = |result: CriterionResult| Went::Ended(Box::new(decided(result, false)));
        if !self.stage.selects(criterion) {
            return unasked(declared(criterion, Verdict::Skipped, "it was not selected".to_owned()));
        }
        if let Some(why) = self.stopped() {
            let why = format!("the run ended before it: {why}");
            return unasked(declared(criterion, Verdict::Skipped, why));
        }
        let prior = self.stage.prior(criterion);
        if let Prior::Blocked { result, judged: false } = prior {
            // Why nothing is asked is told once, and not for each criterion.
            return unasked(*result);
        }
        let started = Progress::CriterionStarted { id: criterion.id.clone(), text: criterion.text.clone() };
        (self.watch)(started);
        let ended = match prior {
            Prior::Open => {
                let judged = self.scenarios(criterion, order, false).await;
                if self.cases(criterion).any(|case| case.afterwards) {
                    return Went::Held(Held { criterion: Arc::clone(criterion), judged });
                }
                self.ended(criterion, judged)
            }
            Prior::Blocked { result, .. } | Prior::Decided(result) => self.told(decided(*result, true)),
        };
        Went::Ended(Box::new(ended))
    }

    /// Every scenario of a criterion.
    fn cases(&self, criterion: &Criterion) -> impl Iterator<Item = &'a Case> + use<'a, W, S> {
        self.cases.get(&criterion.id).map(Vec::as_slice).unwrap_or_default().iter()
    }

    /// A criterion whose scenarios were judged, as far as the run came.
    fn ended(&self, criterion: &Criterion, judged: Vec<Judged>) -> Ended {
        let cut_short = judged.len() < self.cases(criterion).count() || self.stopped().is_some();
        self.told(self.merged(criterion, judged, cut_short))
    }

    fn told(&self, ended: Ended) -> Ended {
        if ended.result.verdict != Verdict::Skipped {
            (self.watch)(Progress::CriterionEnded {
                id: ended.result.id.clone(),
                verdict: ended.result.verdict,
                reason: ended.result.reason.clone(),
            });
        }
        ended
    }

    fn stopped(&self) -> Option<&str> {
        if self.interrupted.get().is_none()
            && let Some(why) = self.stage.interrupt().reason()
        {
            (self.watch)(Progress::Interrupted { why: why.clone() });
            self.interrupted.get_or_init(|| why);
        }
        self.interrupted.get().map(String::as_str)
    }

    /// Judges the scenarios of a criterion: those that look back over the run, or the
    /// others.
    async fn scenarios(&self, criterion: &Arc<Criterion>, order: Order, afterwards: bool) -> Vec<Judged> {
        let cases = self.cases(criterion).filter(|case| case.afterwards == afterwards);
        match order {
            Order::AtOnce => join_all(cases.map(|case| self.scenario(criterion, case, order))).await,
            Order::InTurn => {
                self.stage.recorder().begin_criterion(Some(criterion.id.clone()));
                let mut judged = Vec::new();
                for case in cases {
                    if self.stopped().is_some() {
                        break;
                    }
                    judged.push(self.scenario(criterion, case, order).await);
                }
                self.stage.recorder().begin_criterion(None);
                judged
            }
        }
    }

    async fn scenario(&self, criterion: &Arc<Criterion>, case: &Case, order: Order) -> Judged {
        let judged = match self.stage.bench(criterion).await {
            Ok(bench) => self.on(bench, criterion, case, order).await,
            Err((verdict, why)) => unrun(case, verdict, why),
        };
        (self.watch)(Progress::ScenarioEnded {
            id: criterion.id.clone(),
            scenario: case.name.clone(),
            verdict: judged.result.verdict,
        });
        judged
    }

    /// Runs a scenario on its bench.
    async fn on(
        &self,
        bench: Arc<S::Bench>,
        criterion: &Arc<Criterion>,
        case: &Case,
        order: Order,
    ) -> Judged {
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
        let exchanges = self.stage.exchanges(&bench, mark);
        let belongs_to = |criterion| {
            if order == Order::InTurn {
                recorder.begin_criterion(criterion);
            }
        };
        belongs_to(None);
        let around = self.stage.around(&bench).await;
        belongs_to(Some(criterion.id.clone()));
        judged(case, ran, &trial, Aside { around, exchanges })
    }

    fn merged(&self, criterion: &Criterion, judged: Vec<Judged>, cut_short: bool) -> Ended {
        let reached: Vec<Reached> = judged.iter().map(|one| one.reached.clone()).collect();
        let (mut verdict, mut reason) = judge(&reached);
        if cut_short && !matches!(verdict, Verdict::Fail | Verdict::Error) {
            verdict = Verdict::Skipped;
            reason = "the run was interrupted before all its scenarios had ended".to_owned();
        }
        let mut result = declared(criterion, verdict, reason);
        let mut faults = Vec::new();
        for one in judged {
            faults.extend(one.faults);
            for (verdict, shortfall) in &one.shortfalls {
                let number = result.findings.len() + 1;
                let made = self.stage.finding(&criterion.id, number, *verdict, shortfall, &one.exchanges);
                result.findings.push(made);
            }
            result.evidence.extend(one.exchanges.into_iter().map(|exchange| exchange.id));
            result.scenarios.push(one.result);
        }
        result.evidence = in_order(result.evidence);
        let timelines = self.stage.recorder().timelines().into_iter();
        result.timelines = timelines
            .filter(|(of, _)| of.as_ref() == Some(&criterion.id))
            .map(|(_, timeline)| timeline)
            .collect();
        Ended { result, executed: !cut_short, faults }
    }

    /// Hands the results over, by id, and the stage to be cleared.
    pub(super) fn finish(mut self) -> (Done, S) {
        self.results.sort_by(|a, b| a.id.cmp(&b.id));
        let done = Done {
            criteria: self.results,
            faults: self.faults,
            executed: self.executed,
            interrupted: self.interrupted.into_inner(),
        };
        (done, self.stage)
    }
}
