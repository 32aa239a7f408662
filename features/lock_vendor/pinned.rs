//! Every embedded vendor, simulated and certified, with the outcome pinned.
//!
//! What is worse than a pass is argued beside the profile, in
//! `vendors/locks/<name>.md`: a table `| criterion | verdict | why it is right |`
//! with one row for each such criterion. A verdict that changes, or that nobody
//! argued, fails here. `INSTA_UPDATE=always` writes the snapshot of a new one.

use std::fmt::Write as _;

use crate::features;
use crate::harness::campaign::{CampaignPlan, Target, certify};
use crate::harness::result::{CriterionResult, Report};
use crate::harness::verdict::Verdict;
use crate::vendors::profile;

/// The names that have a test below.
const PINNED: &[&str] =
    &["reference", "seam", "nuki", "ttlock", "igloohome", "salto_ks", "tedee", "unloc", "danalock"];

async fn certified(name: &str) -> Report {
    let dialect = profile::load(name).unwrap();
    let mut plan = CampaignPlan::certification(dialect, Target::rehearsal(), 7);
    plan.run = crate::vendors::vocabulary::RunName::new("lockstep-pinned");
    certify(plan, &features::lock_vendor(), &|_| {}).await
}

/// The decision, and every criterion with its verdict and, where it did not
/// pass, what is said of it.
fn outcome(report: &Report) -> String {
    let mut text = format!("{}\nexit {:?}\n", report.decision, report.exit_codes);
    for criterion in &report.criteria {
        let _ = writeln!(text, "{} {}", criterion.id, criterion.verdict.as_str());
        if criterion.verdict != Verdict::Pass {
            let _ = writeln!(text, "    {}", criterion.reason);
            for finding in &criterion.findings {
                let _ = writeln!(text, "    - {}: observed {}", finding.summary, finding.observed);
            }
        }
    }
    text
}

/// Whether a criterion needs an argument: whatever is worse than a pass. What
/// does not apply says itself why. Nobody vouches for demo hardware (LV-07) in a
/// rehearsal, whoever the vendor is.
fn wants_argument(criterion: &CriterionResult) -> bool {
    !matches!(criterion.verdict, Verdict::Pass | Verdict::NotApplicable) && criterion.id.as_str() != "LV-07"
}

/// The criteria that the vendor's text argues, with their verdicts: the first two
/// columns of its table. A vendor that meets everything needs no text.
fn argued(name: &str) -> Vec<(String, String)> {
    let path = format!("{}/vendors/locks/{name}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let row = |line: &str| {
        let mut cells = line.trim().strip_prefix("| ")?.split(" | ");
        let (id, verdict, why) = (cells.next()?, cells.next()?, cells.next()?);
        assert!(!id.starts_with("LV-") || why.len() > 20, "{path}: {id} is not argued");
        id.starts_with("LV-").then(|| (id.to_owned(), verdict.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

async fn pin(name: &str) {
    assert!(PINNED.contains(&name));
    let report = certified(name).await;
    insta::with_settings!({ description => format!("`{name}`, simulated and certified") }, {
        insta::assert_snapshot!(name.to_owned(), outcome(&report));
    });
    let found: Vec<(String, String)> = report
        .criteria
        .iter()
        .filter(|criterion| wants_argument(criterion))
        .map(|criterion| (criterion.id.to_string(), criterion.verdict.as_str().to_owned()))
        .collect();
    let mut told = argued(name);
    told.sort();
    assert_eq!(told, found, "vendors/locks/{name}.md must argue exactly what is worse than a pass");
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
}

#[test]
fn every_embedded_vendor_is_pinned() {
    assert_eq!(profile::embedded_names(), PINNED);
}

#[tokio::test]
async fn reference() {
    pin("reference").await;
}

#[tokio::test]
async fn seam() {
    pin("seam").await;
}

#[tokio::test]
async fn nuki() {
    pin("nuki").await;
}

#[tokio::test]
async fn ttlock() {
    pin("ttlock").await;
}

#[tokio::test]
async fn igloohome() {
    pin("igloohome").await;
}

#[tokio::test]
async fn salto_ks() {
    pin("salto_ks").await;
}

#[tokio::test]
async fn tedee() {
    pin("tedee").await;
}

#[tokio::test]
async fn unloc() {
    pin("unloc").await;
}

#[tokio::test]
async fn danalock() {
    pin("danalock").await;
}
