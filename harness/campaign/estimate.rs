//! What a run will take, told beforehand from data.

use std::collections::BTreeMap;
use std::time::Duration;

use super::plan::{CampaignPlan, Target};
use super::reaches_loopback;
use crate::harness::criterion::{Criterion, CriterionId, Need};
use crate::harness::runner::{Applicability, Case, applicability};
use crate::vendors::dialect::{Step, Support};
use crate::vendors::vocabulary::Function;

/// What a run will take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Criteria that will be judged by scenarios.
    pub criteria: usize,
    /// Scenarios in all.
    pub scenarios: usize,
    /// Scenarios that move a bolt (unlock, hold, return to normal).
    pub actuations: usize,
    /// About how long it takes.
    pub time: Duration,
}

/// About what one scenario takes on a simulated and on a foreign target.
const SIMULATED: Duration = Duration::from_millis(20);
const FOREIGN: Duration = Duration::from_secs(5);

/// Estimates a run over the scenarios of a suite.
pub fn estimate(
    plan: &CampaignPlan,
    criteria: &[std::sync::Arc<Criterion>],
    cases: &BTreeMap<CriterionId, Vec<Case>>,
) -> Estimate {
    let loopback = reaches_loopback(&plan.target);
    let limits = &plan.dialect.limits;
    let each = match plan.target {
        Target::Simulated { .. } => SIMULATED,
        Target::Foreign(_) => FOREIGN,
    };
    let mut estimate = Estimate { criteria: 0, scenarios: 0, actuations: 0, time: Duration::ZERO };
    for criterion in criteria.iter().filter(|criterion| plan.selects(criterion) && !criterion.attested) {
        if applicability(criterion, &plan.dialect, loopback) != Applicability::Applies {
            continue;
        }
        let scenarios = cases.get(&criterion.id).map_or(0, Vec::len);
        let count = u32::try_from(scenarios).unwrap_or(u32::MAX);
        estimate.criteria += 1;
        estimate.scenarios += scenarios;
        estimate.time += each * count;
        if matches!(plan.target, Target::Foreign(_)) {
            estimate.time += waits(plan, criterion) * count;
        }
        if actuates(criterion) {
            estimate.actuations += scenarios;
            if matches!(plan.target, Target::Foreign(_)) {
                estimate.time += (limits.delays.actuation + limits.pulse) * count;
            }
        }
    }
    estimate
}

/// What a scenario really waits for on a foreign target: until what it makes can be
/// in force and, where answers are lost, until it can be found, for each call that
/// makes something.
fn waits(plan: &CampaignPlan, criterion: &Criterion) -> Duration {
    let creation = plan.dialect.limits.delays.creation;
    if criterion.needs.contains(&Need::FaultProxy) {
        let calls = match plan.dialect.function(Function::CreatePinAccess) {
            Support::Supported(plan) => {
                plan.steps.iter().filter(|step| matches!(step, Step::Call { .. })).count()
            }
            Support::Unsupported { .. } | Support::Unmentioned => 0,
        };
        return creation * u32::try_from(calls).unwrap_or(u32::MAX);
    }
    if criterion.needs.contains(&Need::FreeLock) { creation } else { Duration::ZERO }
}

/// Whether a criterion is about a function that moves a bolt.
fn actuates(criterion: &Criterion) -> bool {
    use crate::harness::criterion::Condition;
    const MOVING: [Function; 3] = [Function::Unlock, Function::HoldOpen, Function::ReturnToNormal];
    let about = criterion.main_for.is_some_and(|function| MOVING.contains(&function));
    let needs = criterion
        .applies_if
        .iter()
        .any(|condition| matches!(condition, Condition::Supports(function) if MOVING.contains(function)));
    about || needs
}
