//! What the verdicts make of what was seen.

use std::sync::Arc;

use crate::harness::criterion::Criterion;
use crate::harness::result::{Capability, CriterionResult, Presence};
use crate::harness::verdict::Verdict;

/// The lines, where no declared function is relied on whose main criterion
/// failed: that its exchanges succeed does not make it do what it is for.
pub fn judged(
    lines: Vec<Capability>,
    criteria: &[Arc<Criterion>],
    results: &[CriterionResult],
) -> Vec<Capability> {
    let failed: Vec<(&str, String)> = results
        .iter()
        .filter(|result| result.verdict == Verdict::Fail)
        .filter_map(|result| {
            let criterion = criteria.iter().find(|criterion| criterion.id == result.id)?;
            let reason = format!("{} failed: {}", result.id, result.reason);
            Some((criterion.main_for?.as_str(), reason))
        })
        .collect();
    let judge = |line: Capability| {
        let reason = failed.iter().find(|(function, _)| *function == line.ability).map(|(_, reason)| reason);
        // What is declared absent, or seen to be, has its reason already.
        let open = line.declared == Presence::Yes && line.effective != Presence::No;
        match reason.filter(|_| open) {
            Some(reason) => line.useless(reason.clone()),
            None => line,
        }
    };
    lines.into_iter().map(judge).collect()
}
