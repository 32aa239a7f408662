//! What was observed of one access.

use std::fmt;
use std::time::Duration;

use crate::vendors::vocabulary::Instant;

/// What a request asked for, as a text that is equal for equal requests.
/// `Debug` shows a mask, for a request holds a guest's contact data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Content(Box<str>);

impl Content {
    /// Takes the canonical text of a request.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹request›")
    }
}

/// How Inlet answered, as the partner could see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The access was granted, and the answer said so.
    Success,
    /// An upstream timeout, or a connection that ended without an answer,
    /// whether or not the access was made.
    UpstreamTimeout,
    /// 429 or 503, with the span of its `Retry-After`.
    Later(Duration),
    /// Another status of 400 to 499.
    Refused(u16),
    /// Another server error, or bytes that mean nothing.
    Broken,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When the request had arrived.
    pub arrived: Instant,
    /// When its answer was sent or its connection ended; `None` while neither
    /// has happened.
    pub ended: Option<Instant>,
    /// How it was answered.
    pub outcome: Outcome,
    /// What it asked for.
    pub content: Content,
}

/// What became of a booking while its access was attempted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It changed, so that another request is right from now on: this one where
    /// it is known, any other than before where it is not.
    Changed(Option<Content>),
    /// It was called off.
    CalledOff,
}

/// News and when the partner had them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When the partner's system knew.
    pub at: Instant,
    /// What.
    pub news: News,
}

/// Everything that was observed of one access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    attempts: Vec<Attempt>,
    changes: Vec<Change>,
    escalations: Vec<Instant>,
    standing: Option<u32>,
    observed_until: Instant,
}

impl Course {
    /// The attempts of one access, observed until an instant.
    pub fn new(mut attempts: Vec<Attempt>, observed_until: Instant) -> Self {
        attempts.sort_by_key(|attempt| attempt.arrived);
        Self { attempts, changes: Vec::new(), escalations: Vec::new(), standing: None, observed_until }
    }

    /// With what became of its booking.
    #[must_use]
    pub fn with_changes(mut self, mut changes: Vec<Change>) -> Self {
        changes.sort_by_key(|change| change.at);
        self.changes = changes;
        self
    }

    /// With the messages to support that name this access.
    #[must_use]
    pub fn with_escalations(mut self, mut escalations: Vec<Instant>) -> Self {
        escalations.sort_unstable();
        self.escalations = escalations;
        self
    }

    /// With the number of accesses that stand for this booking in the end.
    #[must_use]
    pub fn with_standing(mut self, accesses: u32) -> Self {
        self.standing = Some(accesses);
        self
    }

    /// The attempts, by arrival.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// When the attempts came, and what became of the booking meanwhile, for people.
    pub fn told(&self) -> String {
        let first = self.first();
        let seconds = |at: Instant| at.since(first).as_secs_f64().round();
        let came: Vec<String> = self.attempts.iter().map(|one| format!("{}", seconds(one.arrived))).collect();
        let mut told = match came.as_slice() {
            [] => "no attempt came".to_owned(),
            [_] => "one attempt came".to_owned(),
            all => format!("attempts came {} s after the first", all.join(", ")),
        };
        for change in &self.changes {
            let what = match change.news {
                News::Changed(_) => "the booking changed",
                News::CalledOff => "the booking was called off",
            };
            told.push_str(&format!(", {what} after {} s", seconds(change.at)));
        }
        told
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn escalations(&self) -> &[Instant] {
        &self.escalations
    }

    pub(super) fn standing(&self) -> Option<u32> {
        self.standing
    }

    pub(super) fn observed_until(&self) -> Instant {
        self.observed_until
    }

    /// When the first attempt arrived. A course that is judged has one.
    pub(super) fn first(&self) -> Instant {
        self.attempts.first().map_or(self.observed_until, |attempt| attempt.arrived)
    }

    /// When the last attempt arrived.
    pub(super) fn last(&self) -> Instant {
        self.attempts.last().map_or(self.observed_until, |attempt| attempt.arrived)
    }

    /// The first attempt that was answered with success.
    pub(super) fn success(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.outcome == Outcome::Success)
    }

    /// When the booking was called off.
    pub(super) fn called_off(&self) -> Option<Instant> {
        self.changes.iter().find(|change| change.news == News::CalledOff).map(|change| change.at)
    }

    /// The latest news after one instant and not after another.
    pub(super) fn changed_between(&self, after: Instant, until: Instant) -> Option<&Change> {
        self.changes.iter().rev().find(|change| change.at > after && change.at <= until)
    }

    /// Where the thirty minutes may be counted from: the first attempt, and the
    /// first one after each change.
    pub(super) fn beginnings(&self) -> Vec<Instant> {
        let after = |change: &Change| {
            self.attempts.iter().map(|attempt| attempt.arrived).find(|arrived| *arrived >= change.at)
        };
        let mut beginnings = vec![self.first()];
        beginnings.extend(self.changes.iter().filter_map(after));
        beginnings.dedup();
        beginnings
    }

    /// Whether any attempt ended in an upstream timeout, which is what the rule is about.
    pub(super) fn has_timeouts(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.outcome == Outcome::UpstreamTimeout)
    }
}
