//! `lockstep run PROFILE --scenario …`: our integration under scenarios, against
//! the simulated vendor.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::arguments::{Output, Run};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, scenarios};
use super::{in_runtime, tell, tell_json};
use crate::harness::scene::{self, Holding, Outcome, ScenePlan};

/// Runs every scenario that was named, and tells of each as it ends.
pub fn run(arguments: &Run, output: Output) -> Result<ExitCode, Failure> {
    let dialect = profiles::load(&arguments.whom.profile)?;
    let named = scenarios::load_all(&arguments.scenario)?;
    let plan = ScenePlan { seed: arguments.how.seed, ..ScenePlan::new(dialect) };
    let outcomes = in_runtime(async {
        let mut outcomes = Vec::new();
        for scenario in named {
            let outcome = scene::run(scenario, &plan).await.map_err(Failure::usage)?;
            if !output.json {
                tell(&line(&outcome))?;
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    })?;
    if output.json {
        tell_json(&summary(&plan, &outcomes))?;
    } else {
        tell(&total(&plan, &outcomes))?;
    }
    Ok(exit_code(&outcomes))
}

/// One that does not hold decides; then whether anything held at all.
fn exit_code(outcomes: &[Outcome]) -> ExitCode {
    let any = |wanted: fn(&Holding) -> bool| outcomes.iter().any(|outcome| wanted(&outcome.holding));
    if any(|holding| matches!(holding, Holding::NotHeld(_))) {
        ExitCode::NotMet
    } else if any(|holding| *holding == Holding::Held) {
        ExitCode::Done
    } else {
        ExitCode::Incomplete
    }
}

/// One line, and one below it for each reason.
fn line(outcome: &Outcome) -> String {
    let mut text = format!("{:<16} {}: {}", outcome.holding.as_str(), outcome.name, outcome.title);
    if !outcome.took.is_zero() {
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            " ({} in {:.2} s, {} calls)",
            scene::span(Duration::from_secs(outcome.lasted.as_secs())),
            outcome.took.as_secs_f64(),
            outcome.calls
        );
    }
    text.push('\n');
    for reason in reasons(&outcome.holding) {
        let _ = writeln!(text, "{:<16} {reason}", "");
    }
    text
}

fn reasons(holding: &Holding) -> &[String] {
    match holding {
        Holding::NotHeld(reasons) => reasons,
        Holding::NotApplicable(reason) => std::slice::from_ref(reason),
        Holding::Held | Holding::Vacuous | Holding::NothingRun => &[],
    }
}

fn counts(outcomes: &[Outcome]) -> [(&'static str, usize); 5] {
    let words = [
        Holding::Held,
        Holding::NotHeld(Vec::new()),
        Holding::NotApplicable(String::new()),
        Holding::Vacuous,
        Holding::NothingRun,
    ];
    words.map(|holding| {
        let word = holding.as_str();
        (word, outcomes.iter().filter(|outcome| outcome.holding.as_str() == word).count())
    })
}

fn total(plan: &ScenePlan, outcomes: &[Outcome]) -> String {
    let counts = counts(outcomes).into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(word, count)| format!("{count} {word}")).collect();
    format!("\n{} scenarios against {}: {}\n", outcomes.len(), plan.dialect.name, counts.join(", "))
}

fn summary(plan: &ScenePlan, outcomes: &[Outcome]) -> Value {
    let counts: serde_json::Map<String, Value> =
        counts(outcomes).into_iter().map(|(word, count)| (word.replace(' ', "_"), json!(count))).collect();
    json!({
        "profile": plan.dialect.name,
        "counts": counts,
        "scenarios": outcomes.iter().map(one).collect::<Vec<_>>(),
    })
}

fn one(outcome: &Outcome) -> Value {
    let notices: Vec<Value> = outcome
        .record
        .notices
        .iter()
        .map(|told| {
            json!({
                "after_seconds": told.at.as_secs(),
                "to": told.to(),
                "notice": told.notice.as_str(),
                "lock": told.lock,
                "text": told.text,
            })
        })
        .collect();
    json!({
        "name": outcome.name,
        "title": outcome.title,
        "outcome": outcome.holding.as_str().replace(' ', "_"),
        "reasons": reasons(&outcome.holding),
        "virtual_seconds": outcome.lasted.as_secs(),
        "seconds": outcome.took.as_secs_f64(),
        "calls": outcome.calls,
        "notices": notices,
    })
}
