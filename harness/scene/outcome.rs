//! How a scenario ended.

use std::time::Duration;

use super::record::Record;
use super::under_way::Scene;
use crate::simulator::Scenario;

/// Whether what was expected holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Everything that was expected happened.
    Held,
    /// It did not; why, one reason each.
    NotHeld(Vec<String>),
    /// The vendor lacks something that the scenario is about.
    NotApplicable(String),
    /// The scenario expects nothing, so that nothing could fail.
    Vacuous,
    /// The vendor was never called, so that whatever held shows nothing.
    NothingRun,
}

impl Holding {
    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld(_) => "not held",
            Self::NotApplicable(_) => "not applicable",
            Self::Vacuous => "nothing expected",
            Self::NothingRun => "nothing was run",
        }
    }
}

/// A scenario that is over.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario's name.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Whether it held.
    pub holding: Holding,
    /// How long it took on the world's clock.
    pub lasted: Duration,
    /// How long it took on the machine's.
    pub took: Duration,
    /// Calls that were made to the vendor.
    pub calls: usize,
    /// What happened.
    pub record: Record,
}

impl Outcome {
    /// Of a scenario that was not run.
    pub(super) fn without(scenario: &Scenario, holding: Holding) -> Self {
        Self {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            holding,
            lasted: Duration::ZERO,
            took: Duration::ZERO,
            calls: 0,
            record: Record::default(),
        }
    }

    pub(super) fn of(scene: &Scene, holding: Holding, took: Duration) -> Self {
        Self {
            lasted: scene.elapsed(),
            took,
            calls: scene.recorder.mark(),
            record: scene.record().clone(),
            ..Self::without(&scene.scenario, holding)
        }
    }
}
