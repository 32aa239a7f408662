//! The decision, and whether the run was complete.

use maud::{Markup, html};

use crate::harness::criterion::{CertificationLevel, Level};
use crate::harness::result::Report;
use crate::harness::verdict::Verdict;

use super::super::judgement::{decides, headline, is_good, missing, notice};
use super::super::text::line;
use super::super::words;
use super::{chip, prose};

/// How the top of the page looks: green for a pass only.
fn tone(report: &Report) -> &'static str {
    match report.verdict {
        _ if is_good(report) && notice(report).is_none() => "good",
        _ if is_good(report) => "practice",
        Verdict::Fail | Verdict::Error => "bad",
        _ => "open",
    }
}

/// The header: who was judged, the decision, what is missing.
pub fn decision(report: &Report) -> Markup {
    let subject = &report.subject;
    html! {
        header class={ "decision " (tone(report)) } {
            p.eyebrow { "Lockstep report · programme " (line(&report.programme, 60)) }
            @if let Some(notice) = notice(report) {
                p.notice role="note" { (notice) }
            }
            h1 { (headline(report)) }
            p.subject {
                strong { (line(&subject.title, 200)) " " (line(&subject.version, 60)) }
                " by " (line(&subject.vendor, 200))
            }
            p.lead { (prose(&report.decision, 2_000)) }
            @if let Some(missing) = missing(report) {
                p.missing { (missing) }
            }
            dl.levels {
                div { dt { "Verdict" } dd { (chip(report.verdict)) } }
                div { dt { "Level asked for" } dd { (level(report, report.asked)) } }
                div { dt { "Level reached" @if report.rehearsal { " in rehearsal" } } dd { (level(report, report.level)) } }
                div { dt { "Finished" } dd { (words::moment(report.finished)) } }
            }
        }
    }
}

fn level(report: &Report, level: CertificationLevel) -> Markup {
    let meaning = match level {
        CertificationLevel::None if report.is_of_partner() => "not everything that is required",
        CertificationLevel::Full if report.is_of_partner() => "everything that Inlet requires of a partner",
        CertificationLevel::None => "not even the core",
        CertificationLevel::Core => "everything required, without hold-open",
        CertificationLevel::Full => "the whole minimum acceptance list",
    };
    html! { strong.level { (words::certification(level)) } " " span.quiet { (meaning) } }
}

/// How much of what was planned was done, and with which result.
pub fn completeness(report: &Report) -> Markup {
    html! {
        section #completeness aria-labelledby="completeness-h" {
            h2 #completeness-h { "Completeness" }
            @if let Some(why) = &report.interrupted {
                p.banner role="note" { strong { "Interrupted. " } (line(why, 1_000)) }
            }
            p {
                strong { (report.executed) " of " (report.planned) }
                " planned criteria were judged"
                @if report.executed < report.planned {
                    "; " (report.planned - report.executed) " were not reached, and what was not reached counts as not met."
                } @else { "." }
            }
            (bar(report))
            table.tally {
                caption { "Criteria by verdict" }
                thead { tr {
                    th scope="col" { "Verdict" }
                    th.number scope="col" { "Decides" }
                    th.number scope="col" { "Does not decide" }
                    th.number scope="col" { "All" }
                    th scope="col" { "Meaning" }
                } }
                tbody {
                    @for (verdict, count) in report.tally() {
                        @let deciding = report.criteria.iter().filter(|c| c.verdict == verdict && decides(report, c)).count();
                        tr data-tally=(verdict.as_str()) data-count=(count) {
                            th scope="row" { (chip(verdict)) }
                            td.number { (deciding) }
                            td.number { (count - deciding) }
                            td.number { (count) }
                            td.quiet { (words::meaning(verdict)) }
                        }
                    }
                }
            }
            @if report.asked == CertificationLevel::Core && report.criteria.iter().any(|c| c.level == Level::Full) {
                p.quiet { "Criteria of the full level do not decide here, because the core level was asked for." }
            }
        }
    }
}

/// The tally as one bar, a part for each verdict. The table beside it says the
/// same in words.
fn bar(report: &Report) -> Markup {
    let total = report.criteria.len().max(1);
    let mut at = 0;
    let parts: Vec<_> = report
        .tally()
        .into_iter()
        .map(|(verdict, count)| {
            let from = at;
            at += count;
            (verdict, from * 1_000 / total, count * 1_000 / total)
        })
        .collect();
    html! {
        svg.bar viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true" {
            @for (verdict, x, width) in parts {
                rect class={ "fill-" (verdict.as_str()) } x=(x) y="0" width=(width.saturating_sub(3).max(3)) height="24" {}
            }
        }
    }
}
