//! Results of criteria that are decided without a scenario.

use std::sync::Arc;

use super::findings::finding;
use super::plan::{CampaignPlan, Target};
use crate::harness::criterion::Criterion;
use crate::harness::result::{Capability, CriterionResult};
use crate::harness::trial::Shortfall;
use crate::harness::verdict::Verdict;

/// A required function that the statement declares absent fails its criterion.
pub(super) fn unsupported(plan: &CampaignPlan, criterion: &Criterion, reason: String) -> CriterionResult {
    let shortfall = Shortfall {
        summary: reason.clone(),
        expected: criterion.text.clone(),
        observed: "the statement declares the function absent".to_owned(),
        sent: None,
        evidence: Vec::new(),
        refused: None,
    };
    let mut result = declared(criterion, Verdict::Fail, reason);
    result.findings.push(finding(plan, &criterion.id, 1, Verdict::Fail, &shortfall, &[]));
    result
}

/// What the statement alone fails, where nothing can be asked of the subject.
pub(super) fn stated(plan: &CampaignPlan, criterion: &Criterion, reason: String) -> CriterionResult {
    let shortfall = Shortfall {
        summary: reason.clone(),
        expected: criterion.text.clone(),
        observed: "the statement says otherwise".to_owned(),
        sent: None,
        evidence: Vec::new(),
        refused: None,
    };
    let mut result = declared(criterion, Verdict::Fail, reason);
    result.findings.push(finding(plan, &criterion.id, 1, Verdict::Fail, &shortfall, &[]));
    result
}

/// A declared function that was seen to be absent fails its criterion, also
/// where the criterion itself did not get so far as to judge it.
pub(super) fn absent(
    plan: &CampaignPlan,
    criteria: &[Arc<Criterion>],
    capabilities: &[Capability],
    results: &mut [CriterionResult],
) {
    for result in results.iter_mut().filter(|result| result.verdict == Verdict::Inconclusive) {
        let criterion = criteria.iter().find(|criterion| criterion.id == result.id);
        let Some(function) = criterion.and_then(|criterion| criterion.main_for) else { continue };
        let line = capabilities.iter().find(|line| line.ability == function.as_str());
        let Some(line) = line.filter(|line| line.contradiction() == Some("declared but absent")) else {
            continue;
        };
        let summary = format!("“{}” is declared, and it is not there: {}", line.title, line.note);
        let shortfall = Shortfall {
            summary: summary.clone(),
            expected: result.text.clone(),
            observed: line.note.clone(),
            sent: None,
            evidence: line.evidence.clone(),
            refused: None,
        };
        let number = result.findings.len() + 1;
        result.findings.push(finding(plan, &result.id, number, Verdict::Fail, &shortfall, &[]));
        result.evidence.extend(line.evidence.iter().cloned());
        result.verdict = Verdict::Fail;
        result.reason = summary;
    }
}

/// What only a person can vouch for.
pub(super) fn attested(plan: &CampaignPlan, criterion: &Criterion) -> CriterionResult {
    let given = match &plan.target {
        Target::Foreign(subject) => subject.attestations.iter().find(|given| given.criterion == criterion.id),
        Target::Simulated { .. } => None,
    };
    match given {
        Some(given) => {
            let reason = format!("{} vouched for it on {} by “{}”", given.who, given.when, given.document);
            declared(criterion, Verdict::Attested, reason)
        }
        None => declared(
            criterion,
            Verdict::Inconclusive,
            "nobody vouches for it ([[attestations]] in the subject file)".to_owned(),
        ),
    }
}

/// The result of a criterion that was decided without a scenario.
pub(super) fn declared(criterion: &Criterion, verdict: Verdict, reason: String) -> CriterionResult {
    CriterionResult {
        id: criterion.id.clone(),
        text: criterion.text.clone(),
        source: criterion.source.clone(),
        level: criterion.level,
        verdict,
        reason,
        scenarios: Vec::new(),
        findings: Vec::new(),
        evidence: Vec::new(),
        timelines: Vec::new(),
    }
}
