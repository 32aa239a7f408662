//! What the vendor says it can do.

use maud::{Markup, html};

use crate::harness::result::{FunctionAnswer, Report};

use super::super::text::{clip, indent_json, line};
use super::super::words;
use super::prose;

/// Longest example that is shown, in characters.
const LIMIT: usize = 8_000;

/// The capability statement, with examples folded away.
pub fn statement(report: &Report) -> Markup {
    html! {
        section #statement aria-labelledby="statement-h" {
            h2 #statement-h { "What the vendor offers" }
            @if report.statement.is_empty() {
                p { "No statement was given." }
            } @else {
                table.functions {
                    caption { "The vendor’s answer, function by function" }
                    thead { tr {
                        th scope="col" { "Function" }
                        th scope="col" { "Supported" }
                        th scope="col" { "Endpoint or command, authentication, notes" }
                    } }
                    tbody { @for answer in &report.statement { (row(answer)) } }
                }
            }
        }
    }
}

fn row(answer: &FunctionAnswer) -> Markup {
    html! {
        tr data-function=(answer.function.as_str()) {
            th scope="row" { (answer.function.title()) }
            td { @if answer.supported { span.yes { "Yes" } } @else { span.no { "No" } } }
            td {
                @if let Some(reason) = &answer.reason { p { strong { "Not supported: " } (prose(reason, 1_000)) } }
                @if !answer.endpoints.is_empty() {
                    ul.endpoints { @for written in &answer.endpoints { li { code { (line(&words::endpoint(written), 300)) } } } }
                }
                @if answer.supported && !answer.authentication.trim().is_empty() {
                    p.small { "Authentication: " (prose(&answer.authentication, 500)) }
                }
                @if let Some(notes) = words::further_notes(answer) { p.small { (prose(notes, 2_000)) } }
                (all_examples(answer))
            }
        }
    }
}

fn all_examples(answer: &FunctionAnswer) -> Markup {
    let kinds = [
        ("Request", &answer.request_examples),
        ("Response", &answer.response_examples),
        ("Error response", &answer.error_examples),
    ];
    let given: Vec<_> = kinds.iter().filter(|(_, texts)| !texts.is_empty()).collect();
    let missing: Vec<_> =
        kinds.iter().filter(|(_, texts)| texts.is_empty()).map(|(kind, _)| kind.to_lowercase()).collect();
    html! {
        @if !given.is_empty() {
            details {
                summary { "Examples" }
                @for (kind, texts) in given { (examples(kind, texts)) }
            }
        }
        @if answer.supported && !missing.is_empty() {
            p.small { strong { "No example given: " } (missing.join(", ")) }
        }
    }
}

fn examples(kind: &str, texts: &[String]) -> Markup {
    html! {
        h4 { (kind) }
        @for text in texts {
            @let clipped = clip(&indent_json(text), LIMIT);
            pre { (clipped.text) }
            @if clipped.left_out > 0 { p.cut { "… and " (clipped.left_out) " characters more, in report.json" } }
        }
    }
}
