//! The words and signs of a verdict, the same in every format for people.

use std::time::Duration;

use crate::harness::criterion::{CertificationLevel, Level};
use crate::harness::result::{FunctionAnswer, Presence, Received, TransportFailure};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

/// The verdict in a word.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "Pass",
        Verdict::Attested => "Attested",
        Verdict::Waived => "Waived",
        Verdict::NotApplicable => "Not applicable",
        Verdict::Warning => "Warning",
        Verdict::Skipped => "Skipped",
        Verdict::Inconclusive => "Inconclusive",
        Verdict::Fail => "Fail",
        Verdict::Error => "Error",
    }
}

/// A sign that tells verdicts apart without colour.
pub fn symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Attested => "✎",
        Verdict::Waived => "⚑",
        Verdict::NotApplicable => "–",
        Verdict::Warning => "!",
        Verdict::Skipped => "»",
        Verdict::Inconclusive => "?",
        Verdict::Fail => "✗",
        Verdict::Error => "‼",
    }
}

/// What the verdict means, for the legend.
pub fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "observed to be met",
        Verdict::Attested => "vouched for by a person, named with the document",
        Verdict::Waived => "accepted as it is, with owner, reason and expiry",
        Verdict::NotApplicable => "does not apply to what the subject declares",
        Verdict::Warning => "met, with something to know",
        Verdict::Skipped => "left out, so nothing is known",
        Verdict::Inconclusive => "could not be told; something was missing",
        Verdict::Fail => "observed not to be met",
        Verdict::Error => "the harness failed; nothing is said of the subject",
    }
}

/// How strictly a criterion is asked for.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Required => "Required",
        Level::Full => "Required for full",
        Level::Preferred => "Preferred",
    }
}

/// A certification level in a word.
pub fn certification(level: CertificationLevel) -> &'static str {
    match level {
        CertificationLevel::None => "none",
        CertificationLevel::Core => "core",
        CertificationLevel::Full => "full",
    }
}

/// A date and time to the second, in UTC.
pub fn moment(at: Instant) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A time of day to the millisecond, in UTC.
pub fn time_of_day(at: Instant) -> String {
    at.timestamp().strftime("%H:%M:%S.%3f").to_string()
}

/// A span in the two largest units that it has.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => format!("{} ms", span.subsec_millis()),
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// The text with one full stop at its end, where it has no other mark there.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let ended = text.is_empty() || text.ends_with(['.', '!', '?', '…']);
    if ended { text.to_owned() } else { format!("{text}.") }
}

/// The notes of an answer, where they say more than that it is not offered.
pub fn further_notes(answer: &FunctionAnswer) -> Option<&str> {
    let notes = answer.notes.trim();
    let empty = notes.is_empty() || notes.trim_end_matches('.').eq_ignore_ascii_case("not offered");
    (!empty || answer.supported && !notes.is_empty()).then_some(notes)
}

/// An endpoint as its reader calls it: holes by their names, without how their
/// values are written.
pub fn endpoint(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut dropping = false;
    for c in written.chars() {
        match c {
            '|' if out.rfind('{') > out.rfind('}') => {
                out.truncate(out.trim_end().len());
                dropping = true;
            }
            '}' => {
                dropping = false;
                out.push(c);
            }
            c if !dropping => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether something is there, in a word.
pub fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Yes => "yes",
        Presence::No => "no",
        Presence::Unknown => "unknown",
    }
}

/// Seconds as `minutes:seconds`.
pub fn minutes(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// `1 criterion`, `2 criteria`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What came back, in a few words.
pub fn outcome(response: &Received) -> String {
    match response {
        Received::Answer { status, failure: None, .. } => status.to_string(),
        Received::Answer { status, failure: Some(kind), .. } => {
            format!("{status} {}", kind.as_str().replace('_', " "))
        }
        Received::Nothing { why, .. } => transport(*why).to_owned(),
    }
}

/// Why there was no answer.
pub fn transport(why: TransportFailure) -> &'static str {
    match why {
        TransportFailure::Unresolved => "name not found",
        TransportFailure::Refused => "connection refused",
        TransportFailure::Reset => "connection reset",
        TransportFailure::ConnectTimeout => "no connection in time",
        TransportFailure::ReadTimeout => "no answer in time",
        TransportFailure::Truncated => "answer broke off",
        TransportFailure::Certificate => "certificate not valid",
        TransportFailure::ForeignRedirect => "sent to another host",
        TransportFailure::NotHttp => "not HTTP",
        TransportFailure::TooLarge => "answer too large",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_name_their_holes_alone() {
        let check = |written: &str, expected: &str| assert_eq!(endpoint(written), expected);
        check("PUT /locks/{lock.id | int}/auth/{access.id}", "PUT /locks/{lock.id}/auth/{access.id}");
        check("GET /a|b/{lock.id|int|text}", "GET /a|b/{lock.id}");
        check("GET /locks", "GET /locks");
    }

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!((sentence("No PINs. "), sentence("No PINs")), ("No PINs.".into(), "No PINs.".into()));
        assert_eq!(sentence(" "), "");
    }
}
