//! The retry rule, judged on what arrived at the simulated Inlet.
//!
//! "You have to retry every 3–5 minutes for a minimum of 30 minutes or until
//! success. After 30 minutes of retries, if issues persist, contact Inlet support
//! directly" (API integration guide, 3.2 step 4).
//!
//! Everything here is a pure function of one access's [`Course`] (the attempts
//! with their answers, the changes of its booking, the messages to support) and
//! of the [`Tolerance`] that the laboratory's clock leaves. Each part of the rule
//! is judged apart, in a sentence with its numbers; a part for which the course
//! gives no occasion is not applicable, never passed.
//!
//! Readings taken where the rule leaves room:
//! - A gap is right when either way of counting it is: from start to start, or
//!   from the end of the answer to the next start.
//! - Gaps longer than five minutes are wrong while the first thirty minutes
//!   last; going on after that is allowed at any longer spacing.
//! - A booking that changes may be sent at once, and may begin the thirty minutes
//!   anew or go on with those under way.
//! - Who waits for an answer that never comes may count from the end of the
//!   connection; who still waits after thirty minutes has stopped repeating.
//! - The rule speaks of timeouts only. What follows a 429 or a 503 is held
//!   against its `Retry-After`, what follows another refusal against the ban on
//!   repeating it unchanged, and what follows a broken answer against nothing.

mod content;
mod course;
mod duration;
mod escalation;
mod finding;
mod gap;
#[cfg(test)]
mod laboratory_tests;
mod observed;
mod repeats;
mod success;
#[cfg(test)]
mod tests;
mod tolerance;

#[cfg(test)]
pub use course::Attempt;
pub use course::{Change, Content, Course, News, Outcome};
pub use finding::{Finding, Judgement, Rule};
pub use observed::{asked, attempts};
pub use tolerance::Tolerance;

use crate::vendors::partner::Pace;

/// Judges one access by every part of the rule.
pub fn judge(course: &Course, pace: Pace) -> Judgement {
    let tolerance = match Tolerance::at(pace) {
        Ok(tolerance) => tolerance,
        Err(why) => return Judgement::inconclusive(&why),
    };
    if course.attempts().is_empty() {
        return Judgement::inconclusive("nothing was attempted for this access");
    }
    let parts: [fn(&Course, Tolerance) -> Finding; 8] = [
        gap::judge,
        duration::judge,
        duration::judge_number,
        success::judge,
        success::judge_standing,
        repeats::judge,
        content::judge,
        escalation::judge,
    ];
    Judgement::new(parts.map(|part| part(course, tolerance)).into())
}
