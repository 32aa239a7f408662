//! Findings in a form that can be acted on.

use super::plan::CampaignPlan;
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::{curl, shell_word};
use crate::harness::result::{Exchange, Finding};
use crate::harness::trial::Shortfall;
use crate::harness::verdict::Verdict;

/// Where the commands of a rehearsal's findings find the simulated vendor.
const SIMULATED_AT: &str = "127.0.0.1:8787";

/// A finding from a shortfall; `exchanges` are those of the scenario.
pub(super) fn finding(
    plan: &CampaignPlan,
    criterion: &CriterionId,
    number: usize,
    verdict: Verdict,
    shortfall: &Shortfall,
    exchanges: &[Exchange],
) -> Finding {
    finding_of(criterion, number, verdict, shortfall, exchanges, |id, decisive| {
        let mut again = vec![replay(plan, id)];
        again.extend(decisive.into_iter().flat_map(|exchange| by_hand(plan, exchange)));
        again
    })
}

/// A finding; `again` says how it is shown again, by its id and by the exchange
/// that shows it best.
pub(super) fn finding_of(
    criterion: &CriterionId,
    number: usize,
    verdict: Verdict,
    shortfall: &Shortfall,
    exchanges: &[Exchange],
    again: impl Fn(&str, Option<&Exchange>) -> Vec<String>,
) -> Finding {
    let id = format!("{criterion}.{number}");
    let evidence = in_order(if shortfall.evidence.is_empty() {
        exchanges.iter().map(|exchange| exchange.id.clone()).collect()
    } else {
        shortfall.evidence.clone()
    });
    let decisive = exchanges.iter().rev().find(|exchange| evidence.contains(&exchange.id));
    let reproduce = again(&id, decisive);
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

/// Exchanges by their numbers, each once: several scenarios may rest on the same.
pub(super) fn in_order(mut ids: Vec<String>) -> Vec<String> {
    let number = |id: &str| id.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    ids.sort_by(|a, b| (number(a), a).cmp(&(number(b), b)));
    ids.dedup();
    ids
}

/// The command that judges a criterion of a partner once more.
pub(super) fn shown_again(profile: &str, criterion: &CriterionId) -> String {
    format!("lockstep run {} --only {criterion}", shell_word(profile))
}

/// The command that judges the criterion once more.
fn replay(plan: &CampaignPlan, id: &str) -> String {
    let mut words = vec!["lockstep replay".to_owned(), shell_word(&plan.report_path), id.to_owned()];
    if plan.profile != plan.dialect.name {
        words.push(format!("--profile {}", shell_word(&plan.profile)));
    }
    if let Some((flag, value)) = &plan.whom {
        words.push(format!("{flag} {}", shell_word(value)));
    }
    words.join(" ")
}

/// The commands that send the exchange again. The world of a rehearsal went
/// with its scenario, so one like it is started first.
fn by_hand(plan: &CampaignPlan, exchange: &Exchange) -> Vec<String> {
    if !plan.is_rehearsal() {
        return vec![curl(exchange)];
    }
    let mut exchange = exchange.clone();
    if let Ok(mut url) = url::Url::parse(&exchange.request.url)
        && let Some((_, port)) = SIMULATED_AT.split_once(':')
        && url.set_port(port.parse().ok()).is_ok()
    {
        exchange.request.url = url.to_string();
    }
    let profile = shell_word(&plan.profile);
    vec![format!("lockstep simulate {profile} --seed {} --listen {SIMULATED_AT}", plan.seed), curl(&exchange)]
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn exchanges_are_told_by_their_numbers_and_once() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(in_order(ids(&["x-10", "x-9", "x-10", "x-2"])), ids(&["x-2", "x-9", "x-10"]));
    }
}
