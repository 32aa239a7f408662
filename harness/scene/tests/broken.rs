//! Expectations can fail: broken vendors, a broken integration, scenarios in
//! which nothing was tried.

use std::sync::Arc;

use super::bench::{misbehaving, plan, reasons, scenario, written};
use crate::harness::scene::{Holding, ScenePlan, run};
use crate::simulator::{Happening, Scenario, VendorRules};

async fn check(name: &str, plan: &ScenePlan, why: &str) {
    let outcome = run(scenario(name), plan).await.expect("a simulated vendor");
    let reasons = reasons(&outcome);
    assert!(reasons.contains(why), "{name}: {reasons}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_breaks_its_promises_is_told_by_the_scenario_that_it_spoils() {
    for (name, misbehaviour, why) in [
        ("upstream-out-for-20-minutes", "repeats-create-twice", "2 accesses stood at the vendor, not 1"),
        ("answers-are-lost", "repeats-create-twice", "accesses stood at the vendor, not 3"),
        (
            "clocks-change-inside-a-stay",
            "end-forgets-spring-change",
            "Ada 0 times the door stayed shut, not 1 or more",
        ),
        ("lock-goes-offline", "offline-refused-but-kept", "accesses stood at the vendor, not 2"),
        ("stay-is-called-off", "removed-pin-still-opens", "Ada 0 times the door stayed shut"),
        ("bridge-dies", "always-online", "0 times it was told (unreachable), not 10"),
        ("door-left-ajar", "door-always-closed", "0 times it was told (door_ajar), not 1"),
        ("door-is-forced", "door-always-closed", "0 times it was told (door_forced), not 1"),
        ("battery-runs-down", "low-battery-told-as-full", "0 times it was told (battery_low), not 1"),
    ] {
        check(name, &misbehaving(misbehaviour), why).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_integration_that_does_not_keep_the_rule_is_told() {
    let hasty = ScenePlan { is_persistent: false, ..plan("reference") };
    check("upstream-out-for-20-minutes", &hasty, "1 times it was told (no_pin), not 0").await;
    check("upstream-out-for-40-minutes", &hasty, "0 times it was told (escalation), not 1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_takes_nothing_back_leaves_something_behind() {
    let seven = plan("seven");
    let careless = seven.dialect.source_text.replace(", undo = \"remove_pin\"", "");
    assert_ne!(careless, seven.dialect.source_text);
    let dialect = crate::vendors::profile::compile("careless.toml", &careless)
        .unwrap_or_else(|errors| panic!("{:?}", errors.problems));
    let careless = ScenePlan::new(dialect);
    check("step-in-the-middle-fails", &careless, "1 accesses stood at the vendor, not 0").await;
}

const HEAD: &str = "schema = \"lockstep.scenario/1\"\ntitle = \"t\"\n[fleet]\nlocks = 2\ngroups = 1\n\
     [[guests]]\nname = \"Ada\"\nlock = 1\nfrom = \"1 h\"\nuntil = \"2 h\"\ntypes = [\"90 min\"]\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_that_never_struck_proves_nothing() {
    let text = format!(
        "{HEAD}[[events]]\nafter = \"1 h\"\nthen = {{ fault = {{ meaning = \"set_pin\", by = \"reset\" }} }}\n\
         [[expect]]\nthat = {{ opened = {{ guest = \"Ada\" }} }}\n"
    );
    let outcome = run(written(&text), &plan("reference")).await.expect("a simulated vendor");
    assert!(reasons(&outcome).contains("never struck"), "{:?}", outcome.holding);
}

/// Every scenario whose world misbehaves beside its faults, which are accounted for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_trouble_no_scenario_holds() {
    let mut tried = 0;
    for name in Scenario::embedded_names().filter(|name| *name != "a-week-of-500-locks") {
        let whole = scenario(name);
        let mut quiet = Scenario::clone(&whole);
        quiet.events.retain(|event| matches!(event.then, Happening::Fault(_)));
        quiet.vendor = VendorRules::default();
        if quiet == *whole {
            continue;
        }
        tried += 1;
        let outcome = run(Arc::new(quiet), &plan("reference")).await.expect("a simulated vendor");
        assert!(matches!(outcome.holding, Holding::NotHeld(_)), "{name}: {:?}", outcome.holding);
    }
    assert!(tried >= 8, "only {tried} were tried");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_must_have_been_hit() {
    for (calls, holds) in [(4, true), (1_000, false)] {
        let text = format!(
            "{HEAD}[vendor]\nrate = {{ calls = {calls}, per = \"1 min\" }}\n\
             [[expect]]\nthat = {{ opened = {{ guest = \"Ada\" }} }}\n"
        );
        let outcome = run(written(&text), &plan("reference")).await.expect("a simulated vendor");
        match holds {
            true => assert_eq!(outcome.holding, Holding::Held, "{:#?}", outcome.record.notices),
            false => assert!(reasons(&outcome).contains("never hit"), "{:?}", outcome.holding),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_vendor_was_never_called_nothing_holds() {
    let text = "schema = \"lockstep.scenario/1\"\ntitle = \"t\"\n[fleet]\nlocks = 2\ngroups = 1\n\
         [[expect]]\nthat = { calls = { times = 0 } }\n";
    let outcome = run(written(text), &plan("reference")).await.expect("a simulated vendor");
    assert_eq!((outcome.calls, outcome.holding), (0, Holding::NothingRun));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_expects_nothing_or_does_not_apply_never_holds() {
    let outcome = run(written(HEAD), &plan("reference")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Vacuous);
    let outcome = run(scenario("token-expires-mid-plan"), &plan("seven")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::NotApplicable("the vendor gives out no tokens".to_owned()));
}
