//! How long a simulated week with 500 locks takes, guests, batteries and a
//! broken bridge included: our integration over loopback HTTP, in virtual time.
//! The promise is two seconds.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on must not print a number")]

use std::sync::Arc;
use std::time::Duration;

use lockstep::harness::scene::{self, Holding, ScenePlan};
use lockstep::simulator::Scenario;
use lockstep::vendors::profile;

const PROMISE: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let scenario = Scenario::embedded("a-week-of-500-locks").expect("it is embedded").expect("it is valid");
    let scenario = Arc::new(scenario);
    let plan = ScenePlan::new(profile::load("reference").expect("the embedded profile is right"));
    let mut spans = Vec::new();
    for _ in 0..ROUNDS {
        let outcome = runtime.block_on(scene::run(Arc::clone(&scenario), &plan)).expect("a vendor");
        assert_eq!(outcome.holding, Holding::Held, "the week went otherwise than expected");
        spans.push((outcome.took, outcome.calls));
    }
    spans.sort_unstable();
    let (median, calls) = spans[ROUNDS / 2];
    println!(
        "a week of 500 locks: median {median:.2?} for {calls} calls, fastest {:.2?}, slowest {:.2?} (promised: {PROMISE:.2?})",
        spans[0].0,
        spans[ROUNDS - 1].0
    );
    assert!(median <= PROMISE, "slower than promised");
}
