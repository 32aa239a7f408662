//! Gaps: 180 to 300 seconds from start to start, or from the answer to the next
//! start.

use std::time::Duration;

use super::course::{Attempt, Course, Outcome};
use super::duration::AT_LEAST;
use super::finding::{Finding, Rule, s};
use super::tolerance::Tolerance;

/// Shortest gap.
pub(super) const SHORTEST: Duration = Duration::from_secs(180);
/// Longest gap.
pub(super) const LONGEST: Duration = Duration::from_secs(300);

/// One gap, counted in both ways.
struct Gap {
    number: usize,
    from_start: Duration,
    from_answer: Option<Duration>,
    bounds: Bounds,
}

/// Which bounds hold for a gap.
#[derive(Clone, Copy)]
struct Bounds {
    lower: bool,
    upper: bool,
}

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    let gaps = gaps(course, tolerance);
    if gaps.is_empty() {
        return Finding::no_occasion(
            Rule::Gap,
            "no attempt followed an upstream timeout, so there is no gap to judge",
        );
    }
    if let Some(wrong) = gaps.iter().find(|gap| !gap.is_right(tolerance)) {
        return Finding::fail(Rule::Gap, wrong.told(tolerance));
    }
    let shortest = gaps.iter().map(|gap| gap.from_start).min().unwrap_or_default();
    let longest = gaps.iter().map(|gap| gap.from_start).max().unwrap_or_default();
    let answers = gaps.iter().filter_map(|gap| gap.from_answer);
    let from_answers = match (answers.clone().min(), answers.max()) {
        (Some(least), Some(most)) => format!(" and of {} to {} from the answers", s(least), s(most)),
        _ => String::new(),
    };
    let why = format!("gaps of {} to {} from the starts{from_answers}", s(shortest), s(longest));
    Finding::pass(Rule::Gap, why)
}

/// The gaps after upstream timeouts.
fn gaps(course: &Course, tolerance: Tolerance) -> Vec<Gap> {
    let pairs = course.attempts().windows(2).enumerate();
    pairs.filter_map(|(index, pair)| gap(course, index, &pair[0], &pair[1], tolerance)).collect()
}

fn gap(course: &Course, index: usize, one: &Attempt, next: &Attempt, tolerance: Tolerance) -> Option<Gap> {
    // Whoever sends again before the answer does not know how it ends.
    let unknown = one.ended.is_none_or(|ended| next.arrived < ended);
    if one.outcome != Outcome::UpstreamTimeout && !unknown {
        return None;
    }
    let changed = course.changed_between(one.arrived, next.arrived);
    let beginnings = course.beginnings();
    let begun = beginnings.iter().rev().find(|begun| **begun <= one.arrived).copied();
    // While the thirty minutes last, by whichever way of counting ends them first.
    let lasting = beginnings
        .iter()
        .filter(|begun| **begun <= one.arrived)
        .all(|begun| one.arrived.since(*begun) < tolerance.below(AT_LEAST));
    // What changed meanwhile may be sent at once; it is waited for from the change.
    let from = changed.map_or(one.arrived, |change| change.at);
    Some(Gap {
        number: index + 1,
        from_start: next.arrived.since(from),
        from_answer: one.ended.map(|ended| next.arrived.since(ended.max(from))),
        bounds: Bounds { lower: changed.is_none(), upper: lasting && begun.is_some() },
    })
}

impl Gap {
    fn is_right(&self, tolerance: Tolerance) -> bool {
        let fits = |gap: Duration| {
            (!self.bounds.lower || gap >= tolerance.below(SHORTEST))
                && (!self.bounds.upper || gap <= tolerance.above(LONGEST))
        };
        fits(self.from_start) || self.from_answer.is_some_and(fits)
    }

    fn told(&self, tolerance: Tolerance) -> String {
        let answer = match self.from_answer {
            Some(gap) => format!("{} after its answer", s(gap)),
            None => "before its answer".to_owned(),
        };
        let short = self.bounds.lower && self.from_start < tolerance.below(SHORTEST);
        format!(
            "attempt {} came {} after the start of attempt {} and {answer}, too {}: 180 s to 300 s are asked for (± {})",
            self.number + 1,
            s(self.from_start),
            self.number,
            if short { "early" } else { "late" },
            s(tolerance.span()),
        )
    }
}
