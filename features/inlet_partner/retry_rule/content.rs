//! The same content, unless the booking changed; nothing once it was called off.

use super::course::{Attempt, Content, Course, News};
use super::finding::{Finding, Rule, s};
use super::tolerance::Tolerance;
use crate::vendors::vocabulary::Instant;

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    let attempts = course.attempts();
    if attempts.len() < 2 && course.changes().is_empty() {
        return Finding::no_occasion(Rule::Content, "there was one attempt, and its booking did not change");
    }
    if let Some(why) = sent_after_it_was_called_off(course, tolerance) {
        return Finding::fail(Rule::Content, why);
    }
    for (index, attempt) in attempts.iter().enumerate() {
        if let Some(why) = wrong(course, index, attempt, tolerance) {
            return Finding::fail(Rule::Content, format!("attempt {}: {why}", index + 1));
        }
    }
    let why = match course.changes().len() {
        0 => format!("{} attempts with the same content", attempts.len()),
        1 => format!("{} attempts, each with what was right after the change", attempts.len()),
        changes => format!("{} attempts, each with what was right after {changes} changes", attempts.len()),
    };
    Finding::pass(Rule::Content, why)
}

fn sent_after_it_was_called_off(course: &Course, tolerance: Tolerance) -> Option<String> {
    let at = course.called_off()?;
    let late = course.attempts().iter().find(|attempt| attempt.arrived > at + tolerance.span())?;
    Some(format!("an attempt came {} after the booking was called off", s(late.arrived.since(at))))
}

/// What is wrong with one attempt's content.
fn wrong(course: &Course, index: usize, attempt: &Attempt, tolerance: Tolerance) -> Option<String> {
    // A refused request may be corrected; then it is right that it differs.
    let before: Vec<&Attempt> = course.attempts()[..index].iter().collect();
    let change = changed_before(course, attempt.arrived);
    match change {
        None => {
            let first = before.iter().rfind(|earlier| !was_refused(earlier))?;
            let corrected = before.last().is_some_and(|last| was_refused(last));
            (first.content != attempt.content && !corrected)
                .then(|| "its content is another than before, and the booking did not change".to_owned())
        }
        Some((at, expected)) => {
            let on_its_way = attempt.arrived.since(at) <= tolerance.span();
            let old = before.iter().rfind(|earlier| earlier.arrived < at).map(|earlier| &earlier.content);
            let stale = old == Some(&attempt.content);
            if stale && on_its_way {
                return None;
            }
            if stale && expected.is_none_or(|expected| *expected != attempt.content) {
                return Some(format!(
                    "its content is stale: the booking had changed {} before",
                    s(attempt.arrived.since(at))
                ));
            }
            if expected.is_some_and(|expected| *expected != attempt.content) {
                return Some("its content is not that of the changed booking".to_owned());
            }
            let fresh =
                before.iter().rfind(|earlier| earlier.arrived >= at && old != Some(&earlier.content))?;
            (fresh.content != attempt.content && !was_refused(fresh)).then(|| {
                "its content is another than that of the attempt before, after the same change".to_owned()
            })
        }
    }
}

fn was_refused(attempt: &Attempt) -> bool {
    matches!(attempt.outcome, super::course::Outcome::Refused(_))
}

/// The latest change that could be known to an attempt, with its content where that is known.
fn changed_before(course: &Course, arrived: Instant) -> Option<(Instant, Option<&Content>)> {
    course.changes().iter().rev().find_map(|change| match &change.news {
        // What arrives as it changes may be the one or the other.
        News::Changed(to) if change.at <= arrived => Some((change.at, to.as_ref())),
        _ => None,
    })
}
