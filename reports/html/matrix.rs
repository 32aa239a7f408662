//! Every criterion and how it was judged.

use maud::{Markup, html};

use crate::harness::criterion::Level;
use crate::harness::result::{CriterionResult, Report, ScenarioResult};

use super::super::text::{anchor, line};
use super::super::words;
use super::{chip, exchange_links, prose};

/// The criteria as a table, with an anchor each.
pub fn matrix(report: &Report) -> Markup {
    html! {
        section #criteria aria-labelledby="criteria-h" {
            h2 #criteria-h { "Criteria" }
            table.matrix {
                caption { "Every criterion that the run knew, in order of its id" }
                thead { tr {
                    th scope="col" { "Id" }
                    th scope="col" { "Verdict" }
                    th scope="col" { "Criterion and reason" }
                    th scope="col" { "Level" }
                } }
                tbody { @for criterion in &report.criteria { (row(report, criterion)) } }
            }
        }
    }
}

fn row(report: &Report, criterion: &CriterionResult) -> Markup {
    html! {
        tr id=(anchor("c", criterion.id.as_str())) class={ "row-" (criterion.verdict.as_str()) }
            data-criterion=(line(criterion.id.as_str(), 60))
            data-verdict=(criterion.verdict.as_str())
        {
            th scope="row" { a href={ "#" (anchor("c", criterion.id.as_str())) } { (line(criterion.id.as_str(), 60)) } }
            td { (chip(criterion.verdict)) }
            td {
                p.asks { (line(&criterion.text, 1_000)) }
                p.reason { (prose(&criterion.reason, 4_000)) }
                (more(report, criterion))
            }
            td class={ "level-cell" @if criterion.level == Level::Preferred { " quiet" } } { (words::level(criterion.level)) }
        }
    }
}

fn more(report: &Report, criterion: &CriterionResult) -> Markup {
    html! {
        @if !criterion.findings.is_empty() {
            p.small {
                "Findings: "
                @for (index, finding) in criterion.findings.iter().enumerate() {
                    @if index > 0 { ", " }
                    a href={ "#" (anchor("f", &finding.id)) } { (line(&finding.id, 60)) }
                }
            }
        }
        @if !criterion.scenarios.is_empty() || !criterion.evidence.is_empty() {
            details {
                summary { (contents(criterion)) }
                @if !criterion.source.is_empty() { p.small.quiet { "Source: " (line(&criterion.source, 300)) } }
                @for scenario in &criterion.scenarios { (steps(scenario)) }
                @if !criterion.evidence.is_empty() { (exchange_links(report, &criterion.evidence)) }
            }
        }
    }
}

/// What is folded away: `2 scenarios, 5 exchanges`.
fn contents(criterion: &CriterionResult) -> String {
    let scenarios = (criterion.scenarios.len(), "scenario", "scenarios");
    let exchanges = (criterion.evidence.len(), "exchange", "exchanges");
    let parts: Vec<_> = [scenarios, exchanges]
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| words::count(number, one, many))
        .collect();
    parts.join(", ")
}

fn steps(scenario: &ScenarioResult) -> Markup {
    html! {
        div.scenario {
            p { (chip(scenario.verdict)) " " strong { (line(&scenario.name, 300)) } }
            ol.steps {
                @for step in &scenario.steps {
                    li {
                        span class={ "mark v-" (step.verdict.as_str()) } title=(words::verdict(step.verdict)) { (words::symbol(step.verdict)) }
                        " " (line(&step.text, 600))
                        span.for-readers { " (" (words::verdict(step.verdict)) ")" }
                    }
                }
            }
        }
    }
}
