//! Retries drawn along time: when we tried, when we should have, and when
//! support was told. The rule is Inlet's (API guidelines, upstream timeouts):
//! every 3–5 minutes, for at least 30 minutes or until success, then support.

use maud::{Markup, html};

use crate::harness::result::{Attempt, CriterionResult, Report, Timeline};

use super::super::text::{anchor, line};
use super::super::words;

/// Earliest next attempt after one, in seconds.
const SOONEST: u64 = 180;
/// Latest next attempt after one, in seconds.
const LATEST: u64 = 300;
/// How long retries go on at least, in seconds.
const ENOUGH: u64 = 1_800;
/// Attempts that are drawn; the table holds as many, and says what it leaves out.
const DRAWN: usize = 200;

/// Width of the drawing and its margins, in its own units.
const WIDTH: u64 = 960;
const LEFT: u64 = 24;
const RIGHT: u64 = 36;
/// Where the line of time lies.
const AXIS: u64 = 92;

/// Every timeline of every criterion.
pub fn timelines(report: &Report) -> Markup {
    let all: Vec<_> =
        report.criteria.iter().flat_map(|c| c.timelines.iter().map(move |line| (c, line))).collect();
    html! {
        @if !all.is_empty() {
            section #timelines aria-labelledby="timelines-h" {
                h2 #timelines-h { "Retries along time" }
                p { "After an attempt that failed, the next one is due 3 to 5 minutes later (shaded), for at least 30 minutes or until success; then support is told." }
                @for (index, (criterion, timeline)) in all.into_iter().enumerate() {
                    (figure(report, criterion, timeline, index))
                }
            }
        }
    }
}

fn figure(report: &Report, criterion: &CriterionResult, timeline: &Timeline, index: usize) -> Markup {
    html! {
        figure.timeline {
            figcaption {
                a href={ "#" (anchor("c", criterion.id.as_str())) } { (line(criterion.id.as_str(), 40)) } " · "
                strong { (line(&timeline.title, 300)) }
                " – " (words::count(timeline.attempts.len(), "attempt", "attempts"))
            }
            div.scroll tabindex="0" role="group" aria-label="Drawing of the attempts, scrollable" { (drawing(timeline, index)) }
            (legend())
            details {
                summary { "The same as a table" }
                (table(report, timeline))
            }
        }
    }
}

/// The span that is drawn, in seconds: never less than to the 30-minute mark,
/// never so long that nothing can be told apart.
fn extent(timeline: &Timeline) -> u64 {
    let last = timeline.attempts.iter().map(|attempt| attempt.at_s).max().unwrap_or(0);
    let end = last.max(timeline.escalated_at_s.unwrap_or(0)).max(ENOUGH);
    end.saturating_add(LATEST).min(7 * 24 * 3_600)
}

fn place(at: u64, extent: u64) -> u64 {
    let room = WIDTH - LEFT - RIGHT;
    LEFT + u64::try_from(u128::from(at.min(extent)) * u128::from(room) / u128::from(extent.max(1)))
        .unwrap_or(room)
}

fn drawing(timeline: &Timeline, index: usize) -> Markup {
    let extent = extent(timeline);
    let x = |at: u64| place(at, extent);
    let step = [5, 10, 30, 60, 360, 1_440].into_iter().find(|step| extent / 60 / step <= 12).unwrap_or(1_440);
    let (title, text) = (format!("timeline-{index}-title"), format!("timeline-{index}-text"));
    html! {
        svg viewBox={ "0 0 " (WIDTH) " 146" } role="img" aria-labelledby={ (title) " " (text) } {
            title id=(title) { (line(&timeline.title, 300)) }
            desc id=(text) { (describe(timeline)) }
            @for attempt in timeline.attempts.iter().take(DRAWN).filter(|attempt| wants_another(timeline, attempt)) {
                @let (from, to) = (x(attempt.at_s.saturating_add(SOONEST)), x(attempt.at_s.saturating_add(LATEST)));
                rect.band x=(from) y="56" width=(to.saturating_sub(from).max(1)) height=(AXIS - 56) rx="2" {}
            }
            line.axis x1=(LEFT) y1=(AXIS) x2=(WIDTH - RIGHT) y2=(AXIS) {}
            @for minute in (0..=extent / 60).step_by(usize::try_from(step).unwrap_or(5)) {
                line.tick x1=(x(minute * 60)) y1=(AXIS) x2=(x(minute * 60)) y2=(AXIS + 5) {}
                text.label x=(x(minute * 60)) y=(AXIS + 20) text-anchor="middle" { (minute) }
            }
            text.label x=(WIDTH - RIGHT) y=(AXIS + 44) text-anchor="end" { "minutes since the first attempt" }
            line.enough x1=(x(ENOUGH)) y1="26" x2=(x(ENOUGH)) y2=(AXIS + 5) {}
            text.label x=(x(ENOUGH).saturating_sub(6)) y="34" text-anchor="end" { "30 minutes" }
            @if let Some(at) = timeline.escalated_at_s {
                g.support transform={ "translate(" (x(at)) " 0)" } {
                    line x1="0" y1="14" x2="0" y2="66" {}
                    path d="M0 6 L14 12 L0 18 Z" {}
                    text x="-6" y="16" text-anchor="end" { "support told at " (words::minutes(at)) }
                }
            }
            @for (number, attempt) in timeline.attempts.iter().take(DRAWN).enumerate() {
                g class={ "attempt " @if is_done(&attempt.outcome) { "done" } @else { "failed" } } transform={ "translate(" (x(attempt.at_s)) " " (AXIS) ")" } {
                    circle r="9" {}
                    @if is_done(&attempt.outcome) { path d="M-4 0 L-1 3.5 L4.5 -3.5" {} }
                    @else { path d="M-3.5 -3.5 L3.5 3.5 M-3.5 3.5 L3.5 -3.5" {} }
                    @if timeline.attempts.len() <= 24 { text y="-15" text-anchor="middle" { (number + 1) } }
                }
            }
        }
    }
}

/// Whether a next attempt is due after this one.
fn wants_another(timeline: &Timeline, attempt: &Attempt) -> bool {
    !is_done(&attempt.outcome)
        && timeline.escalated_at_s.is_none_or(|told| told >= attempt.at_s.saturating_add(SOONEST))
}

fn is_done(outcome: &str) -> bool {
    outcome == "done"
}

fn legend() -> Markup {
    html! {
        p.legend {
            span { span.key.failed aria-hidden="true" { "✗" } " failed attempt" }
            span { span.key.done aria-hidden="true" { "✓" } " success" }
            span { span.key.due aria-hidden="true" {} " next attempt due" }
            span { span.key.flag aria-hidden="true" { "▶" } " support told" }
        }
    }
}

fn describe(timeline: &Timeline) -> String {
    let attempts = words::count(timeline.attempts.len(), "attempt", "attempts");
    let end = match timeline.attempts.last() {
        Some(last) => format!(
            ", the last one after {} min with the outcome {}",
            words::minutes(last.at_s),
            line(&last.outcome.replace('_', " "), 100)
        ),
        None => String::new(),
    };
    let support = match timeline.escalated_at_s {
        Some(at) => format!("; support was told after {} min", words::minutes(at)),
        None => "; support was not told".to_owned(),
    };
    format!("{attempts}{end}{support}.")
}

fn table(report: &Report, timeline: &Timeline) -> Markup {
    let mut before = None;
    let rows: Vec<_> = timeline
        .attempts
        .iter()
        .take(DRAWN)
        .map(|attempt| {
            (attempt, before.replace(attempt.at_s).map(|before: u64| attempt.at_s.saturating_sub(before)))
        })
        .collect();
    html! {
        table {
            caption { (describe(timeline)) }
            thead { tr {
                th.number scope="col" { "Attempt" }
                th.number scope="col" { "At (min:s)" }
                th scope="col" { "After the one before" }
                th scope="col" { "Outcome" }
                th scope="col" { "Exchange" }
            } }
            tbody {
                @for (index, (attempt, gap)) in rows.into_iter().enumerate() {
                    tr {
                        th.number scope="row" { (index + 1) }
                        td.number { (words::minutes(attempt.at_s)) }
                        td { (gap_words(gap)) }
                        td { (line(&attempt.outcome.replace('_', " "), 200)) }
                        td {
                            @match attempt.exchange.as_ref() {
                                Some(id) => (super::exchange_links(report, std::slice::from_ref(id))),
                                None => "–",
                            }
                        }
                    }
                }
            }
        }
        @if timeline.attempts.len() > DRAWN {
            p.quiet { (timeline.attempts.len() - DRAWN) " attempts more are in report.json." }
        }
    }
}

fn gap_words(gap: Option<u64>) -> String {
    match gap {
        None => "–".to_owned(),
        Some(gap) if gap < SOONEST => format!("{} – too soon", words::minutes(gap)),
        Some(gap) if gap > LATEST => format!("{} – too late", words::minutes(gap)),
        Some(gap) => format!("{} – in time", words::minutes(gap)),
    }
}
