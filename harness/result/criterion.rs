//! One criterion, judged, with what it rests on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::harness::criterion::{CriterionId, Level};
use crate::harness::verdict::Verdict;

/// One criterion, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionResult {
    /// Its id.
    pub id: CriterionId,
    /// What it asks, in one sentence.
    pub text: String,
    /// Where it comes from, in words for a reader ("Requirements, Retrieve Lock Status").
    pub source: String,
    /// How strictly.
    pub level: Level,
    /// The judgement.
    pub verdict: Verdict,
    /// Why, in one sentence; for a pass what was observed.
    pub reason: String,
    /// Each scenario that was run for it.
    pub scenarios: Vec<ScenarioResult>,
    /// What was found wrong or noteworthy.
    pub findings: Vec<Finding>,
    /// Ids of the exchanges that show it.
    pub evidence: Vec<String>,
    /// Retries that were made, for the timeline.
    pub timelines: Vec<Timeline>,
}

/// One scenario of a criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioResult {
    /// Its name in the feature.
    pub name: String,
    /// Its judgement.
    pub verdict: Verdict,
    /// The steps that were run, in words, each with whether it held.
    pub steps: Vec<StepResult>,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepResult {
    /// Keyword and text.
    pub text: String,
    /// Whether it held; `skipped` after one that did not.
    pub verdict: Verdict,
}

/// Something found wrong (or noteworthy), in a form that can be acted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `LV-21.1`: the criterion and a running number.
    pub id: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, in one sentence for a business reader.
    pub summary: String,
    /// What the criterion expects.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// What we had sent, where something was sent.
    pub sent: Option<String>,
    /// The exchanges that show it.
    pub evidence: Vec<String>,
    /// Commands that show it again: `curl …`, `lockstep replay …`.
    pub reproduce: Vec<String>,
}

/// Attempts along time, for a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Timeline {
    /// What was tried.
    pub title: String,
    /// The attempts, by seconds since the first.
    pub attempts: Vec<Attempt>,
    /// When support was told, in seconds since the first attempt.
    pub escalated_at_s: Option<u64>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// Seconds since the first attempt.
    pub at_s: u64,
    /// How it ended: `done`, or the failure's name.
    pub outcome: String,
    /// The exchange that shows it.
    pub exchange: Option<String>,
}
