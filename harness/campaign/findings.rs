//! Findings in a form that can be acted on.

use crate::harness::criterion::CriterionId;
use crate::harness::evidence::curl;
use crate::harness::result::{Exchange, Finding};
use crate::harness::trial::Shortfall;
use crate::harness::verdict::Verdict;

/// A finding from a shortfall; `exchanges` are those of the scenario.
pub(super) fn finding(
    criterion: &CriterionId,
    number: usize,
    verdict: Verdict,
    shortfall: &Shortfall,
    exchanges: &[Exchange],
    report_path: &str,
) -> Finding {
    let id = format!("{criterion}.{number}");
    let evidence = if shortfall.evidence.is_empty() {
        exchanges.iter().map(|exchange| exchange.id.clone()).collect()
    } else {
        shortfall.evidence.clone()
    };
    let decisive = exchanges.iter().rev().find(|exchange| evidence.contains(&exchange.id));
    let mut reproduce: Vec<String> = decisive.map(curl).into_iter().collect();
    reproduce.push(format!("lockstep replay {report_path} {id}"));
    Finding {
        id,
        verdict,
        summary: shortfall.summary.clone(),
        expected: shortfall.expected.clone(),
        observed: shortfall.observed.clone(),
        sent: shortfall.sent.clone(),
        evidence,
        reproduce,
    }
}
