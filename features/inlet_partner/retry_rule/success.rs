//! Success ends it, and leaves one access.

use super::course::{Attempt, Course};
use super::finding::{Finding, Rule, s};
use super::gap::SHORTEST;
use super::tolerance::Tolerance;

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    let Some(success) = course.success() else {
        return Finding::no_occasion(Rule::Success, "no attempt succeeded");
    };
    let after = course.attempts().iter().find(|attempt| comes_after(attempt, success, course, tolerance));
    match after {
        Some(attempt) => {
            let ended = success.ended.unwrap_or(success.arrived);
            Finding::fail(
                Rule::Success,
                format!(
                    "another attempt came {} after the success was answered",
                    s(attempt.arrived.since(ended))
                ),
            )
        }
        None => {
            let watched = course.observed_until().since(success.ended.unwrap_or(success.arrived));
            if watched <= tolerance.above(super::gap::LONGEST) {
                return Finding::inconclusive(
                    Rule::Success,
                    format!(
                        "observed for {} after the success only: the next attempt could still have come",
                        s(watched)
                    ),
                );
            }
            let nth = course.attempts().iter().take_while(|attempt| *attempt != success).count() + 1;
            let why = format!("attempt {nth} succeeded and none came in the {} after its answer", s(watched));
            Finding::pass(Rule::Success, why)
        }
    }
}

/// Whether an attempt came after the success was told. One that was due before
/// and crossed the answer on its way is no disobedience.
fn comes_after(attempt: &Attempt, success: &Attempt, course: &Course, tolerance: Tolerance) -> bool {
    if attempt.arrived < success.arrived || attempt == success {
        return false;
    }
    let Some(ended) = success.ended else { return false };
    if attempt.arrived < ended {
        return false;
    }
    let others = course.attempts().iter().filter(|other| other.arrived < attempt.arrived);
    let before = others.map(|other| other.arrived).max();
    let was_due = before.is_some_and(|before| attempt.arrived.since(before) >= tolerance.below(SHORTEST));
    let crossed = attempt.arrived.since(ended) <= tolerance.span();
    !(was_due && crossed) && course.changed_between(ended, attempt.arrived).is_none()
}

pub(super) fn judge_standing(course: &Course, _: Tolerance) -> Finding {
    let Some(standing) = course.standing() else {
        return Finding::no_occasion(Rule::Standing, "how many accesses stand in the end was not looked at");
    };
    if course.success().is_none() {
        let why = "no attempt succeeded, so there is no access that the partner could know of";
        return Finding::no_occasion(Rule::Standing, why);
    }
    let (expected, why) = match course.called_off() {
        Some(_) => (0, "the booking was called off"),
        None => (1, "an attempt succeeded"),
    };
    let told =
        format!("{why}, and in the end {standing} accesses stand for the booking; {expected} is right");
    if standing == expected {
        Finding::pass(Rule::Standing, told)
    } else {
        Finding::fail(Rule::Standing, told)
    }
}
