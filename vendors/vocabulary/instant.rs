//! Points in time and the windows between them.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A point in time on some clock, exact to the microsecond, always in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(Timestamp);

impl Instant {
    /// The machine's own time.
    pub fn wall() -> Self {
        Self(Timestamp::now())
    }

    /// From a timestamp.
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }

    /// From milliseconds since 1970; out of range values saturate.
    pub fn from_epoch_ms(ms: i64) -> Self {
        Self(Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX }))
    }

    /// Milliseconds since 1970.
    pub fn epoch_ms(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The timestamp, for calendars and zones.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// Time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or_default()
    }

    /// Drops everything below a whole `unit` (counted from 1970 in UTC).
    pub fn floor(self, unit: Duration) -> Self {
        let unit = i64::try_from(unit.as_millis()).unwrap_or(i64::MAX).max(1);
        Self::from_epoch_ms(self.epoch_ms() - self.epoch_ms().rem_euclid(unit))
    }

    /// The next whole `unit`, or the same instant where it is whole already.
    pub fn ceil(self, unit: Duration) -> Self {
        let floor = self.floor(unit);
        if floor == self { self } else { floor + unit }
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        Self(self.0.saturating_add(span).unwrap_or(Timestamp::MAX))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        Self(self.0.saturating_sub(span).unwrap_or(Timestamp::MIN))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The time in which an access holds: `from` inclusive, `until` exclusive.
///
/// A window may be wrong on purpose (a check sends an end before its start),
/// so the type carries what is asked for and [`Window::is_ordered`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// First instant at which the access opens.
    pub from: Instant,
    /// First instant at which it opens no more.
    pub until: Instant,
}

impl Window {
    /// A window between two instants.
    pub fn new(from: Instant, until: Instant) -> Self {
        Self { from, until }
    }

    /// Whether the start comes before the end.
    pub fn is_ordered(&self) -> bool {
        self.from < self.until
    }

    /// Whether `at` lies inside.
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }
}
