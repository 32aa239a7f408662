//! Whole runs over our own integration.

use std::time::Duration;

use super::rehearsal::{plan_of, run, told};
use crate::harness::campaign::PartnerPlan;
use crate::harness::certification::Claims;
use crate::harness::criterion::CriterionId;
use crate::harness::integration::inlet::Gaps;
use crate::harness::partner::{Manner, Who};
use crate::harness::result::{Mode, Report};
use crate::harness::runner::read_waivers;
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

fn plan(manner: Manner) -> PartnerPlan {
    plan_of("own_integration", Who::Own(manner))
}

fn with_verdict(report: &Report, verdict: Verdict) -> Vec<&str> {
    let found = report.criteria.iter().filter(|one| one.verdict == verdict);
    found.map(|one| one.id.as_str()).collect()
}

/// Nothing that can be observed is left open, and nothing that only a company
/// can vouch for is closed.
#[test]
fn our_own_integration_passes_all_that_is_observed() {
    let report = run(plan(Manner::default()));
    assert_eq!(
        with_verdict(&report, Verdict::Attested),
        ["IP-70", "IP-71", "IP-73", "IP-80"],
        "{}",
        told(&report)
    );
    let open = ["IP-32", "IP-43", "IP-74", "IP-81", "IP-82"];
    assert_eq!(with_verdict(&report, Verdict::Inconclusive), open, "{}", told(&report));
    assert_eq!(with_verdict(&report, Verdict::Pass).len(), report.criteria.len() - 9, "{}", told(&report));
    assert_eq!(report.exit_codes, [3]);
    assert!(!report.rehearsal);
    let claims = Claims::of(&report, &serde_json::to_value(&report).unwrap());
    let covered: Vec<&str> = claims.abilities.iter().map(|one| one.ability.as_str()).collect();
    let declared = &plan(Manner::default()).description.declared;
    for one in
        declared.uses.iter().map(|one| one.as_str()).chain(declared.scopes.iter().map(|one| one.as_str()))
    {
        assert!(covered.contains(&one), "a certificate would not cover {one}: {covered:?}");
    }
}

/// What fails of an integration that was set up so.
fn failed(manner: Manner, only: &[&str]) -> Vec<String> {
    let mut plan = plan(manner);
    plan.mode = Mode::Run;
    plan.only = Some(only.iter().map(|id| CriterionId::parse(id).unwrap()).collect());
    let report = run(plan);
    with_verdict(&report, Verdict::Fail).into_iter().map(str::to_owned).collect()
}

/// What stands in the README.
#[test]
fn our_own_integration_meets_the_full_level_with_the_agreement_waived() {
    let mut plan = plan(Manner::default());
    let waivers = include_str!("../../vendors/partners/own_integration.waivers.toml");
    plan.waivers = read_waivers("own_integration.waivers.toml", waivers).unwrap();
    // The day on which it was decided on, whatever day it is.
    plan.present = Instant::from_timestamp("2026-11-22T12:00:00Z".parse().unwrap());
    plan.only =
        Some(["IP-70", "IP-71", "IP-73", "IP-74", "IP-80"].map(|id| CriterionId::parse(id).unwrap()).into());
    plan.mode = Mode::Run;
    let report = run(plan);
    assert_eq!(with_verdict(&report, Verdict::Waived), ["IP-74"], "{}", told(&report));
    assert_eq!(with_verdict(&report, Verdict::Attested).len(), 4, "{}", told(&report));
    let waived = "Waived: IP-74 (until 2029-11-22, the maintainers of Lockstep).";
    assert!(report.decision.contains(waived), "{}", report.decision);
}

#[test]
fn an_integration_that_is_set_up_wrongly_fails_what_it_breaks() {
    let looked_at = ["IP-20", "IP-21", "IP-22", "IP-23", "IP-24", "IP-26"];
    let hurried = Manner { gaps: Gaps::Fixed(Duration::from_secs(120)), ..Manner::default() };
    // So many attempts within half an hour are too many besides.
    assert_eq!(failed(hurried, &looked_at), ["IP-20", "IP-21"]);
    let silent = Manner { tells_support: false, ..Manner::default() };
    assert_eq!(failed(silent, &looked_at), ["IP-23", "IP-24"]);
    // Unusual and right: always the same four minutes.
    let even = Manner { gaps: Gaps::Fixed(Duration::from_secs(240)), ..Manner::default() };
    assert!(failed(even, &looked_at).is_empty());
}
