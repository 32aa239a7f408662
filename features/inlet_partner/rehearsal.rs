//! Whole runs over the simulated partner.

use std::sync::Arc;

use crate::harness::campaign::{Interrupt, PartnerPlan, certify_partner};
use crate::harness::evidence::Secrets;
use crate::harness::partner::Who;
use crate::harness::result::{Mode, Report};
use crate::harness::verdict::Verdict;
use crate::simulator::{PARTNER_MISBEHAVIOURS, PartnerVariation, Quirk};
use crate::vendors::partner;
use crate::vendors::profile;
use crate::vendors::vocabulary::RunName;

fn plan(quirk: Option<Quirk>) -> PartnerPlan {
    PartnerPlan {
        description: Arc::new(partner::load("own").unwrap()),
        who: Who::Simulated(quirk),
        dialect: profile::load("reference").unwrap(),
        folder: std::env::temp_dir(),
        mode: Mode::Certify,
        only: None,
        seed: 7,
        run: RunName::new("lockstep-test"),
        waivers: Vec::new(),
        report_path: "report.json".to_owned(),
        profile: "own".to_owned(),
        secrets: Secrets::default(),
        interrupt: Interrupt::new(),
    }
}

fn run(plan: PartnerPlan) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(certify_partner(plan, &super::suite(), &|_| {}))
}

fn told(report: &Report) -> String {
    let lines = report.criteria.iter().filter(|one| one.verdict != Verdict::Pass);
    lines.map(|one| format!("{} {}: {}\n", one.id, one.verdict.as_str(), one.reason)).collect()
}

#[test]
fn a_partner_as_it_should_be_passes_all_that_is_observed() {
    let report = run(plan(None));
    let blocking: Vec<&str> = report
        .criteria
        .iter()
        .filter(|one| one.verdict.blocks() && !one.reason.starts_with("nobody vouches"))
        .map(|one| one.id.as_str())
        .collect();
    assert!(blocking.is_empty(), "{}", told(&report));
}

#[test]
fn a_partner_that_is_unusual_but_right_passes_too() {
    for variation in PartnerVariation::ALL {
        let report = run(plan(Some(variation.quirk)));
        let failed = report.criteria.iter().any(|one| one.verdict >= Verdict::Fail);
        assert!(!failed, "{}:\n{}", variation.name, told(&report));
    }
}

#[test]
fn every_misbehaviour_of_a_partner_is_found_where_it_is() {
    let mut wrong = String::new();
    for misbehaviour in PARTNER_MISBEHAVIOURS {
        let report = run(plan(Some(misbehaviour.quirk)));
        let expected: Vec<&str> = [misbehaviour.breaks]
            .into_iter()
            .chain(misbehaviour.follows.iter().map(|(id, _)| *id))
            .collect();
        for one in &report.criteria {
            let failed = one.verdict >= Verdict::Fail;
            if failed != expected.contains(&one.id.as_str()) {
                let name = misbehaviour.name;
                wrong.push_str(&format!("{name}: {} {}: {}\n", one.id, one.verdict.as_str(), one.reason));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
