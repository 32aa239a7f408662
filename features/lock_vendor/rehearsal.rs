//! The suite against simulated vendors that are as they should be, each in its
//! own way. Those that are not, and the reference in each unusual way, are rows of the
//! matrix, `lockstep selftest`; without optimisation that takes minutes.

use crate::features;
use crate::harness::campaign::{CampaignPlan, Target, certify};
use crate::harness::criterion::Level;
use crate::harness::result::{CriterionResult, Report};
use crate::harness::verdict::Verdict;
use crate::simulator::{MISBEHAVIOURS, Variation};
use crate::vendors::profile;

async fn run(profile: &str, variation: Option<Variation>) -> Report {
    let dialect = profile::load(profile).unwrap();
    let target = Target::Simulated { misbehaviour: None, variation };
    let plan = CampaignPlan::free(dialect, target, 7, &[]).unwrap();
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
    let report = run("reference", None).await;
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

#[test]
fn the_matrix_breaks_every_required_criterion() {
    let criteria = features::lock_vendor().criteria;
    for required in criteria.iter().filter(|criterion| criterion.level != Level::Preferred) {
        let id = required.id.as_str();
        assert!(MISBEHAVIOURS.iter().any(|misbehaviour| misbehaviour.breaks == id), "nothing breaks {id}");
    }
}

/// A profile of this crate that is no vendor's and not built in.
fn other(name: &str) -> String {
    format!("{}/vendors/locks/test/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

/// Everything that is not simply passed, one line each with its reason.
async fn table(name: &str) -> String {
    let report = run(&other(name), None).await;
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
    let lines = report.criteria.iter().filter(|criterion| criterion.verdict != Verdict::Pass);
    lines
        .map(|criterion| format!("{} {}: {}", criterion.id, criterion.verdict.as_str(), criterion.reason))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Keypads alone, PINs of the vendor's choice set directly on a lock, windows
/// widened to the minute, lists by cursor: it fails what it does not have, and
/// passes all that it has.
#[tokio::test]
async fn a_vendor_of_keypads_alone_fails_only_what_it_lacks() {
    insta::assert_snapshot!(table("plain").await, @r"
    LV-05 not_applicable: the target is reached over loopback, where no TLS is needed
    LV-07 inconclusive: nobody vouches for it ([[attestations]] in the subject file)
    LV-22 fail: no lock tells where it is
    LV-32 fail: the status does not tell the bolt; the status does not tell when the lock was last heard of
    LV-35 not_applicable: the statement declares no door state
    LV-43 not_applicable: the vendor's statement does not mention “Change PIN access”
    LV-45 not_applicable: the vendor chooses the PIN (limits.pin.chosen_by)
    LV-60 fail: the vendor does not support “Create mobile access”: The locks have keypads only.
    LV-61 not_applicable: the vendor does not support “Create mobile access”: The locks have keypads only.
    LV-70 fail: the vendor does not support “Remove mobile access”: The locks have keypads only.
    LV-82 fail: the vendor does not support “Hold open”: The locks cannot be held open.
    LV-83 fail: the vendor does not support “Return to normal”: The locks cannot be held open.
    LV-90 not_applicable: the vendor has no computed PINs
    LV-97 not_applicable: the statement documents no rate limit (limits.rate)
    ");
}

/// Whole hours, PINs that wait for an offline lock, a PIN in use as the only
/// sign of a repetition, lists by offset: everything is met.
#[tokio::test]
async fn a_vendor_of_whole_hours_meets_everything() {
    insta::assert_snapshot!(table("hours").await, @r"
    LV-05 not_applicable: the target is reached over loopback, where no TLS is needed
    LV-07 inconclusive: nobody vouches for it ([[attestations]] in the subject file)
    LV-35 not_applicable: the statement declares no door state
    LV-43 not_applicable: the vendor's statement does not mention “Change PIN access”
    LV-90 not_applicable: the vendor has no computed PINs
    LV-97 not_applicable: the statement documents no rate limit (limits.rate)
    ");
}

/// One command at a time at each bridge, and ids that are looked up for every
/// call: it fails what it does not have.
#[tokio::test]
async fn a_vendor_of_busy_bridges_fails_only_what_it_lacks() {
    insta::assert_snapshot!(table("bridges").await, @r"
    LV-05 not_applicable: the target is reached over loopback, where no TLS is needed
    LV-07 inconclusive: nobody vouches for it ([[attestations]] in the subject file)
    LV-10 fail: the vendor does not support “Fetch access groups / areas”: The vendor has no groups.
    LV-21 fail: the vendor has no groups whose locks could be asked for
    LV-22 fail: no lock names its group; no lock tells where it is
    LV-35 not_applicable: the statement declares no door state
    LV-43 not_applicable: the vendor's statement does not mention “Change PIN access”
    LV-60 fail: the vendor does not support “Create mobile access”: The locks have keypads only.
    LV-61 not_applicable: the vendor does not support “Create mobile access”: The locks have keypads only.
    LV-70 fail: the vendor does not support “Remove mobile access”: The locks have keypads only.
    LV-82 fail: the vendor does not support “Hold open”: The locks cannot be held open.
    LV-83 fail: the vendor does not support “Return to normal”: The locks cannot be held open.
    LV-90 not_applicable: the vendor has no computed PINs
    LV-97 not_applicable: the statement documents no rate limit (limits.rate)
    ");
}

#[tokio::test]
async fn other_vendors_may_be_unusual_too() {
    for name in ["plain", "hours"] {
        let usual = run(&other(name), None).await;
        for variation in Variation::ALL {
            let unusual = run(&other(name), Some(*variation)).await;
            for (usual, unusual) in usual.criteria.iter().zip(&unusual.criteria) {
                assert_eq!(
                    usual.verdict,
                    unusual.verdict,
                    "{name}, {}: {}",
                    variation.as_str(),
                    told(unusual)
                );
            }
        }
    }
}
