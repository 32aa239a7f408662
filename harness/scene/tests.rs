//! What our integration makes of each scenario, against the reference vendor.

use super::*;
use crate::simulator::{MISBEHAVIOURS, Notice};
use crate::vendors::profile;

fn scenario(name: &str) -> Arc<Scenario> {
    let scenario = Scenario::embedded(name).expect("it is embedded");
    Arc::new(scenario.unwrap_or_else(|errors| panic!("{:?}", errors.problems)))
}

fn plan() -> ScenePlan {
    ScenePlan::new(profile::load("reference").expect("the embedded profile compiles"))
}

/// Runs an embedded scenario, which must hold.
async fn check(name: &str) -> Outcome {
    let outcome = run(scenario(name), &plan()).await.expect("a simulated vendor");
    if outcome.holding != Holding::Held {
        panic!("{name}: {:#?}\n{:#?}\n{:#?}", outcome.holding, outcome.record.notices, outcome.record.doors);
    }
    outcome
}

fn told(outcome: &Outcome) -> Vec<(Notice, &'static str)> {
    outcome.record.notices.iter().map(|told| (told.notice, told.to())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_embedded_scenario_holds() {
    let mut wrong = Vec::new();
    for name in Scenario::embedded_names() {
        let outcome = run(scenario(name), &plan()).await.expect("a simulated vendor");
        eprintln!("{name}: {:?} {} calls, {:?}", outcome.holding, outcome.calls, outcome.took);
        if outcome.holding != Holding::Held {
            wrong.push((
                name,
                outcome.holding,
                outcome.record.notices.into_iter().take(12).collect::<Vec<_>>(),
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
