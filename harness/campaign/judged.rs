//! One scenario, judged: how it ended, with what was said around it.

use std::sync::{Mutex, PoisonError};

use super::stage::Around;
use crate::harness::result::{Exchange, FaultAccount, ScenarioResult};
use crate::harness::runner::{Case, Ran, Reached, verdict_of};
use crate::harness::trial::{Shortfall, Stop, Trial};
use crate::harness::verdict::Verdict;

/// What became known of a scenario beside its steps.
pub(super) struct Aside {
    /// What people said, and the faults that it injected.
    pub(super) around: Around,
    /// The scenario's exchanges, without those of the clean-up.
    pub(super) exchanges: Vec<Exchange>,
}

/// One scenario, judged.
pub(super) struct Judged {
    pub(super) result: ScenarioResult,
    pub(super) reached: Reached,
    pub(super) shortfalls: Vec<(Verdict, Shortfall)>,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) faults: Vec<FaultAccount>,
}

/// The verdict of a scenario that was run.
pub(super) fn judged<B>(case: &Case, ran: Ran, trial: &Trial<B>, aside: Aside) -> Judged {
    let Aside { around: Around { testimony, faults }, exchanges } = aside;
    let unconsumed = faults.iter().find(|fault| fault.consumed < fault.injected);
    let warnings = taken(&trial.warnings);
    let mut remarks = taken(&trial.remarks);
    let mut told = std::collections::BTreeSet::new();
    remarks.retain(|remark| told.insert(remark.clone()));
    let mut verdict = ran.stop.as_ref().map_or(Verdict::Pass, verdict_of);
    if !warnings.is_empty() {
        verdict = verdict.worse(Verdict::Warning);
    }
    let mut reasons = match &ran.stop {
        Some(Stop::Fail(shortfall)) => vec![shortfall.summary.clone()],
        Some(Stop::Inconclusive(why) | Stop::NotApplicable(why)) => vec![why.clone()],
        Some(Stop::Error(why)) => vec![format!("{}: {why}", case.place)],
        None if !warnings.is_empty() => warnings.iter().map(|warning| warning.summary.clone()).collect(),
        None => remarks,
    };
    if !testimony.is_empty() {
        // What a person says is not what was observed.
        verdict = verdict.worse(Verdict::Attested);
        reasons.extend(testimony);
    }
    if let Some(fault) = unconsumed
        && verdict < Verdict::Inconclusive
    {
        verdict = Verdict::Inconclusive;
        reasons = vec![format!(
            "a fault that the scenario rests on took effect {} of {} times ({})",
            fault.consumed, fault.injected, fault.fault
        )];
    }
    let mut shortfalls: Vec<(Verdict, Shortfall)> = Vec::new();
    if let Some(Stop::Fail(shortfall)) = ran.stop {
        shortfalls.push((Verdict::Fail, shortfall));
    }
    shortfalls.extend(warnings.into_iter().map(|warning| (Verdict::Warning, warning)));
    Judged {
        result: ScenarioResult { name: case.name.clone(), verdict, steps: ran.steps },
        reached: Reached { verdict, reasons, asserted: ran.asserted },
        shortfalls,
        exchanges,
        faults,
    }
}

fn taken<T>(list: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A scenario that was not run at all.
pub(super) fn unrun(case: &Case, verdict: Verdict, why: String) -> Judged {
    Judged {
        result: ScenarioResult { name: case.name.clone(), verdict, steps: Vec::new() },
        reached: Reached { verdict, reasons: vec![why], asserted: false },
        shortfalls: Vec::new(),
        exchanges: Vec::new(),
        faults: Vec::new(),
    }
}
