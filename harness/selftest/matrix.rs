//! The detection matrix as text and as JSON.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::row::Row;
use crate::harness::criterion::{Criterion, Level};
use crate::harness::verdict::Verdict;

/// Every subject against every criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// Always `lockstep.selftest/1`.
    pub schema: String,
    /// Rows that were to be run.
    pub planned: usize,
    /// Misbehaviours that were run.
    pub misbehaviours: usize,
    /// Misbehaviours that came out as they must.
    pub found: usize,
    /// Required criteria that no misbehaviour breaks, and no subject leaves open for whom
    /// nobody vouches.
    pub uncovered: Vec<String>,
    /// Required criteria that only people can tell of, each left open by a subject for
    /// whom nobody vouches.
    pub vouched_for: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

impl Matrix {
    pub(super) fn new(criteria: &[Arc<Criterion>], planned: usize, rows: Vec<Row>) -> Self {
        let broken: Vec<&Row> = rows.iter().filter(|row| row.breaks.is_some()).collect();
        let covered = |criterion: &Criterion| {
            broken.iter().any(|row| row.breaks.as_deref() == Some(criterion.id.as_str()))
        };
        let left_open = |criterion: &Criterion| {
            let mut plain = rows.iter().filter(|row| row.breaks.is_none());
            plain.any(|row| row.untold.iter().any(|(id, _)| id == criterion.id.as_str()))
        };
        let required = criteria.iter().filter(|criterion| criterion.level != Level::Preferred);
        let (mut uncovered, mut vouched_for) = (Vec::new(), Vec::new());
        for criterion in required.filter(|criterion| !covered(criterion)) {
            let list =
                if criterion.attested && left_open(criterion) { &mut vouched_for } else { &mut uncovered };
            list.push(criterion.id.to_string());
        }
        Self {
            schema: "lockstep.selftest/1".to_owned(),
            planned,
            misbehaviours: broken.len(),
            found: broken.iter().filter(|row| row.is_right()).count(),
            uncovered,
            vouched_for,
            rows,
        }
    }

    /// Every exit code that applies: 0 when every row came out as it must, 70
    /// for a defect, 4 when rows are missing or no misbehaviour was run.
    pub fn exit_codes(&self) -> Vec<u8> {
        let mut codes = Vec::new();
        if self.rows.iter().any(|row| !row.is_right()) {
            codes.push(70);
        }
        if self.rows.len() < self.planned || self.misbehaviours == 0 {
            codes.push(4);
        }
        if codes.is_empty() {
            codes.push(0);
        }
        codes
    }

    /// The matrix as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!(self)
    }

    /// The matrix for a terminal: a line for each subject, then a column for
    /// each criterion, then what is wrong.
    pub fn text(&self) -> String {
        let mut text = self.list();
        text.push('\n');
        let width = self.rows.iter().map(|row| row.subject.len()).max().unwrap_or_default();
        let ids: Vec<String> = self
            .rows
            .iter()
            .find(|row| !row.cells.is_empty())
            .map(|row| row.cells.iter().map(|(id, _)| id.to_string()).collect())
            .unwrap_or_default();
        let numbers: Vec<&str> =
            ids.iter().map(|id| id.split_once('-').map_or(id.as_str(), |(_, number)| number)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {}", "", numbers.join(" "));
        for row in &self.rows {
            let cells: Vec<String> =
                row.cells.iter().map(|(id, verdict)| cell(row, id.as_str(), *verdict)).collect();
            let end = if row.is_right() { "" } else { "  ← wrong" };
            let _ = writeln!(text, "{:width$}  {}{end}", row.subject, cells.join(" "));
        }
        let _ = writeln!(
            text,
            "\n. pass  ! warning  - not applicable  ? inconclusive  F fail  E error  [ the criterion that is broken"
        );
        for row in self.rows.iter().filter(|row| !row.is_right()) {
            let _ = writeln!(text, "\n{}", row.subject);
            for defect in &row.defects {
                let _ = writeln!(text, "  {defect}");
            }
        }
        if !self.uncovered.is_empty() {
            let _ = writeln!(text, "\nNo misbehaviour breaks {}.", self.uncovered.join(", "));
        }
        if !self.vouched_for.is_empty() {
            let _ = writeln!(
                text,
                "\nPeople vouch for {}: nothing breaks them, and each is left open by a subject for whom nobody does.",
                self.vouched_for.join(", ")
            );
        }
        let _ = writeln!(
            text,
            "\n{} of {} misbehaviours found, {} of {} rows as they must be.",
            self.found,
            self.misbehaviours,
            self.rows.iter().filter(|row| row.is_right()).count(),
            self.planned
        );
        text
    }

    /// One line for each subject: what it breaks, whether that was found, and
    /// what else fails for which reason.
    fn list(&self) -> String {
        let width = self.rows.iter().map(|row| row.subject.len()).max().unwrap_or_default();
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:7}  {:5}  what it does, and what must fail with it",
            "subject", "breaks", "right"
        );
        for row in &self.rows {
            let breaks = row.breaks.as_deref().unwrap_or("nothing");
            let right = if row.is_right() { "yes" } else { "NO" };
            let _ = writeln!(text, "{:width$}  {breaks:7}  {right:5}  {}", row.subject, row.summary);
            for (id, why) in &row.follows {
                let _ = writeln!(text, "{:width$}  {:7}  {:5}  {id} follows: {why}", "", "", "");
            }
            for (id, why) in &row.untold {
                let _ = writeln!(text, "{:width$}  {:7}  {:5}  {id} is left open: {why}", "", "", "");
            }
            if !row.unusual_for.is_empty() {
                let ids = row.unusual_for.join(", ");
                let _ = writeln!(text, "{:width$}  {:7}  {:5}  unusual for {ids}, and right", "", "", "");
            }
        }
        text
    }
}

/// Two characters: the verdict, marked where it is the one that must fail.
fn cell(row: &Row, id: &str, verdict: Verdict) -> String {
    let sign = match verdict {
        Verdict::Pass | Verdict::Attested | Verdict::Waived => '.',
        Verdict::Warning => '!',
        Verdict::NotApplicable => '-',
        Verdict::Skipped | Verdict::Inconclusive => '?',
        Verdict::Fail => 'F',
        Verdict::Error => 'E',
    };
    let mark = if row.breaks.as_deref() == Some(id) { '[' } else { ' ' };
    format!("{mark}{sign}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(breaks: Option<&str>, defects: &[&str]) -> Row {
        Row {
            subject: "x".to_owned(),
            summary: "It does something.".to_owned(),
            breaks: breaks.map(str::to_owned),
            follows: Vec::new(),
            untold: Vec::new(),
            unusual_for: Vec::new(),
            cells: Vec::new(),
            defects: defects.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn only_a_whole_and_right_matrix_is_done() {
        let check = |planned, rows: Vec<Row>, expected: &[u8]| {
            assert_eq!(Matrix::new(&[], planned, rows).exit_codes(), expected);
        };
        check(2, vec![row(None, &[]), row(Some("LV-10"), &[])], &[0]);
        check(2, vec![row(None, &[]), row(Some("LV-10"), &["not found"])], &[70]);
        check(3, vec![row(None, &[]), row(Some("LV-10"), &[])], &[4]);
        check(1, vec![row(None, &[])], &[4]);
        check(0, vec![], &[4]);
    }
}
