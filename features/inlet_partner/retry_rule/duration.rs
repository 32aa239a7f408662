//! For how long, and how often.

use std::time::Duration;

use super::course::{Course, Outcome};
use super::finding::{Finding, Rule, s};
use super::gap::{LONGEST, SHORTEST};
use super::tolerance::Tolerance;
use crate::vendors::vocabulary::Instant;

/// Attempts go on for so long while none succeeds.
pub(super) const AT_LEAST: Duration = Duration::from_secs(1_800);
/// Fewest attempts while none succeeds.
const FEWEST: usize = 7;
/// Most attempts within the thirty minutes.
const MOST: usize = 11;

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    if let Some(none) = no_occasion(Rule::Duration, course) {
        return none;
    }
    let lasted = course.last().since(course.first());
    if lasted >= tolerance.below(AT_LEAST) {
        let why = format!("the last attempt came {} after the first; 1,800 s are asked for", s(lasted));
        return Finding::pass(Rule::Duration, why);
    }
    let silent_from = silent_from(course);
    if !has_ended(course, tolerance) {
        let why = format!(
            "observed until {} after the last attempt, {} after the first: the next one could still have come",
            s(course.observed_until().since(silent_from)),
            s(lasted),
        );
        return Finding::inconclusive(Rule::Duration, why);
    }
    Finding::fail(
        Rule::Duration,
        format!("the last attempt came {} after the first without success; 1,800 s are asked for", s(lasted)),
    )
}

pub(super) fn judge_number(course: &Course, tolerance: Tolerance) -> Finding {
    let most = most(tolerance);
    let within = counted(course).filter(|at| at.since(course.first()) <= AT_LEAST).count();
    if within > most {
        return Finding::fail(
            Rule::Number,
            format!("{within} attempts within the first 1,800 s; at most {most} are allowed"),
        );
    }
    if let Some(none) = no_occasion(Rule::Number, course) {
        return none;
    }
    let all = course.attempts().len();
    if all >= FEWEST {
        let why = format!("{all} attempts, {within} of them within the first 1,800 s; 7 to 11 are asked for");
        return Finding::pass(Rule::Number, why);
    }
    if !has_ended(course, tolerance) {
        return Finding::inconclusive(
            Rule::Number,
            format!("{all} attempts until the observation ended; at least {FEWEST} are asked for"),
        );
    }
    Finding::fail(Rule::Number, format!("{all} attempts without success; at least {FEWEST} are asked for"))
}

/// The most attempts that gaps as short as the tolerance allows make possible.
fn most(tolerance: Tolerance) -> usize {
    let shortest = tolerance.below(SHORTEST).as_millis().max(1);
    let possible = usize::try_from(AT_LEAST.as_millis() / shortest).unwrap_or(usize::MAX);
    possible.saturating_add(1).max(MOST)
}

/// The first attempt and those that follow an upstream timeout: what follows a
/// `Retry-After` or a correction is not counted. After a change counting begins anew.
fn counted(course: &Course) -> impl Iterator<Item = Instant> {
    let first = course.attempts().iter().take(1).map(|attempt| attempt.arrived);
    let pairs = course.attempts().windows(2);
    let following = pairs.filter(|pair| {
        pair[0].outcome == Outcome::UpstreamTimeout
            && course.changed_between(pair[0].arrived, pair[1].arrived).is_none()
    });
    first.chain(following.map(|pair| pair[1].arrived))
}

/// Why nothing has to go on: it never timed out, it succeeded, it was refused,
/// or the booking is gone.
fn no_occasion(rule: Rule, course: &Course) -> Option<Finding> {
    let why = if !course.has_timeouts() {
        "no attempt ended in an upstream timeout, so nothing had to be repeated".to_owned()
    } else if course.success().is_some() {
        "an attempt succeeded, so there was no need to go on".to_owned()
    } else if course.called_off().is_some_and(|at| at.since(course.first()) < AT_LEAST) {
        "the booking was called off, so there was no need to go on".to_owned()
    } else if let Some(Outcome::Refused(status)) = course.attempts().last().map(|attempt| attempt.outcome) {
        format!("the last attempt was refused with {status}, which is not repeated")
    } else {
        return None;
    };
    Some(Finding::no_occasion(rule, why))
}

/// From when on nothing came.
fn silent_from(course: &Course) -> Instant {
    let Some(last) = course.attempts().last() else { return course.observed_until() };
    // Who waits for half an hour for one answer has no attempt left to make.
    let ended = last.ended.unwrap_or_else(|| course.observed_until().min(last.arrived + AT_LEAST));
    match last.outcome {
        Outcome::Later(wait) => ended + wait,
        _ => ended,
    }
}

/// Whether the observation went on for longer than any gap after the last answer.
fn has_ended(course: &Course, tolerance: Tolerance) -> bool {
    course.observed_until().since(silent_from(course)) > tolerance.above(LONGEST)
}
