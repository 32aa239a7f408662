//! A badge for a page of the vendor's: what was reached, never more.

use maud::{PreEscaped, html};

use crate::harness::criterion::CertificationLevel;
use crate::harness::result::{Mode, Report};
use crate::harness::verdict::Verdict;

use super::judgement::is_good;
use super::words;

/// Width of one character at this size, in pixels; the text is fitted to it,
/// because the font is the reader's.
const CHARACTER: usize = 6;

/// The report as a badge in SVG. Green says a good run against the subject
/// itself; a rehearsal and a free run are blue at best.
pub fn badge(report: &Report) -> String {
    let left = if report.is_of_partner() { "Inlet partner" } else { "Inlet lock vendor" };
    let (right, colour) = message(report);
    let (left_width, right_width) = (left.len() * CHARACTER + 14, right.chars().count() * CHARACTER + 14);
    let width = left_width + right_width;
    let title = format!(
        "{left}: {right} (verdict {}, level {}, asked {})",
        report.verdict.as_str(),
        words::certification(report.level),
        words::certification(report.asked)
    );
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height="20" role="img" aria-label=(title) {
            title { (title) }
            clipPath id="edge" { rect width=(width) height="20" rx="3" {} }
            g clip-path="url(#edge)" {
                rect width=(left_width) height="20" fill="#3b4250" {}
                rect x=(left_width) width=(right_width) height="20" fill=(colour) {}
            }
            g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" {
                text x=(left_width / 2) y="14" textLength=(left_width - 14) { (left) }
                text x=(left_width + right_width / 2) y="14" textLength=(right_width - 14) { (right) }
            }
        }
        (PreEscaped("\n"))
    }
    .into_string()
}

/// What is put up with shows wherever a level does.
fn waived(report: &Report) -> String {
    match report.tally().get(&Verdict::Waived) {
        Some(count) => format!(", {count} waived"),
        None => String::new(),
    }
}

fn message(report: &Report) -> (String, &'static str) {
    let (red, amber, green, blue) = ("#b3261e", "#8a5300", "#1a7f37", "#3056a0");
    let level = match report.level {
        CertificationLevel::None => "no level".to_owned(),
        level => format!("{}{}", words::certification(level), waived(report)),
    };
    let good = is_good(report);
    match (report.rehearsal, report.mode) {
        (true, _) if good => (format!("rehearsal: {level}"), blue),
        (false, Mode::Run) if good => ("free run: passed".to_owned(), blue),
        (false, Mode::Certify) if good => (level, green),
        (rehearsal, mode) => {
            let prefix = match (rehearsal, mode) {
                (true, _) => "rehearsal: ",
                (false, Mode::Run) => "free run: ",
                (false, Mode::Certify) => "",
            };
            let (what, colour) = match report.verdict {
                Verdict::Fail => (format!("not {}", words::certification(report.asked)), red),
                _ => ("undecided".to_owned(), amber),
            };
            (format!("{prefix}{what}"), colour)
        }
    }
}
