//! What the vendor says it can do.

use maud::{Markup, html};

use crate::harness::result::{FunctionAnswer, Report};

use super::super::text::{clip, indent_json, line};

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
                @if let Some(reason) = &answer.reason { p { strong { "Not supported: " } (line(reason, 1_000)) } }
                @if !answer.endpoints.is_empty() {
                    ul.endpoints { @for endpoint in &answer.endpoints { li { code { (line(endpoint, 300)) } } } }
                }
                @if !answer.authentication.trim().is_empty() { p.small { "Authentication: " (line(&answer.authentication, 500)) } }
                @if !answer.notes.trim().is_empty() { p.small { (line(&answer.notes, 2_000)) } }
                (examples("Request examples", &answer.request_examples))
                (examples("Response examples", &answer.response_examples))
                (examples("Error examples", &answer.error_examples))
            }
        }
    }
}

fn examples(title: &str, texts: &[String]) -> Markup {
    html! {
        @if !texts.is_empty() {
            details {
                summary { (title) " (" (texts.len()) ")" }
                @for text in texts {
                    @let clipped = clip(&indent_json(text), LIMIT);
                    pre { (clipped.text) }
                    @if clipped.left_out > 0 { p.cut { "… and " (clipped.left_out) " characters more, in report.json" } }
                }
            }
        }
    }
}
