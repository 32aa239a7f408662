//! What holds of what the vendor says: declared against observed.

use maud::{Markup, html};

use crate::harness::result::{Capability, Report};

use super::super::text::line;
use super::super::words;
use super::origins::origins;
use super::{exchange_links, prose};

/// The effective capability statement, and the locks that can do less.
pub fn capabilities(report: &Report) -> Markup {
    html! {
        section #capabilities aria-labelledby="capabilities-h" {
            h2 #capabilities-h { "What the vendor declares, and what was seen" }
            @if report.capabilities.is_empty() {
                p { "Nothing was compared." }
            } @else {
                table.capabilities {
                    caption { "Function by function and ability by ability; what was seen counts" }
                    thead { tr {
                        th scope="col" { "Ability" }
                        th scope="col" { "Declared" }
                        th scope="col" { "Observed" }
                        th scope="col" { "Effective" }
                        th scope="col" { "Why, and shown by" }
                    } }
                    tbody { @for one in &report.capabilities { (row(report, one)) } }
                }
            }
            (origins(&report.origins))
            @if !report.limited_locks.is_empty() {
                h3 { "Locks that can do less, by their own data" }
                ul {
                    @for lock in &report.limited_locks {
                        li { (line(&lock.lock, 200)) ": no " (line(&lock.lacks.join(", no "), 200)) }
                    }
                }
            }
        }
    }
}

fn row(report: &Report, one: &Capability) -> Markup {
    html! {
        tr
            data-ability=(line(&one.ability, 100))
            data-declared=(words::presence(one.declared))
            data-observed=(words::presence(one.observed))
            data-effective=(words::presence(one.effective))
        {
            th scope="row" { (line(&one.title, 200)) }
            td { (words::presence(one.declared)) }
            td { (words::presence(one.observed)) }
            td { (words::presence(one.effective)) }
            td {
                @if let Some(contradiction) = one.contradiction() { p { strong { (contradiction) } } }
                p.small { (prose(&one.note, 500)) }
                @if !one.evidence.is_empty() { (exchange_links(report, &one.evidence)) }
            }
        }
    }
}
