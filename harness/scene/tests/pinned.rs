//! Every embedded vendor under every embedded scenario, with the outcomes pinned.
//!
//! What does not hold is argued beside the profile, in `vendors/locks/<name>.md`: a
//! table `| scenario | outcome | why it is right |` with one row for each. An outcome
//! that changes, or that nobody argued, fails here. `INSTA_UPDATE=always` writes the
//! snapshot of a new one. Scenarios that can be played small are played small.

use std::fmt::Write as _;
use std::sync::Arc;

use super::bench::{plan, scenario};
use crate::harness::scene::{Holding, Outcome, run};
use crate::simulator::Scenario;
use crate::vendors::profile;

/// The names that have a test below.
const PINNED: &[&str] =
    &["reference", "seam", "nuki", "ttlock", "igloohome", "salto_ks", "tedee", "unloc", "danalock"];

async fn outcomes(name: &str) -> Vec<Outcome> {
    let plan = plan(name);
    let mut outcomes = Vec::new();
    for name in Scenario::embedded_names() {
        let small = Scenario::clone(&scenario(name)).small();
        outcomes.push(run(Arc::new(small), &plan).await.expect("a simulated vendor"));
    }
    outcomes
}

fn told(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let _ = writeln!(text, "{}: {}", outcome.name, outcome.holding.as_str());
        let reasons = match &outcome.holding {
            Holding::NotHeld(reasons) => reasons.as_slice(),
            Holding::NotApplicable(reason) => std::slice::from_ref(reason),
            Holding::Held | Holding::Vacuous | Holding::NothingRun => &[],
        };
        for reason in reasons {
            let _ = writeln!(text, "    {reason}");
        }
    }
    text
}

/// The scenarios that the vendor's text argues, with their outcomes. A vendor under
/// whom everything holds needs no text.
fn argued(name: &str) -> Vec<(String, String)> {
    let path = format!("{}/vendors/locks/{name}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let known: Vec<&str> = Scenario::embedded_names().collect();
    let row = |line: &str| {
        let mut cells = line.trim().strip_prefix("| ")?.split(" | ");
        let (scenario, outcome, why) = (cells.next()?.trim_matches('`'), cells.next()?, cells.next()?);
        if !known.contains(&scenario) {
            return None;
        }
        assert!(why.len() > 20, "{path}: {scenario} is not argued");
        Some((scenario.to_owned(), outcome.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

/// What does not apply says itself why; everything else but what holds wants an argument.
fn wants_argument(outcome: &&Outcome) -> bool {
    !matches!(outcome.holding, Holding::Held | Holding::NotApplicable(_))
}

async fn pin(name: &str) {
    assert!(PINNED.contains(&name));
    let outcomes = outcomes(name).await;
    insta::with_settings!({ description => format!("`{name}` under every scenario") }, {
        insta::assert_snapshot!(name.to_owned(), told(&outcomes));
    });
    let found: Vec<(String, String)> = outcomes
        .iter()
        .filter(wants_argument)
        .map(|outcome| (outcome.name.clone(), outcome.holding.as_str().to_owned()))
        .collect();
    assert_eq!(argued(name), found, "vendors/locks/{name}.md must argue exactly what does not hold");
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
