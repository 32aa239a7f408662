//! Scenarios run for a test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::harness::scene::{Holding, Outcome, ScenePlan, run};
use crate::simulator::{MISBEHAVIOURS, Notice, Scenario};
use crate::vendors::profile;

pub fn scenario(name: &str) -> Arc<Scenario> {
    let scenario = Scenario::embedded(name).expect("it is embedded");
    Arc::new(scenario.unwrap_or_else(|errors| panic!("{:?}", errors.problems)))
}

pub fn written(text: &str) -> Arc<Scenario> {
    Arc::new(Scenario::parse("s.toml", text).unwrap_or_else(|errors| panic!("{:?}", errors.problems)))
}

/// A well-behaved vendor: an embedded one, or a fictitious one of the tests.
pub fn plan(profile_name: &str) -> ScenePlan {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vendors/locks/test/{profile_name}.toml"));
    let name = if file.exists() { file.display().to_string() } else { profile_name.to_owned() };
    ScenePlan::new(profile::load(&name).unwrap_or_else(|errors| panic!("{:?}", errors.problems)))
}

pub fn misbehaving(name: &str) -> ScenePlan {
    let misbehaviour = MISBEHAVIOURS.iter().find(|one| one.name == name);
    assert!(misbehaviour.is_some(), "there is no misbehaviour {name}");
    ScenePlan { misbehaviour, ..plan("reference") }
}

/// Runs an embedded scenario against the reference vendor; it must hold.
pub async fn held(name: &str) -> Outcome {
    let outcome = run(scenario(name), &plan("reference")).await.expect("a simulated vendor");
    assert_eq!(outcome.holding, Holding::Held, "{name}: {:#?}", outcome.record.notices);
    outcome
}

/// What was told, to whom, and after how many minutes.
pub fn told(outcome: &Outcome) -> Vec<(u64, &'static str, Notice)> {
    outcome.record.notices.iter().map(|told| (told.at.as_secs() / 60, told.to(), told.notice)).collect()
}

/// When doors opened, by the guest's place, in minutes after the start.
pub fn opened(outcome: &Outcome) -> Vec<(usize, u64)> {
    let doors = outcome.record.doors.iter().filter(|door| door.opened);
    doors.map(|door| (door.guest, door.at.as_secs() / 60)).collect()
}

/// How long after the start a guest had a PIN.
pub fn made(outcome: &Outcome, guest: usize) -> Option<Duration> {
    outcome.record.bookings[guest].made
}

pub fn reasons(outcome: &Outcome) -> String {
    match &outcome.holding {
        Holding::NotHeld(reasons) => reasons.join("\n"),
        other => panic!("{other:?}"),
    }
}
