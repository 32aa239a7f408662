//! The report as one page: no script, no network, light and dark, on paper too.
//!
//! The first heading is the decision. What follows is in the order in which a
//! reader asks: is it complete, what was found, how was each criterion judged,
//! what does the vendor offer, and what exactly was said on the wire.

mod accounts;
mod capabilities;
mod decision;
mod evidence;
mod findings;
mod matrix;
mod origins;
mod statement;
mod timeline;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::harness::result::Report;
use crate::harness::verdict::Verdict;

use super::judgement::headline;
use super::text::{anchor, line, visible};
use super::words;

const STYLE: &str = include_str!("style.css");

/// The report as HTML.
pub fn html(report: &Report) -> String {
    let title = format!("{} – {}", line(&report.subject.title, 120), headline(report));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                (decision::decision(report))
                (contents(report))
                main
                    data-verdict=(report.verdict.as_str())
                    data-level=(words::certification(report.level))
                    data-asked=(words::certification(report.asked))
                    data-planned=(report.planned)
                    data-executed=(report.executed)
                {
                    (decision::completeness(report))
                    (findings::findings(report))
                    (matrix::matrix(report))
                    (timeline::timelines(report))
                    @if !report.is_of_partner() {
                        (capabilities::capabilities(report))
                        (statement::statement(report))
                    }
                    (accounts::leftovers(report))
                    (accounts::faults(report))
                    (accounts::readings(report))
                    (evidence::evidence(report))
                    (accounts::facts(report))
                }
                footer { p { "Written by Lockstep " (visible(&report.suite.version)) ". The same result in a form for programs: " code { "report.json" } "." } }
            }
        }
    }
    .into_string()
}

/// Nothing is loaded and nothing runs; the one style sheet is named by digest,
/// so that not even markup slipped into the page could style it.
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
}

fn contents(report: &Report) -> Markup {
    let timelines = report.criteria.iter().any(|criterion| !criterion.timelines.is_empty());
    html! {
        nav aria-label="Sections" {
            ul {
                li { a href="#completeness" { "Completeness" } }
                li { a href="#findings" { "Findings" } }
                li { a href="#criteria" { "Criteria" } }
                @if timelines { li { a href="#timelines" { "Retries" } } }
                @if !report.is_of_partner() {
                    li { a href="#capabilities" { "Abilities" } }
                    li { a href="#statement" { "Functions" } }
                }
                li { a href="#evidence" { "Evidence" } }
                li { a href="#facts" { "Run facts" } }
            }
        }
    }
}

/// A verdict as a chip: colour, sign and word.
fn chip(verdict: Verdict) -> Markup {
    html! {
        span class={ "chip v-" (verdict.as_str()) } {
            span aria-hidden="true" { (words::symbol(verdict)) } " " (words::verdict(verdict))
        }
    }
}

/// A sentence in one line, with what stands between backticks as code. A
/// backtick without another stays what it is.
fn prose(text: &str, limit: usize) -> Markup {
    let line = line(text, limit);
    let parts: Vec<&str> = line.split('`').collect();
    let whole = parts.len() % 2 == 1;
    html! {
        @if whole {
            @for (nth, part) in parts.iter().enumerate() {
                @if nth % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (line) }
    }
}

/// From how many on exchanges of one kind in a row are told as one.
const MANY: usize = 5;

/// Links to exchanges; an id that is not in the report is told as such. Of many
/// alike in a row, as polling makes them, the first and the last are linked.
fn exchange_links(report: &Report, ids: &[String]) -> Markup {
    let told: Vec<(&String, Option<String>)> = ids.iter().map(|id| (id, what_was_said(report, id))).collect();
    html! {
        ul.links {
            @for alike in told.chunk_by(|(_, one), (_, other)| one == other) {
                @match alike {
                    [(first, Some(said)), .., (last, _)] if alike.len() >= MANY => {
                        li {
                            (exchange_link(first)) " to " (exchange_link(last))
                            " " span.quiet { (said) ", " (alike.len()) " times" }
                        }
                    }
                    _ => {
                        @for (id, said) in alike {
                            li {
                                @match said {
                                    Some(said) => { (exchange_link(id)) " " span.quiet { (said) } }
                                    None => { (line(id, 40)) " " span.quiet { "not in this report" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn exchange_link(id: &str) -> Markup {
    html! { a href={ "#" (anchor("x", id)) } { (line(id, 40)) } }
}

fn what_was_said(report: &Report, id: &str) -> Option<String> {
    let exchange = report.exchanges.iter().find(|exchange| exchange.id == id)?;
    let (method, operation) = (line(&exchange.request.method, 20), line(&exchange.operation, 80));
    Some(format!("{method} {operation} → {}", words::outcome(&exchange.response)))
}
