//! The suite against the simulated vendor: as it should be, unusual but right,
//! and breaking one criterion at a time.

use crate::features;
use crate::harness::campaign::{CampaignPlan, Target, certify};
use crate::harness::result::{CriterionResult, Report};
use crate::harness::verdict::Verdict;
use crate::simulator::{MISBEHAVIOURS, Misbehaviour, Variation};
use crate::vendors::profile;

async fn run(
    misbehaviour: Option<&'static Misbehaviour>,
    variation: Option<Variation>,
    only: &[String],
) -> Report {
    let dialect = profile::load("reference").unwrap();
    let target = Target::Simulated { misbehaviour, variation };
    let plan = CampaignPlan::free(dialect, target, 7, only).unwrap();
    certify(plan, &features::lock_vendor(), &|_| {}).await
}

fn told(criterion: &CriterionResult) -> String {
    let findings: Vec<String> = criterion
        .findings
        .iter()
        .map(|finding| {
            format!("    {}: expected {}; observed {}", finding.summary, finding.expected, finding.observed)
        })
        .collect();
    let scenarios: Vec<String> = criterion
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict.blocks())
        .map(|scenario| format!("    in `{}`", scenario.name))
        .collect();
    let verdict = criterion.verdict.as_str();
    format!(
        "{} {verdict}: {}\n{}\n{}",
        criterion.id,
        criterion.reason,
        scenarios.join("\n"),
        findings.join("\n")
    )
}

fn worse_than_pass(report: &Report) -> String {
    let found: Vec<String> = report
        .criteria
        .iter()
        .filter(|criterion| criterion.verdict.blocks() || criterion.verdict == Verdict::Warning)
        // Demo hardware is vouched for by a person, and nobody is there.
        .filter(|criterion| criterion.id.as_str() != "LV-07")
        .map(told)
        .collect();
    found.join("\n")
}

#[tokio::test]
async fn a_vendor_as_it_should_be_meets_everything() {
    let report = run(None, None, &[]).await;
    let found = worse_than_pass(&report);
    assert!(found.is_empty(), "{}\n{found}", report.decision);
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
    let unmet: Vec<_> = report.criteria.iter().filter(|criterion| !criterion.verdict.is_met()).collect();
    // The connection is loopback, and demo hardware is vouched for by nobody.
    let ids: Vec<&str> =
        unmet.iter().map(|criterion| criterion.id.as_str()).filter(|id| *id != "LV-07").collect();
    assert_eq!(ids, ["LV-05"]);
}

/// The bolt is thrown again before the vendor's own account of the opening ends.
#[tokio::test]
async fn a_pulse_shorter_than_the_polling_is_seen() {
    let mut text = include_str!("../../vendors/locks/reference.toml").to_owned();
    for (usual, odd) in [
        ("pulse = \"5 s\"", "pulse = \"2 s\""),
        (
            "unlock = [{ call = \"unlock\" }, { poll = \"poll_job\", every = \"1 s\"",
            "unlock = [{ call = \"unlock\" }, { poll = \"poll_job\", every = \"6 s\"",
        ),
    ] {
        assert!(text.contains(usual), "{usual}");
        text = text.replace(usual, odd);
    }
    let dialect = profile::compile("reference.toml", &text).unwrap();
    let only = ["LV-80".to_owned()];
    let plan = CampaignPlan::free(dialect, Target::rehearsal(), 7, &only).unwrap();
    let report = certify(plan, &features::lock_vendor(), &|_| {}).await;
    let judged = report.criteria.iter().find(|criterion| criterion.id.as_str() == "LV-80").unwrap();
    assert_eq!(judged.verdict, Verdict::Pass, "{}", told(judged));
}

#[tokio::test]
async fn an_unusual_vendor_meets_everything() {
    for variation in Variation::ALL {
        let report = run(None, Some(*variation), &[]).await;
        let found = worse_than_pass(&report);
        assert!(found.is_empty(), "{}\n{found}", variation.as_str());
    }
}

#[tokio::test]
async fn every_misbehaviour_is_found() {
    assert!(!MISBEHAVIOURS.is_empty());
    let mut wrong = Vec::new();
    for misbehaviour in MISBEHAVIOURS {
        // What else might fail is told by `selftest`, which runs everything.
        let only: Vec<String> = std::iter::once(misbehaviour.breaks)
            .chain(misbehaviour.follows.iter().map(|(follows, _)| *follows))
            .map(str::to_owned)
            .collect();
        let report = run(Some(misbehaviour), None, &only).await;
        let mut failed: Vec<&str> = Vec::new();
        for criterion in &report.criteria {
            if criterion.verdict.blocks() && criterion.id.as_str() != "LV-07" {
                failed.push(criterion.id.as_str());
                if criterion.verdict != Verdict::Fail {
                    wrong.push(format!("{}: {}", misbehaviour.name, told(criterion)));
                }
            }
        }
        let expected = |id: &str| {
            id == misbehaviour.breaks || misbehaviour.follows.iter().any(|(follows, _)| *follows == id)
        };
        if !failed.contains(&misbehaviour.breaks) {
            wrong.push(format!("{}: {} did not fail", misbehaviour.name, misbehaviour.breaks));
        }
        for (follows, _) in misbehaviour.follows {
            if !failed.contains(follows) {
                wrong.push(format!("{}: {follows} did not fail with it", misbehaviour.name));
            }
        }
        for id in failed.iter().filter(|id| !expected(id)) {
            let criterion = report.criteria.iter().find(|criterion| criterion.id.as_str() == *id);
            wrong.push(format!(
                "{}: unexpected {}",
                misbehaviour.name,
                criterion.map(told).unwrap_or_default()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
