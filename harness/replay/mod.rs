//! Shows a finding again: judges its criterion once more, under the same seed,
//! and compares what is found and what is said on the wire.
//!
//! A recorded exchange holds no secret, so it cannot be sent again as it is; the
//! scenario that led to it can.

use super::campaign::{CampaignPlan, Watch, certify};
use super::criterion::CriterionId;
use super::result::{Exchange, Finding, Mode, Received, Report};
use super::runner::{Attach, Suite};
use super::verdict::Verdict;
use crate::harness::bench::Bench;

/// A finding cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The report has no such finding.
    #[error("the report has no finding `{wanted}`; it has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })]
    NoSuchFinding {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The report is about another subject than the plan.
    #[error("the report is about `{reported}`, not about `{given}`")]
    OtherSubject {
        /// The subject of the report.
        reported: String,
        /// The subject given.
        given: String,
    },
    /// The report is a rehearsal and the plan names a target, or the other way round.
    #[error("the report was made against {reported}: replay it against the same")]
    OtherTarget {
        /// What the report was made against.
        reported: String,
    },
}

/// What a replay showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The finding as it was reported.
    pub before: Finding,
    /// The finding as it was made again, where it was.
    pub after: Option<Finding>,
    /// Where the two courses differ, for people.
    pub differences: Vec<String>,
    /// The new report, over the one criterion.
    pub report: Report,
}

impl Replay {
    /// Whether the finding was made again.
    pub fn is_reproduced(&self) -> bool {
        self.after.is_some()
    }
}

/// The criterion of a finding in a report, and the finding.
fn look_up<'a>(report: &'a Report, wanted: &str) -> Result<(&'a CriterionId, &'a Finding), ReplayError> {
    let all = || {
        report
            .criteria
            .iter()
            .flat_map(|result| result.findings.iter().map(move |finding| (&result.id, finding)))
    };
    all().find(|(_, finding)| finding.id == wanted).ok_or_else(|| ReplayError::NoSuchFinding {
        wanted: wanted.to_owned(),
        known: all().map(|(_, finding)| finding.id.clone()).collect(),
    })
}

/// Judges the criterion of a finding once more. `plan` says against whom; its
/// selection and seed are taken from the report.
pub async fn replay<W: Attach<Bench = Bench>>(
    report: &Report,
    finding: &str,
    mut plan: CampaignPlan,
    suite: &Suite<W>,
    watch: Watch<'_>,
) -> Result<Replay, ReplayError> {
    let (criterion, before) = look_up(report, finding)?;
    if report.subject.name != plan.dialect.name {
        return Err(ReplayError::OtherSubject {
            reported: report.subject.name.clone(),
            given: plan.dialect.name.clone(),
        });
    }
    if report.rehearsal != plan.is_rehearsal() {
        return Err(ReplayError::OtherTarget { reported: report.subject.target.clone() });
    }
    plan.mode = Mode::Run;
    plan.only = Some(selection(report, criterion, suite));
    plan.seed = report.seed;
    let again = certify(plan, suite, watch).await;
    let after = again
        .criteria
        .iter()
        .filter(|result| result.id == *criterion)
        .flat_map(|result| &result.findings)
        .find(|after| after.summary == before.summary && after.verdict == before.verdict)
        .cloned();
    let differences = match &after {
        Some(after) => differences(before, after, report, &again),
        None => vec![format!("“{}” was not found again", before.summary)],
    };
    Ok(Replay { before: before.clone(), after, differences, report: again })
}

/// The criterion alone; or, where it judges over all others, those that the
/// report had judged.
fn selection<W>(report: &Report, criterion: &CriterionId, suite: &Suite<W>) -> Vec<CriterionId> {
    if !suite.criteria.iter().any(|known| known.id == *criterion && known.runs_last) {
        return vec![criterion.clone()];
    }
    let judged = report.criteria.iter().filter(|result| result.verdict != Verdict::Skipped);
    judged.map(|result| result.id.clone()).collect()
}

fn differences(before: &Finding, after: &Finding, old: &Report, new: &Report) -> Vec<String> {
    let mut found = Vec::new();
    if before.observed != after.observed {
        found.push(format!("observed was “{}”, is “{}”", before.observed, after.observed));
    }
    let course = |finding: &Finding, report: &Report| -> Vec<String> {
        let exchanges = report.exchanges.iter().filter(|exchange| finding.evidence.contains(&exchange.id));
        exchanges.map(outline).collect()
    };
    let (was, is) = (course(before, old), course(after, new));
    if was.len() != is.len() {
        found.push(format!("{} exchanges showed it, {} show it now", was.len(), is.len()));
    }
    for (number, (was, is)) in was.iter().zip(&is).enumerate() {
        if was != is {
            found.push(format!("exchange {}: was {was}, is {is}", number + 1));
        }
    }
    found
}

/// What an exchange comes down to: operation and outcome.
fn outline(exchange: &Exchange) -> String {
    match &exchange.response {
        Received::Answer { status, .. } => format!("{} → {status}", exchange.operation),
        Received::Nothing { why, .. } => format!("{} → {why:?}", exchange.operation),
    }
}
