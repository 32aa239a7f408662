//! Every exchange, folded, as it was captured.

use maud::{Markup, html};

use crate::harness::result::{Exchange, Received, Report};

use super::super::text::{anchor, clip, indent_json, line};
use super::super::words;

/// Longest body that is shown, in characters.
const LIMIT: usize = 8_000;

/// All exchanges in order of time.
pub fn evidence(report: &Report) -> Markup {
    html! {
        section #evidence aria-labelledby="evidence-h" {
            h2 #evidence-h { "Evidence" }
            p {
                (words::count(report.exchanges.len(), "exchange", "exchanges"))
                " with the subject, in order of time. Secrets and PINs were masked when they were captured. JSON on one line is indented for reading, invisible characters are spelled out, long texts are cut with a note; times are the subject’s clock, in UTC."
            }
            @for exchange in &report.exchanges { (one(exchange)) }
        }
    }
}

fn one(exchange: &Exchange) -> Markup {
    html! {
        details.exchange id=(anchor("x", &exchange.id)) data-exchange=(line(&exchange.id, 60)) {
            summary {
                span.id { (line(&exchange.id, 40)) } " "
                span.verb { (line(&exchange.request.method, 20)) } " "
                span.url { (line(&exchange.request.url, 200)) } " "
                (status(&exchange.response))
            }
            p.small.quiet {
                (words::time_of_day(exchange.at)) ", took " (exchange.took_ms) " ms · " (line(&exchange.operation, 80))
                @if let Some(id) = &exchange.criterion {
                    " · " a href={ "#" (anchor("c", id.as_str())) } { (line(id.as_str(), 40)) }
                }
            }
            div.pair {
                div {
                    h3 { "Request" }
                    pre { (exact(&exchange.request.method)) " " (exact(&exchange.request.url)) "\n" (headers(&exchange.request.headers)) }
                    (body(&exchange.request.body))
                }
                div {
                    h3 { "Response" }
                    @match &exchange.response {
                        Received::Answer { status, headers: all, body: text, .. } => {
                            pre { (status) "\n" (headers(all)) }
                            (body(text))
                        }
                        Received::Nothing { why, detail } => {
                            p { strong { (words::transport(*why)) } ": " (line(detail, 1_000)) }
                        }
                    }
                }
            }
        }
    }
}

fn status(response: &Received) -> Markup {
    let class = match response {
        Received::Answer { status: 200..=299, failure: None, undocumented: None, .. } => "status fine",
        Received::Answer { .. } => "status refused",
        Received::Nothing { .. } => "status lost",
    };
    html! { span class=(class) { (words::outcome(response)) } }
}

fn headers(headers: &[(String, String)]) -> Markup {
    html! { @for (name, value) in headers { (exact(name)) ": " (exact(value)) "\n" } }
}

/// A part of a message with its blanks as they are.
fn exact(text: &str) -> Markup {
    let clipped = clip(text, LIMIT);
    html! {
        (clipped.text)
        @if clipped.left_out > 0 { span.cut { " … and " (clipped.left_out) " characters more, in report.json" } }
    }
}

fn body(text: &str) -> Markup {
    let clipped = clip(&indent_json(text), LIMIT);
    html! {
        @if text.is_empty() {
            p.small.quiet { "No body." }
        } @else {
            pre.body { (clipped.text) }
            @if clipped.left_out > 0 {
                p.cut { "… and " (clipped.left_out) " characters more (" (text.chars().count()) " in all), in report.json" }
            }
        }
    }
}
