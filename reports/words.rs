//! The words and signs of a verdict, the same in every format for people.

use std::time::Duration;

use crate::harness::criterion::{CertificationLevel, Level};
use crate::harness::result::{Presence, Received, TransportFailure};
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
