//! Results of criteria that are decided without a scenario.

use super::findings::finding;
use super::plan::{CampaignPlan, Target};
use crate::harness::criterion::Criterion;
use crate::harness::result::CriterionResult;
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
