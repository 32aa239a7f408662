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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewal_by_the_refresh_token_is_a_token_that_was_got() {
    let outcome = run(scenario("token-expires-mid-plan"), &plan("ttlock")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Held, "{:#?}", outcome.record.notices);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_timeout_is_documented_the_answer_does_not_come() {
    let scenario = scenario("upstream-out-for-20-minutes");
    let outcome = run(scenario, &plan("nuki")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Held, "{:#?}", outcome.record.notices);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_tedee_tells_late_raises_no_false_alarm() {
    let outcome = run(scenario("webhook-tells-late"), &plan("tedee")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Held, "{:#?}", outcome.record.notices);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_door_that_stays_open_is_noticed_where_the_vendor_knows_open_and_closed_alone() {
    for vendor in ["nuki", "tedee", "seam"] {
        let outcome = run(scenario("door-left-ajar"), &plan(vendor)).await.expect("a simulated vendor");
        assert_eq!(outcome.holding, Holding::Held, "{vendor}: {:#?}", outcome.record.notices);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_vendor_has_no_words_for_is_not_asked_of_it() {
    for (profile, name, why) in [
        ("nuki", "door-is-forced", "the vendor does not tell that a door is forced"),
        ("danalock", "stay-is-called-off", "PINs cannot be withdrawn"),
        // Its poll of jobs documents one.
        ("seam", "lock-goes-offline", "no call that makes a PIN documents an error that means offline"),
        ("igloohome", "webhook-tells-late", "the vendor tells nothing by itself"),
        // They tell of bolts.
        ("nuki", "webhook-tells-late", "the vendor does not tell by itself that a lock is gone or back"),
        ("ttlock", "webhook-tells-late", "the vendor does not tell by itself that a lock is gone or back"),
    ] {
        let outcome = run(scenario(name), &plan(profile)).await.expect("a simulated vendor");
        let Holding::NotApplicable(found) = &outcome.holding else { panic!("{name}: {:?}", outcome.holding) };
        assert!(found.starts_with(why), "{found}");
    }
}
