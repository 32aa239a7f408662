//! What makes a suite unfit to judge: everything that would let a check be
//! skipped in silence.

use std::sync::Arc;

use cucumber::gherkin;
use cucumber::step::Collection;

use super::suite::Case;
use crate::harness::criterion::{Criterion, CriterionId};

/// Criteria that are there twice, out of order, or none at all.
pub(super) fn criteria(criteria: &[Arc<Criterion>]) -> Vec<String> {
    let mut problems = Vec::new();
    if criteria.is_empty() {
        problems.push("the suite has no criteria".to_owned());
    }
    for pair in criteria.windows(2) {
        if let [first, second] = pair
            && first.id >= second.id
        {
            problems.push(format!("{} must stand after {} and only once", first.id, second.id));
        }
    }
    problems
}

/// What is wrong with a feature before its examples are filled in.
pub(super) fn feature(file: &str, feature: &gherkin::Feature) -> Vec<String> {
    let mut problems = Vec::new();
    if feature.scenarios.is_empty() && feature.rules.iter().all(|rule| rule.scenarios.is_empty()) {
        problems.push(format!("{file}: no scenario"));
    }
    let backgrounds =
        feature.background.iter().chain(feature.rules.iter().filter_map(|rule| rule.background.as_ref()));
    for background in backgrounds {
        swallowed(file, background.position.line, background.description.as_deref(), &mut problems);
        if background.steps.is_empty() {
            problems.push(format!("{file}:{}: a background without steps", background.position.line));
        }
    }
    for scenario in feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios)) {
        swallowed(file, scenario.position.line, scenario.description.as_deref(), &mut problems);
        outline(file, scenario, &mut problems);
    }
    problems
}

/// Gherkin takes text between a scenario's name and its first step as prose, a
/// mistyped first step included; so a scenario has a name and no prose.
fn swallowed(file: &str, line: usize, description: Option<&str>, problems: &mut Vec<String>) {
    let first = description.and_then(|text| text.lines().map(str::trim).find(|text| !text.is_empty()));
    if let Some(text) = first {
        problems.push(format!(
            "{file}:{line}: `{text}` is no step; correct its keyword, or make it a comment (`# …`)"
        ));
    }
}

fn outline(file: &str, scenario: &gherkin::Scenario, problems: &mut Vec<String>) {
    for examples in &scenario.examples {
        let rows = examples.table.as_ref().map_or(0, |table| table.rows.len());
        if rows < 2 {
            problems.push(format!("{file}:{}: examples without rows", examples.position.line));
        }
        swallowed(file, examples.position.line, examples.description.as_deref(), problems);
    }
}

/// The one criterion that a scenario's tags name.
pub(super) fn criterion_of<'a>(
    tags: impl Iterator<Item = &'a str>,
    known: &[&CriterionId],
) -> Result<CriterionId, String> {
    let mut found: Vec<CriterionId> = Vec::new();
    for tag in tags {
        match CriterionId::parse(tag) {
            Some(id) if known.contains(&&id) => {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
            Some(id) => return Err(format!("`@{id}` is no criterion of this suite")),
            None => return Err(format!("`@{tag}` is an unknown tag")),
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err("no tag says which criterion this scenario judges".to_owned()),
        many => Err(format!("{} criteria are tagged, a scenario judges one", many.len())),
    }
}

/// What is wrong with a scenario: no steps, nothing asserted, steps that nobody
/// or several define.
pub(super) fn case<W>(case: &Case, definitions: &Collection<W>) -> Vec<String> {
    let mut problems = Vec::new();
    let steps = case.steps();
    if steps.is_empty() {
        problems.push(format!("{}: a scenario without steps", case.place));
    }
    if !steps.iter().any(|step| step.ty == gherkin::StepType::Then) {
        problems.push(format!("{}: a scenario that asserts nothing (no `Then`)", case.place));
    }
    for step in steps {
        let text = format!("{}{}", step.keyword, step.value);
        if step.keyword.trim() == "*" {
            problems.push(format!("{}: `{text}`: write Given, When, Then, And or But", case.place));
        }
        match definitions.find(step) {
            Ok(Some(_)) => {}
            Ok(None) => problems.push(format!("{}: nobody defines `{text}`", case.place)),
            Err(why) => {
                problems.push(format!("{}: several definitions fit `{text}`. {why}", case.place));
            }
        }
    }
    problems
}
