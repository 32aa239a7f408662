//! What was left behind, what was broken on purpose, how the requirements were
//! read, and the facts of the run.

use maud::{Markup, html};

use crate::harness::result::{Mode, Report};

use super::super::text::{anchor, line};
use super::super::words;

/// Things that could not be removed.
pub fn leftovers(report: &Report) -> Markup {
    html! {
        section #leftovers aria-labelledby="leftovers-h" {
            h2 #leftovers-h { "Left behind" }
            @if report.leftovers.is_empty() {
                p { "Nothing: everything that the run created is gone again." }
            } @else {
                p.banner role="note" { "The run could not remove the following. Please remove it by hand, or with " code { "lockstep sweep" } "." }
                table {
                    caption { "Created and still there" }
                    thead { tr { th scope="col" { "What" } th scope="col" { "Id" } th scope="col" { "Where" } th scope="col" { "Why" } } }
                    tbody {
                        @for leftover in &report.leftovers {
                            tr {
                                th scope="row" { (line(&leftover.what, 100)) }
                                td { code { (line(&leftover.id, 200)) } }
                                td { (line(&leftover.place, 200)) }
                                td { (line(&leftover.why, 500)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Faults that were injected, and whether each took effect.
pub fn faults(report: &Report) -> Markup {
    html! {
        section #faults aria-labelledby="faults-h" {
            h2 #faults-h { "Faults injected" }
            @if report.faults.is_empty() {
                p { "None." }
            } @else {
                table {
                    caption { "What was broken on purpose, and how often it took effect" }
                    thead { tr { th scope="col" { "Criterion" } th scope="col" { "Fault" } th.number scope="col" { "Injected" } th.number scope="col" { "Took effect" } } }
                    tbody {
                        @for fault in &report.faults {
                            tr {
                                td {
                                    @match fault.criterion.as_ref() {
                                        Some(id) => { a href={ "#" (anchor("c", id.as_str())) } { (line(id.as_str(), 40)) } }
                                        None => "–",
                                    }
                                }
                                td { (line(&fault.fault, 500)) }
                                td.number { (fault.injected) }
                                td.number {
                                    (fault.consumed)
                                    @if fault.consumed < fault.injected { " " strong { "– not all" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Readings taken where the requirements leave room.
pub fn readings(report: &Report) -> Markup {
    html! {
        @if !report.readings.is_empty() {
            section #readings aria-labelledby="readings-h" {
                h2 #readings-h { "How the requirements were read" }
                p { "Where Inlet’s document is silent or contradicts itself, this reading was taken." }
                ul { @for reading in &report.readings { li { (line(reading, 2_000)) } } }
            }
        }
    }
}

/// Everything needed to name this run and to do it again.
pub fn facts(report: &Report) -> Markup {
    let mode = match report.mode {
        Mode::Certify => "certify – every applicable criterion",
        Mode::Run => "run – a free selection",
    };
    let codes: Vec<_> = report.exit_codes.iter().map(u8::to_string).collect();
    let facts = [
        ("Subject", line(&report.subject.title, 200)),
        ("Profile", format!("{} {}", line(&report.subject.name, 100), line(&report.subject.version, 60))),
        ("Reached at", line(&report.subject.target, 400)),
        ("Profile digest", line(&report.subject.profile_digest, 200)),
        ("Lockstep", line(&report.suite.version, 100)),
        ("Suite digest", line(&report.suite.digest, 200)),
        ("Run", line(&report.run, 200)),
        ("Mode", mode.to_owned()),
        ("Seed", report.seed.to_string()),
        ("Started", words::moment(report.started)),
        ("Finished", words::moment(report.finished)),
        ("Took", words::span(report.finished.since(report.started))),
        ("Exit codes", codes.join(", ")),
        ("Schema", line(&report.schema, 100)),
    ];
    html! {
        section #facts aria-labelledby="facts-h" {
            h2 #facts-h { "Run facts" }
            dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
        }
    }
}
