//! The vendor's answer in the form that Inlet prefers (requirements document,
//! "Preferred Vendor Response Format"): a table to see at once, then a section
//! per function with the seven points, and what the run made of it.

use std::fmt::Write as _;

use crate::harness::result::{FunctionAnswer, Report};

use super::judgement::{headline, missing, notice};
use super::text::{fenced, markdown};
use super::words;

/// Longest text in a line, in characters.
const LINE: usize = 1_000;
/// Longest decision, which names each shortcoming, in characters.
const DECISION: usize = 2_000;
/// Longest example, in characters.
const EXAMPLE: usize = 20_000;

/// The report as the vendor's answer, in Markdown.
pub fn answer(report: &Report) -> String {
    let mut out = String::new();
    let subject = &report.subject;
    line(&mut out, &format!("# {} {}\n", markdown(&subject.title, 200), markdown(&subject.version, 60)));
    // Only a vendor answers for the functions of a lock.
    let answers = !report.is_of_partner();
    if answers {
        line(
            &mut out,
            &format!(
                "Answer of {} to “What Inlet requires to integrate with your lock system”.\n",
                markdown(&subject.vendor, 200)
            ),
        );
    }
    if let Some(notice) = notice(report) {
        line(&mut out, &format!("> **{notice}**\n"));
    }
    if answers {
        overview(&mut out, &report.statement);
        for answer in &report.statement {
            section(&mut out, answer);
        }
        capabilities(&mut out, report);
    }
    judged(&mut out, report);
    out
}

// Writing to a string cannot fail.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

fn yes_or_no(answer: &FunctionAnswer) -> &'static str {
    if answer.supported { "yes" } else { "no" }
}

fn endpoints(answer: &FunctionAnswer) -> String {
    match answer.endpoints.as_slice() {
        [] => "–".to_owned(),
        all => all
            .iter()
            .map(|written| markdown(&words::endpoint(written), 300))
            .collect::<Vec<_>>()
            .join("<br>"),
    }
}

fn overview(out: &mut String, statement: &[FunctionAnswer]) {
    line(out, "## Overview\n");
    line(out, "| Function | Supported | Endpoint / command | Authentication | Notes / limitations |");
    line(out, "|---|---|---|---|---|");
    for answer in statement {
        let row = format!(
            "| {} | {} | {} | {} | {} |",
            answer.function.title(),
            yes_or_no(answer),
            endpoints(answer),
            or_dash(authentication(answer)),
            or_dash(&notes(answer)),
        );
        line(out, &row);
    }
    line(out, "");
}

fn or_dash(text: &str) -> String {
    if text.trim().is_empty() { "–".to_owned() } else { markdown(text, LINE) }
}

/// Of what is not there, nobody asks how it is authenticated.
fn authentication(answer: &FunctionAnswer) -> &str {
    if answer.supported { &answer.authentication } else { "" }
}

fn notes(answer: &FunctionAnswer) -> String {
    match &answer.reason {
        Some(reason) => {
            let further = words::further_notes(answer).unwrap_or_default();
            format!("Not supported: {} {further}", words::sentence(reason)).trim_end().to_owned()
        }
        None => answer.notes.clone(),
    }
}

fn section(out: &mut String, answer: &FunctionAnswer) {
    line(out, &format!("## {}\n", answer.function.title()));
    line(out, &format!("1. **Function name:** {} (`{}`)", answer.function.title(), answer.function.as_str()));
    line(out, &format!("2. **Supported:** {}", yes_or_no(answer)));
    line(out, &format!("3. **Endpoint / command:** {}", endpoints(answer)));
    line(out, &format!("4. **Authentication:** {}", or_dash(authentication(answer))));
    examples(out, "5. **Request example:**", &answer.request_examples);
    examples(out, "6. **Response example:**", &answer.response_examples);
    examples(out, "   **Error response example:**", &answer.error_examples);
    line(out, &format!("7. **Notes / limitations:** {}\n", or_dash(&notes(answer))));
}

/// Examples as code blocks, indented so that they belong to their list item.
fn examples(out: &mut String, heading: &str, texts: &[String]) {
    if texts.is_empty() {
        return line(out, &format!("{heading} –"));
    }
    line(out, &format!("{heading}\n"));
    for text in texts {
        for row in fenced(text, EXAMPLE).lines() {
            line(out, &if row.is_empty() { String::new() } else { format!("   {row}") });
        }
        line(out, "");
    }
}

/// What holds of the answer: declared against observed.
fn capabilities(out: &mut String, report: &Report) {
    line(out, "## Declared and observed\n");
    line(out, "| Ability | Declared | Observed | Effective | Why | Shown by |");
    line(out, "|---|---|---|---|---|---|");
    for one in &report.capabilities {
        let why = match one.contradiction() {
            Some(contradiction) => format!("{contradiction}: {}", one.note),
            None => one.note.clone(),
        };
        let row = format!(
            "| {} (`{}`) | {} | {} | {} | {} | {} |",
            markdown(&one.title, 200),
            one.ability,
            words::presence(one.declared),
            words::presence(one.observed),
            words::presence(one.effective),
            or_dash(&why),
            or_dash(&one.evidence.join(", ")),
        );
        line(out, &row);
    }
    line(out, "");
    for lock in &report.limited_locks {
        let lacks = lock.lacks.join(", no ");
        line(out, &format!("- Lock {}: no {}", markdown(&lock.lock, 200), markdown(&lacks, 200)));
    }
    if !report.limited_locks.is_empty() {
        line(out, "");
    }
}

fn judged(out: &mut String, report: &Report) {
    line(out, "## How it was judged\n");
    line(out, &format!("**{}.** {}\n", headline(report), markdown(&report.decision, DECISION)));
    if let Some(missing) = missing(report) {
        line(out, &format!("{missing}\n"));
    }
    line(
        out,
        &format!(
            "Verdict: `{}` · level reached: `{}` · asked: `{}` · criteria judged: {} of {} · suite {}\n",
            report.verdict.as_str(),
            words::certification(report.level),
            words::certification(report.asked),
            report.executed,
            report.planned,
            markdown(&report.suite.version, 60),
        ),
    );
    line(out, &criteria(report));
}

/// The criteria as a table, for every Markdown format.
pub(super) fn criteria(report: &Report) -> String {
    let mut out =
        String::from("| Criterion | Verdict | Level | What it asks | Why |\n|---|---|---|---|---|\n");
    for criterion in &report.criteria {
        let _ = writeln!(
            out,
            "| {} | {} {} | {} | {} | {} |",
            markdown(criterion.id.as_str(), 40),
            words::symbol(criterion.verdict),
            words::verdict(criterion.verdict),
            words::level(criterion.level),
            or_dash(&criterion.text),
            or_dash(&criterion.reason),
        );
    }
    out
}
