//! What stands in a world at its start.

use std::time::Duration;

use crate::scenarios::{ClockError, Scenario};

/// A fleet of locks in groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// Locks in all.
    pub locks: u32,
    /// Groups that the locks are spread over.
    pub groups: u32,
    /// Whether the roles of [`super::FixtureView`] are laid out (a partial group, an empty
    /// group, an offline lock, a lock with a low battery).
    pub fixture: bool,
    /// The locks behind each bridge, by number from 1. Other locks need none.
    pub bridges: Vec<Vec<u32>>,
    /// How the vendor differs from its profile.
    pub rules: Rules,
}

/// How a world's vendor differs from what its profile documents; what is
/// `None` is as documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// PINs that one lock holds at most.
    pub codes_per_lock: Option<u32>,
    /// How long tokens live.
    pub token_life: Option<Duration>,
    /// The rate limit: calls in a span.
    pub rate: Option<(u32, Duration)>,
    /// By how much the vendor's clock, which is its locks' too, is wrong.
    pub clock: ClockError,
}

impl Fleet {
    /// The fleet that certification uses: more locks than one page holds, with
    /// every role laid out.
    pub fn fixture() -> Self {
        Self { fixture: true, ..Self::sized(130, 8) }
    }

    /// Plain locks spread evenly over groups.
    pub fn sized(locks: u32, groups: u32) -> Self {
        Self { locks, groups, fixture: false, bridges: Vec::new(), rules: Rules::default() }
    }

    /// The fleet of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let vendor = &scenario.vendor;
        let rules = Rules {
            codes_per_lock: vendor.codes_per_lock,
            token_life: vendor.token_life,
            rate: vendor.rate,
            clock: vendor.clock,
        };
        let bridges = scenario.bridges.clone();
        Self { bridges, rules, ..Self::sized(scenario.locks, scenario.groups) }
    }
}
