//! A campaign over a tiny suite, from plan to report, against the simulated vendor.

use std::sync::Arc;

use super::tests_foreign as foreign;
use super::{CampaignPlan, Target, Watch, certify};
use crate::harness::bench::Bench;
use crate::harness::criterion::{CertificationLevel, Condition, Criterion, CriterionId};
use crate::harness::progress::Progress;
use crate::harness::replay::replay;
use crate::harness::result::Report;
use crate::harness::runner::{Attach, Steps, Suite, World};
use crate::harness::selftest::{Row, Subject, selftest};
use crate::harness::trial::{Step, Stop, Trial};
use crate::harness::verdict::Verdict;
use crate::vendors::profile;

#[derive(Default)]
pub(super) struct Tiny {
    trial: Option<Trial>,
    locks: usize,
}

impl std::fmt::Debug for Tiny {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tiny({})", self.locks)
    }
}

impl World for Tiny {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl Attach for Tiny {
    type Bench = Bench;

    fn attach(&mut self, trial: Trial) {
        self.trial = Some(trial);
    }
}

impl Tiny {
    pub(super) fn trial(&self) -> Result<&Trial, Stop> {
        self.trial.as_ref().ok_or_else(|| Stop::Error("no trial".to_owned()))
    }
}

async fn a_bench(world: &mut Tiny) -> Step {
    world.trial()?;
    Ok(())
}

async fn locks_are_listed(world: &mut Tiny) -> Step {
    let found = world.trial()?.bench.inlet().list_locks(None).await;
    world.locks = found.map_err(|failure| Stop::unexpected("listing", &failure))?.len();
    Ok(())
}

async fn more_than(world: &mut Tiny, count: usize) -> Step {
    if world.locks > count {
        return Ok(());
    }
    Err(Stop::fail("too few locks", format!("more than {count}"), world.locks.to_string()))
}

async fn panics(_world: &mut Tiny) -> Step {
    let none: Option<u8> = None;
    assert!(none.is_some(), "on purpose");
    Ok(())
}

fn steps() -> Steps<Tiny> {
    crate::steps! { Steps::new();
        given "a bench" => a_bench;
        when "the locks are listed" => locks_are_listed;
        then r"there are more than (\d+)" => more_than;
        then "the harness panics" => panics;
        when "a PIN is created and left" => foreign::creates;
        when "an answer is lost" => foreign::loses;
        when "somebody is asked" => foreign::asks;
        when "a creation is cut off" => foreign::cuts_off;
        then "it is there" => foreign::is_there;
    }
}

pub(super) fn criterion(id: &str) -> Criterion {
    Criterion {
        text: format!("what {id} asks"),
        source: "a test".to_owned(),
        ..Criterion::bare(CriterionId::parse(id).unwrap())
    }
}

const HOLDS: (&str, &str) = (
    "holds.feature",
    "@LV-01\nFeature: f\n  Scenario: s\n    Given a bench\n    When the locks are listed\n    Then there are more than 100\n",
);
const FAILS: (&str, &str) = (
    "fails.feature",
    "@LV-02\nFeature: f\n  Scenario: s\n    Given a bench\n    When the locks are listed\n    Then there are more than 5000\n    And there are more than 1\n",
);
const PANICS: (&str, &str) =
    ("panics.feature", "@LV-02\nFeature: f\n  Scenario: s\n    Given a bench\n    Then the harness panics\n");

fn suite(features: &'static [(&'static str, &'static str)], ids: &[&str]) -> Suite<Tiny> {
    suite_of(features, ids.iter().map(|id| criterion(id)).collect())
}

fn plan() -> CampaignPlan {
    let dialect = profile::load("reference").unwrap();
    CampaignPlan::certification(dialect, Target::rehearsal(), 7)
}

pub(super) fn suite_of(
    features: &'static [(&'static str, &'static str)],
    criteria: Vec<Criterion>,
) -> Suite<Tiny> {
    let criteria = criteria.into_iter().map(Arc::new).collect();
    Suite { programme: "lock-vendor", criteria, features, steps: steps() }
}

pub(super) async fn run_with(suite: &Suite<Tiny>, plan: CampaignPlan, watch: Watch<'_>) -> Report {
    let _ = rustls::crypto::ring::default_provider().install_default();
    certify(plan, suite, watch).await
}

async fn run(suite: &Suite<Tiny>, plan: CampaignPlan) -> Report {
    run_with(suite, plan, &|_| {}).await
}

#[tokio::test]
async fn a_criterion_that_holds_passes_as_a_rehearsal() {
    let suite = suite(&[HOLDS], &["LV-01"]);
    assert_eq!(suite.lint(), Vec::<String>::new());
    let plan = plan();
    let secrets = plan.secrets.clone();
    let report = run(&suite, plan).await;
    assert_eq!(report.exit_codes, [0], "{:#?}", report.criteria);
    // Two credentials and a token, for the last look at the finished report.
    assert_eq!(secrets.all().len(), 3);
    assert_eq!((report.verdict, report.level), (Verdict::Pass, CertificationLevel::Full));
    assert!(report.rehearsal && report.decision.contains("rehearsal"), "{}", report.decision);
    assert_eq!((report.planned, report.executed), (1, 1));
    assert!(!report.exchanges.is_empty());
    assert_eq!(report.criteria[0].evidence.len(), report.exchanges.len());
}

#[tokio::test]
async fn a_criterion_that_falls_short_fails_with_a_finding() {
    let suite = suite(&[HOLDS, FAILS], &["LV-01", "LV-02"]);
    let report = run(&suite, plan()).await;
    assert_eq!(report.exit_codes, [1]);
    let failed = &report.criteria[1];
    assert_eq!(failed.verdict, Verdict::Fail);
    let steps: Vec<Verdict> = failed.scenarios[0].steps.iter().map(|step| step.verdict).collect();
    assert_eq!(steps, [Verdict::Pass, Verdict::Pass, Verdict::Fail, Verdict::Skipped]);
    let finding = &failed.findings[0];
    assert_eq!((finding.id.as_str(), finding.observed.as_str()), ("LV-02.1", "130"));
    let [replay, simulate, curl] = finding.reproduce.as_slice() else { panic!("{:?}", finding.reproduce) };
    assert_eq!(replay, "lockstep replay report.json LV-02.1");
    // The world that was judged is gone; the commands name the way to one like it.
    assert_eq!(simulate, "lockstep simulate reference --seed 7 --listen 127.0.0.1:8787");
    assert!(curl.starts_with("curl ") && curl.contains("http://127.0.0.1:8787/v1/locks"), "{curl}");
}

#[tokio::test]
async fn a_finding_is_shown_again_by_a_replay() {
    let suite = suite(&[HOLDS, FAILS], &["LV-01", "LV-02"]);
    let report = run(&suite, plan()).await;
    let again = replay(&report, "LV-02.1", plan(), &suite, &|_| {}).await.unwrap();
    assert!(again.is_reproduced());
    assert_eq!(again.differences, Vec::<String>::new());
    let unknown = replay(&report, "LV-02.9", plan(), &suite, &|_| {}).await;
    assert_eq!(unknown.unwrap_err().to_string(), "the report has no finding `LV-02.9`; it has LV-02.1");
}

#[test]
fn the_matrix_is_right_only_where_the_judge_is() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dialect = profile::load("reference").unwrap();
    let interrupt = super::Interrupt::new();
    let subjects = [Subject::WellBehaved, Subject::Unusual(crate::simulator::Variation::ExtraMembers)];
    let judge = |suite: &Suite<Tiny>| selftest(&dialect, suite, 7, &subjects, &interrupt, &|_| {});
    let matrix = judge(&suite(&[HOLDS], &["LV-01"]));
    assert!(matrix.rows.iter().all(Row::is_right), "{}", matrix.text());
    let matrix = judge(&suite(&[HOLDS, FAILS], &["LV-01", "LV-02"]));
    assert_eq!(matrix.exit_codes()[0], 70);
    assert!(matrix.text().contains("false alarm: LV-02"), "{}", matrix.text());
}

#[tokio::test]
async fn a_panic_in_a_step_is_a_defect_of_the_harness() {
    let suite = suite(&[HOLDS, PANICS], &["LV-01", "LV-02"]);
    let report = run(&suite, plan()).await;
    assert_eq!(report.exit_codes[0], 70, "{}", report.decision);
    assert!(report.criteria[1].reason.contains("on purpose"), "{}", report.criteria[1].reason);
}

#[tokio::test]
async fn a_suite_with_problems_judges_nobody() {
    let suite = suite(&[HOLDS], &["LV-01", "LV-02"]);
    let report = run(&suite, plan()).await;
    assert_eq!(report.exit_codes[0], 70);
    assert!(report.decision.contains("LV-02: no scenario judges it"), "{}", report.decision);
    assert!(report.exchanges.is_empty());
}

#[tokio::test]
async fn a_filter_that_matches_nothing_is_vacuous() {
    let suite = suite(&[HOLDS], &["LV-01"]);
    let target = Target::rehearsal();
    let plan = CampaignPlan::free(profile::load("reference").unwrap(), target, 7, &["LV-77".to_owned()]);
    let report = run(&suite, plan.unwrap()).await;
    assert_eq!(report.exit_codes, [4]);
    assert_eq!(report.planned, 0);
}

#[tokio::test]
async fn an_interrupted_run_is_incomplete() {
    let suite = suite(&[HOLDS, FAILS], &["LV-01", "LV-02"]);
    let plan = plan();
    let interrupt = plan.interrupt.clone();
    let report = run_with(&suite, plan, &|event| {
        if matches!(event, Progress::CriterionEnded { .. }) {
            interrupt.raise("Ctrl-C");
        }
    })
    .await;
    assert_eq!(report.exit_codes, [4]);
    assert_eq!(report.interrupted.as_deref(), Some("Ctrl-C"));
    assert_eq!(report.criteria[0].verdict, Verdict::Pass);
    assert_eq!(report.criteria[1].verdict, Verdict::Skipped);
}

#[tokio::test]
async fn what_does_not_apply_says_why_and_nothing_asserted_is_no_pass() {
    let mut suite = suite(&[HOLDS], &["LV-01"]);
    let mut changed = criterion("LV-01");
    changed.applies_if = vec![Condition::TargetNotLoopback];
    suite.criteria = vec![Arc::new(changed)];
    let report = run(&suite, plan()).await;
    assert_eq!(report.criteria[0].verdict, Verdict::NotApplicable);
    assert!(report.criteria[0].reason.contains("loopback"));
    assert_eq!(report.exit_codes, [4], "{}", report.decision);
}

#[test]
fn mistakes_that_would_skip_a_check_are_told() {
    let check = |text: &'static str, expected: &str| {
        let features: &'static [(&'static str, &'static str)] = Box::leak(Box::new([("x.feature", text)]));
        let problems = suite(features, &["LV-01"]).lint();
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
    };
    check("@LV-01\nFeature: f\n  Scenario: s\n    Gven a bench\n", "is no step");
    check("@LV-01\nFeature: f\n  Scenario: s\n", "without steps");
    check("@LV-01\nFeature: f\n  Scenario: s\n    Given a bench\n", "asserts nothing");
    check(
        "@LV-01\nFeature: f\n  Scenario: s\n    Given a bnch\n    Then there are more than 1\n",
        "nobody defines",
    );
    check("@LV-09\nFeature: f\n  Scenario: s\n    Then there are more than 1\n", "no criterion");
    check("@smoke\nFeature: f\n  Scenario: s\n    Then there are more than 1\n", "unknown tag");
    check("Feature: f\n  Scenario: s\n    Then there are more than 1\n", "no tag says");
    check("@LV-01\nFeature: f\n", "no scenario");
    check(
        "@LV-01\nFeature: f\n  Scenario Outline: s\n    Then there are more than <n>\n    Examples:\n      | n |\n",
        "without rows",
    );
}
