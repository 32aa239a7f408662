//! The scenarios that the program carries within itself.

use super::Scenario;
use crate::vendors::profile::ProfileErrors;

/// File and text. A new scenario is one line here.
const EMBEDDED: &[(&str, &str)] = &[
    ("scenarios/a-week-of-500-locks.toml", include_str!("a-week-of-500-locks.toml")),
    ("scenarios/answers-are-lost.toml", include_str!("answers-are-lost.toml")),
    ("scenarios/battery-runs-down.toml", include_str!("battery-runs-down.toml")),
    ("scenarios/bridge-dies.toml", include_str!("bridge-dies.toml")),
    ("scenarios/clock-five-minutes-slow.toml", include_str!("clock-five-minutes-slow.toml")),
    ("scenarios/clocks-change-inside-a-stay.toml", include_str!("clocks-change-inside-a-stay.toml")),
    ("scenarios/door-is-forced.toml", include_str!("door-is-forced.toml")),
    ("scenarios/door-left-ajar.toml", include_str!("door-left-ajar.toml")),
    ("scenarios/five-hundred-arrive-at-three.toml", include_str!("five-hundred-arrive-at-three.toml")),
    ("scenarios/lock-goes-offline.toml", include_str!("lock-goes-offline.toml")),
    ("scenarios/lock-is-full.toml", include_str!("lock-is-full.toml")),
    ("scenarios/rate-limit-is-hit.toml", include_str!("rate-limit-is-hit.toml")),
    ("scenarios/stay-is-called-off.toml", include_str!("stay-is-called-off.toml")),
    ("scenarios/step-in-the-middle-fails.toml", include_str!("step-in-the-middle-fails.toml")),
    ("scenarios/token-expires-mid-plan.toml", include_str!("token-expires-mid-plan.toml")),
    ("scenarios/upstream-out-for-20-minutes.toml", include_str!("upstream-out-for-20-minutes.toml")),
    ("scenarios/upstream-out-for-40-minutes.toml", include_str!("upstream-out-for-40-minutes.toml")),
    ("scenarios/webhook-tells-late.toml", include_str!("webhook-tells-late.toml")),
];

impl Scenario {
    /// The names of those that the program carries within itself.
    pub fn embedded_names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(file, _)| name(file))
    }

    /// The embedded scenario of that name.
    pub fn embedded(wanted: &str) -> Option<Result<Self, ProfileErrors>> {
        let (file, text) = EMBEDDED.iter().find(|(file, _)| name(file) == wanted)?;
        Some(Self::parse(file, text))
    }
}

fn name(file: &'static str) -> &'static str {
    file.trim_start_matches("scenarios/").trim_end_matches(".toml")
}
