//! What our integration makes of each scenario, against the reference vendor.

use super::*;
use crate::simulator::Notice;
use crate::vendors::profile;

fn scenario(name: &str) -> Arc<Scenario> {
    let scenario = Scenario::embedded(name).expect("it is embedded");
    Arc::new(scenario.unwrap_or_else(|errors| panic!("{:?}", errors.problems)))
}

fn plan() -> ScenePlan {
    ScenePlan::new(profile::load("reference").expect("the embedded profile compiles"))
}

async fn check(name: &str) -> Outcome {
    let outcome = run(scenario(name), &plan()).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Held, "{name}: {:#?}", outcome.record);
    outcome
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_is_made_when_its_lock_returns() {
    let outcome = check("lock-goes-offline").await;
    assert_eq!(outcome.record.notices[0].notice, Notice::NoPin);
}
