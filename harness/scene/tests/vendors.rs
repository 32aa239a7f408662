//! Scenarios name no vendor: the same stories against systems that work in
//! other ways.

use super::bench::{plan, scenario};
use crate::harness::scene::{Holding, run};
use crate::simulator::Scenario;

/// Too large to be told once more here.
const LARGE: [&str; 2] = ["a-week-of-500-locks", "five-hundred-arrive-at-three"];

async fn check(profile: &str, exceptions: &[&str]) {
    let plan = plan(profile);
    let mut held = 0;
    for name in Scenario::embedded_names().filter(|name| !LARGE.contains(name)) {
        let outcome = run(scenario(name), &plan).await.expect("a simulated vendor");
        match &outcome.holding {
            Holding::Held => held += 1,
            Holding::NotApplicable(_) => {}
            other if exceptions.contains(&name) => eprintln!("{profile}: {name}: {other:?}"),
            other => panic!("{profile}: {name}: {other:?}\n{:#?}", outcome.record.notices),
        }
    }
    assert!(held >= 5, "{profile}: only {held} held");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_of_seven_steps_stands_every_trial() {
    check("seven", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_chooses_the_pin_stands_every_trial() {
    check("plain", &[]).await;
}
