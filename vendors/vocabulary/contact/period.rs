//! The time for which access is granted: from and to with a zone, held to the
//! rules of Inlet's API.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::vendors::inlet::{Limits, Moment};
use crate::vendors::vocabulary::{Instant, Window};

/// A booking is not sent earlier than so long before its start.
pub const SENT_BEFORE: Duration = Duration::from_secs(Limits::SOONEST_HOURS * 3_600);

/// Which of two instants is meant where clocks are set back, and what becomes
/// of a time that clocks leap over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// The time is refused: whoever typed it is asked again.
    Refuse,
    /// In favour of the guest: a start is the earlier instant, an end the later
    /// one; in a gap a start is where the clocks leapt, and so is an end.
    Widen,
}

/// A period of access. From before to, at most 367 days, each with its offset.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccessPeriod {
    from: Moment,
    to: Moment,
}

/// Why two times are no period of access.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// A text that is no time.
    #[error("`{which}` is no date and time: write it as in 2027-03-01T15:00:00{}", if *.offset { "+01:00" } else { "" })]
    NotATime {
        /// `from` or `to`.
        which: &'static str,
        /// Whether the offset belongs to it.
        offset: bool,
    },
    /// An unknown zone.
    #[error("`{0}` is no time zone: write it as in Europe/Oslo")]
    Zone(String),
    /// A time that clocks leap over.
    #[error("`{which}` does not exist in {zone}: clocks are set forward over {time}")]
    Gap {
        /// `from` or `to`.
        which: &'static str,
        /// The zone.
        zone: String,
        /// The time as it was given.
        time: DateTime,
    },
    /// A time that comes twice.
    #[error("`{which}` comes twice in {zone}: clocks are set back over {time}; say which by its offset")]
    Twice {
        /// `from` or `to`.
        which: &'static str,
        /// The zone.
        zone: String,
        /// The time as it was given.
        time: DateTime,
    },
    /// The end does not come after the start.
    #[error("`to` does not come after `from`")]
    Order,
    /// Longer than the API takes.
    #[error("the period is longer than {} days", Limits::PERIOD_DAYS)]
    TooLong,
}

impl AccessPeriod {
    /// A period between two moments.
    ///
    /// # Errors
    /// Where they are in the wrong order or too far apart.
    pub fn new(from: Moment, to: Moment) -> Result<Self, PeriodError> {
        let window = Window::new(from.instant(), to.instant());
        if !window.is_ordered() {
            return Err(PeriodError::Order);
        }
        let longest = Duration::from_secs(Limits::PERIOD_DAYS * 86_400);
        if window.until.since(window.from) > longest {
            return Err(PeriodError::TooLong);
        }
        Ok(Self { from, to })
    }

    /// A period between two instants, told in a zone by its name.
    ///
    /// # Errors
    /// Where the zone is unknown, or the instants are no period.
    pub fn in_zone(window: Window, zone: &str) -> Result<Self, PeriodError> {
        let zone = zone_of(zone)?;
        Self::new(shown(window.from, &zone), shown(window.until, &zone))
    }

    /// A period by the clock on the wall of a zone, such as `2027-03-01T15:00`
    /// in `Europe/Oslo`.
    ///
    /// # Errors
    /// Where a time or the zone cannot be read, or the times are no period;
    /// with [`Ambiguity::Refuse`] also for a time that does not exist or comes twice.
    pub fn local(from: &str, to: &str, zone: &str, ambiguity: Ambiguity) -> Result<Self, PeriodError> {
        let known = zone_of(zone)?;
        let from = Local { which: "from", zone, known: &known, ambiguity }.instant(from)?;
        let until = Local { which: "to", zone, known: &known, ambiguity }.instant(to)?;
        Self::new(shown(from, &known), shown(until, &known))
    }

    /// A period as it stands on the wire: two times with their offsets (RFC 3339).
    ///
    /// # Errors
    /// Where a time cannot be read or lacks its offset, or the times are no period.
    pub fn read(from: &str, to: &str) -> Result<Self, PeriodError> {
        Self::new(with_offset("from", from)?, with_offset("to", to)?)
    }

    /// The start, with its offset.
    pub fn from(&self) -> Moment {
        self.from
    }

    /// The end, with its offset.
    pub fn to(&self) -> Moment {
        self.to
    }

    /// The instants.
    pub fn window(&self) -> Window {
        Window::new(self.from.instant(), self.to.instant())
    }

    /// The first instant at which a booking of this period is sent.
    pub fn sent_from(&self) -> Instant {
        self.from.instant() - SENT_BEFORE
    }

    /// Whether the booking may be sent at `now`: it starts within 72 hours or
    /// has started, and is not over.
    pub fn may_be_sent(&self, now: Instant) -> bool {
        self.sent_from() <= now && !self.is_over(now)
    }

    /// Whether nothing of the period is left.
    pub fn is_over(&self, now: Instant) -> bool {
        self.to.instant() <= now
    }
}

impl fmt::Debug for AccessPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.from, self.to)
    }
}

fn zone_of(name: &str) -> Result<TimeZone, PeriodError> {
    TimeZone::get(name).map_err(|_| PeriodError::Zone(name.chars().take(64).collect()))
}

fn with_offset(which: &'static str, text: &str) -> Result<Moment, PeriodError> {
    Moment::parse(text).ok_or(PeriodError::NotATime { which, offset: true })
}

/// An instant as a zone's clocks show it.
fn shown(at: Instant, zone: &TimeZone) -> Moment {
    Moment::of(&at.timestamp().to_zoned(zone.clone()))
}

/// A time on the wall.
struct Local<'a> {
    which: &'static str,
    zone: &'a str,
    known: &'a TimeZone,
    ambiguity: Ambiguity,
}

impl Local<'_> {
    fn instant(&self, text: &str) -> Result<Instant, PeriodError> {
        let which = self.which;
        let wrong = || PeriodError::NotATime { which, offset: false };
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| wrong())?;
        if pieces.offset().is_some() || pieces.time_zone_annotation().is_some() {
            return Err(wrong());
        }
        let time = pieces.date().to_datetime(pieces.time().ok_or_else(wrong)?);
        let ambiguous = self.known.to_ambiguous_timestamp(time);
        let refuse = self.ambiguity == Ambiguity::Refuse;
        let zone = || self.zone.to_owned();
        let resolved = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible(),
            AmbiguousOffset::Gap { .. } if refuse => {
                return Err(PeriodError::Gap { which, zone: zone(), time });
            }
            AmbiguousOffset::Fold { .. } if refuse => {
                return Err(PeriodError::Twice { which, zone: zone(), time });
            }
            AmbiguousOffset::Gap { .. } => return self.leap(time),
            AmbiguousOffset::Fold { .. } if which == "from" => ambiguous.earlier(),
            AmbiguousOffset::Fold { .. } => ambiguous.later(),
        };
        resolved.map(Instant::from_timestamp).map_err(|_| wrong())
    }

    /// The instant at which the clocks leapt over `time`.
    fn leap(&self, time: DateTime) -> Result<Instant, PeriodError> {
        let wrong = || PeriodError::NotATime { which: self.which, offset: false };
        let after = self.known.to_ambiguous_timestamp(time).later().map_err(|_| wrong())?;
        // The leap lies before the time as it would read after it; a moment more
        // so that a time exactly at the leap finds it.
        let search = after.saturating_add(SignedDuration::from_nanos(1)).map_err(|_| wrong())?;
        let leap = self.known.preceding(search).next().ok_or_else(wrong)?;
        Ok(Instant::from_timestamp(leap.timestamp()))
    }
}
