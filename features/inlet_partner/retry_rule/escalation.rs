//! One message to support for each access that is still not granted 1,800
//! seconds after its first attempt.

use std::time::Duration;

use super::course::{Course, Outcome};
use super::duration::AT_LEAST;
use super::finding::{Finding, Rule, s};
use super::tolerance::Tolerance;
use crate::vendors::vocabulary::Instant;

/// Latest moment of the message after the first attempt.
const AT_MOST: Duration = Duration::from_secs(2_400);

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    let messages = course.escalations();
    if let Some(status) = refused_in_time(course, tolerance) {
        return Finding::no_occasion(
            Rule::Escalation,
            format!("the last attempt was refused with {status} within 1,800 s, which is acted on otherwise"),
        );
    }
    if !is_due(course, tolerance) {
        return not_due(course, messages, tolerance);
    }
    let first = course.first();
    if let Some(early) = messages.iter().find(|at| at.since(first) < tolerance.below(AT_LEAST)) {
        return Finding::fail(Rule::Escalation, too_early(*early, first, tolerance));
    }
    match messages {
        [] => none_came(course, tolerance),
        [at] => in_time(course, *at, tolerance),
        [_, second, ..] => Finding::fail(
            Rule::Escalation,
            format!(
                "{} messages to support for one access, the second {} after the first attempt",
                messages.len(),
                s(second.since(first))
            ),
        ),
    }
}

/// The status with which the retries ended before their time.
fn refused_in_time(course: &Course, tolerance: Tolerance) -> Option<u16> {
    let last = course.attempts().last()?;
    match last.outcome {
        Outcome::Refused(status) if last.arrived.since(course.first()) < tolerance.below(AT_LEAST) => {
            Some(status)
        }
        _ => None,
    }
}

/// Whether the access is still not granted when the thirty minutes are over. An
/// attempt that had begun by then and succeeded counts as granted.
fn is_due(course: &Course, tolerance: Tolerance) -> bool {
    let over = course.first() + tolerance.above(AT_LEAST);
    let granted = course.success().is_some_and(|success| success.arrived <= over);
    let called_off = course.called_off().is_some_and(|at| at <= over);
    course.has_timeouts() && !granted && !called_off
}

fn not_due(course: &Course, messages: &[Instant], tolerance: Tolerance) -> Finding {
    let why = if !course.has_timeouts() {
        "no attempt ended in an upstream timeout"
    } else if course.success().is_some() {
        "the access was granted within 1,800 s"
    } else {
        "the booking was called off within 1,800 s"
    };
    match messages.first() {
        None => Finding::no_occasion(Rule::Escalation, format!("{why}, so support was not to be told")),
        // Granted or called off at the last moment, it may have crossed the message.
        Some(at)
            if at.since(course.first()) >= tolerance.below(AT_LEAST) && settled_late(course, tolerance) =>
        {
            Finding::pass(
                Rule::Escalation,
                format!(
                    "support was told {} after the first attempt, as the access was settled",
                    s(at.since(course.first()))
                ),
            )
        }
        Some(at) => Finding::fail(
            Rule::Escalation,
            format!(
                "support was told {} after the first attempt although {why}",
                s(at.since(course.first()))
            ),
        ),
    }
}

/// Whether what made the message needless came within the tolerance of its time, or after it.
fn settled_late(course: &Course, tolerance: Tolerance) -> bool {
    let settled =
        course.success().and_then(|success| success.ended).into_iter().chain(course.called_off()).min();
    settled.is_some_and(|at| at.since(course.first()) >= tolerance.below(AT_LEAST))
}

fn none_came(course: &Course, tolerance: Tolerance) -> Finding {
    let watched = course.observed_until().since(latest_beginning(course));
    if watched <= tolerance.above(AT_MOST) {
        return Finding::inconclusive(
            Rule::Escalation,
            format!(
                "no message to support until the observation ended, {} after the first attempt",
                s(watched)
            ),
        );
    }
    Finding::fail(
        Rule::Escalation,
        "no message to support, though the access was still not granted 1,800 s after its first attempt"
            .to_owned(),
    )
}

fn in_time(course: &Course, at: Instant, tolerance: Tolerance) -> Finding {
    let after = at.since(course.first());
    let told =
        format!("support was told {} after the first attempt; 1,800 s to 2,400 s are asked for", s(after));
    let begun = latest_beginning(course);
    let late = at.since(begun) > tolerance.above(AT_MOST);
    if late {
        return Finding::fail(Rule::Escalation, format!("{told} (± {})", s(tolerance.span())));
    }
    Finding::pass(Rule::Escalation, told)
}

fn too_early(at: Instant, first: Instant, tolerance: Tolerance) -> String {
    format!(
        "support was told {} after the first attempt; not before 1,800 s (± {})",
        s(at.since(first)),
        s(tolerance.span())
    )
}

/// Who begins the thirty minutes anew after a change tells support later.
fn latest_beginning(course: &Course) -> Instant {
    course.beginnings().last().copied().unwrap_or(course.first())
}
