//! A comparison as people read it.

use std::fmt::Write as _;

use super::comparison::Comparison;
use super::difference::Difference;

/// The headline with the counts, then every difference under its heading.
pub fn text(comparison: &Comparison) -> String {
    let Comparison { subject, runs: [old, new], compared, regressions, fixes, changes } = comparison;
    let mut text = format!(
        "{subject}: {}, {}, {} over {}\n",
        count(regressions.len(), "regression", "regressions"),
        count(fixes.len(), "fix", "fixes"),
        count(changes.len(), "other change", "other changes"),
        count(*compared, "criterion", "criteria"),
    );
    // Writing to a text cannot fail.
    let _ = writeln!(text, "  before  {old}\n  after   {new}");
    for (heading, list) in [("Regressions", regressions), ("Fixes", fixes), ("Changes", changes)] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{heading}");
            let width = list.iter().map(|one| one.about.chars().count()).max().unwrap_or(0).min(28);
            list.iter().for_each(|difference| line(&mut text, difference, width));
        }
    }
    text
}

fn line(text: &mut String, difference: &Difference, width: usize) {
    let Difference { about, before, after, why } = difference;
    let steps = format!("{before} → {after}");
    let line = format!("  {about:<width$}  {steps:<24}  {why}");
    text.push_str(line.trim_end());
    text.push('\n');
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
