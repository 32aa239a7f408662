//! The step summary of a continuous integration: what a developer wants to
//! know before opening the report.

use std::fmt::Write as _;

use crate::harness::result::Report;
use crate::harness::verdict::Verdict;

use super::answer::criteria;
use super::judgement::{Light, headline, is_good, light, missing, notice};
use super::text::markdown;
use super::words;

/// The report as a step summary, in Markdown. The caller appends it to the file
/// that `GITHUB_STEP_SUMMARY` names.
pub fn summary(report: &Report) -> String {
    let mut out = String::new();
    let sign = if is_good(report) { words::symbol(Verdict::Pass) } else { words::symbol(Verdict::Fail) };
    let mut line = |text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}\n");
    };
    line(format!("## {sign} {}", headline(report)));
    if let Some(notice) = notice(report) {
        line(format!("> **{notice}**"));
    }
    let subject = &report.subject;
    line(format!(
        "**{} {}** by {} — {}",
        markdown(&subject.title, 200),
        markdown(&subject.version, 60),
        markdown(&subject.vendor, 200),
        markdown(&report.decision, 2_000)
    ));
    if let Some(missing) = missing(report) {
        line(missing);
    }
    if let Some(why) = &report.interrupted {
        line(format!("**Interrupted:** {}", markdown(why, 500)));
    }
    line(format!(
        "Verdict: `{}` · level reached: `{}` · asked: `{}` · criteria judged: {} of {}",
        report.verdict.as_str(),
        words::certification(report.level),
        words::certification(report.asked),
        report.executed,
        report.planned
    ));
    line(tally(report));
    if let Some(findings) = findings(report) {
        line(findings);
    }
    line(format!("<details><summary>Every criterion</summary>\n\n{}\n</details>", criteria(report)));
    out
}

fn tally(report: &Report) -> String {
    let counts: Vec<_> = report
        .tally()
        .into_iter()
        .map(|(verdict, count)| {
            format!("{} {count} {}", words::symbol(verdict), words::verdict(verdict).to_lowercase())
        })
        .collect();
    counts.join(" · ")
}

/// The findings of criteria that are red, as expected and observed.
fn findings(report: &Report) -> Option<String> {
    let mut out = String::from("| Finding | What | Expected | Observed |\n|---|---|---|---|\n");
    let heading = out.len();
    for criterion in
        report.criteria.iter().filter(|c| matches!(light(report, c), Light::Failed | Light::Broken))
    {
        for finding in &criterion.findings {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                markdown(&finding.id, 60),
                markdown(&finding.summary, 400),
                markdown(&finding.expected, 400),
                markdown(&finding.observed, 400)
            );
        }
    }
    (out.len() > heading).then_some(out)
}
