//! What was found, each in a form that can be acted on.

use maud::{Markup, html};

use crate::harness::result::{CriterionResult, Finding, Report};

use super::super::judgement::{decides, is_good};
use super::super::text::{anchor, clip, line};
use super::{chip, exchange_links, prose};

/// Longest text of a finding that is shown, in characters.
const LIMIT: usize = 4_000;

/// Every finding: those that decide first, the worst first.
pub fn findings(report: &Report) -> Markup {
    let mut all: Vec<(&CriterionResult, &Finding)> =
        report.criteria.iter().flat_map(|c| c.findings.iter().map(move |finding| (c, finding))).collect();
    all.sort_by_key(|(criterion, finding)| (!decides(report, criterion), std::cmp::Reverse(finding.verdict)));
    html! {
        section #findings aria-labelledby="findings-h" {
            h2 #findings-h { "Findings" }
            @if all.is_empty() {
                p { (nothing(report)) }
            }
            @for (criterion, finding) in all {
                (card(report, criterion, finding))
            }
        }
    }
}

/// What an empty list means: only a good run has nothing to act on.
fn nothing(report: &Report) -> &'static str {
    if is_good(report) {
        "Nothing was found that needs action."
    } else if report.executed < report.planned || report.interrupted.is_some() {
        "Nothing was found in the criteria that were judged; of the others nothing is known."
    } else {
        "No finding was written down. What keeps the run from passing stands in the table of criteria."
    }
}

fn card(report: &Report, criterion: &CriterionResult, finding: &Finding) -> Markup {
    html! {
        article class={ "card edge-" (finding.verdict.as_str()) } id=(anchor("f", &finding.id)) {
            p.meta {
                (chip(finding.verdict)) " "
                span.id { (line(&finding.id, 60)) } " · "
                a href={ "#" (anchor("c", criterion.id.as_str())) } { (line(&criterion.text, 300)) }
                @if !decides(report, criterion) { " · " span.quiet { "does not decide" } }
            }
            h3 { (prose(&finding.summary, 600)) }
            dl.compare {
                div.expected { dt { "Expected" } dd { (long(&finding.expected)) } }
                div.observed { dt { "Observed" } dd { (long(&finding.observed)) } }
                @if let Some(sent) = &finding.sent {
                    div.sent { dt { "Sent" } dd { pre { (long(sent)) } } }
                }
            }
            @if !finding.evidence.is_empty() {
                h4 { "Evidence" }
                (exchange_links(report, &finding.evidence))
            }
            @if !finding.reproduce.is_empty() {
                h4 { "See it again" }
                @for command in &finding.reproduce { pre.command { (long(command)) } }
            }
        }
    }
}

fn long(text: &str) -> Markup {
    let clipped = clip(text, LIMIT);
    html! {
        (clipped.text)
        @if clipped.left_out > 0 { span.cut { " … and " (clipped.left_out) " characters more, in report.json" } }
    }
}
