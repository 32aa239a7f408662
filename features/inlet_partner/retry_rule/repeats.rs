//! What is repeated at all: a refusal not unchanged, and 429 and 503 only after
//! their `Retry-After`.

use super::course::{Attempt, Course, Outcome};
use super::finding::{Finding, Rule, s};
use super::tolerance::Tolerance;

pub(super) fn judge(course: &Course, tolerance: Tolerance) -> Finding {
    let mut occasions = 0_usize;
    for (index, one) in course.attempts().iter().enumerate() {
        let later = &course.attempts()[index + 1..];
        let wrong = match one.outcome {
            // Wrong credentials have a criterion of their own: with new ones the same is right.
            Outcome::Refused(401) => continue,
            Outcome::Refused(status) => repeated_unchanged(status, one, later),
            Outcome::Later(wait) => too_early(wait, one, later.first(), tolerance),
            Outcome::Success | Outcome::UpstreamTimeout | Outcome::Broken => continue,
        };
        occasions += 1;
        if let Some(why) = wrong {
            return Finding::fail(Rule::Repeats, format!("attempt {}: {why}", index + 1));
        }
    }
    if occasions == 0 {
        return Finding::no_occasion(Rule::Repeats, "no attempt was refused or put off");
    }
    Finding::pass(
        Rule::Repeats,
        format!(
            "{occasions} attempts were refused or put off; none was repeated unchanged, or before its time"
        ),
    )
}

/// A 4xx is repeated unchanged, however much later.
fn repeated_unchanged(status: u16, one: &Attempt, later: &[Attempt]) -> Option<String> {
    let again = later.iter().find(|attempt| attempt.content == one.content)?;
    let after = s(again.arrived.since(one.arrived));
    Some(format!("refused with {status}, and repeated unchanged {after} later"))
}

/// The next attempt comes before the span of `Retry-After` has passed.
fn too_early(
    wait: std::time::Duration,
    one: &Attempt,
    next: Option<&Attempt>,
    tolerance: Tolerance,
) -> Option<String> {
    let next = next?;
    let waited = next.arrived.since(one.ended.unwrap_or(one.arrived));
    // A tolerance as long as the span itself would let everything pass.
    let tolerance = tolerance.span().min(wait / 2);
    (waited < wait.saturating_sub(tolerance)).then(|| {
        format!("put off for {}, and the next attempt came after {} (± {})", s(wait), s(waited), s(tolerance))
    })
}
