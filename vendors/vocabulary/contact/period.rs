//! The time for which access is granted: from and to with a zone, held to the
//! rules of Inlet's API.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::vendors::vocabulary::{Instant, Window};

/// Longest period, in days of 24 hours ("Exceeded the limit of 367 days").
pub const LONGEST_PERIOD_DAYS: u32 = 367;
/// A booking is not sent earlier than so long before its start.
pub const SENT_BEFORE: Duration = Duration::from_secs(72 * 3600);

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

/// A period of access. From before to, at most 367 days, in a known zone.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessPeriod {
    window: Window,
    zone: TimeZone,
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
    #[error("the period is longer than {LONGEST_PERIOD_DAYS} days")]
    TooLong,
}

impl AccessPeriod {
    /// A period between two instants, told in a zone by its name.
    ///
    /// # Errors
    /// Where the zone is unknown, or the instants are no period.
    pub fn new(from: Instant, until: Instant, zone: &str) -> Result<Self, PeriodError> {
        Self::within(Window::new(from, until), zone_of(zone)?)
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
        Self::within(Window::new(from, until), known)
    }

    /// A period as it stands on the wire: two times with their offsets (RFC 3339).
    /// The zone is the offset of `from`.
    ///
    /// # Errors
    /// Where a time cannot be read or lacks its offset, or the times are no period.
    pub fn read(from: &str, to: &str) -> Result<Self, PeriodError> {
        let (from, offset) = with_offset("from", from)?;
        let (until, _) = with_offset("to", to)?;
        Self::within(Window::new(from, until), offset)
    }

    fn within(window: Window, zone: TimeZone) -> Result<Self, PeriodError> {
        if !window.is_ordered() {
            return Err(PeriodError::Order);
        }
        let longest = Duration::from_secs(u64::from(LONGEST_PERIOD_DAYS) * 86_400);
        if window.until.since(window.from) > longest {
            return Err(PeriodError::TooLong);
        }
        Ok(Self { window, zone })
    }

    /// The instants.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The start as it stands on the wire: the zone's own time with its offset.
    pub fn from_text(&self) -> String {
        self.text(self.window.from)
    }

    /// The end likewise.
    pub fn to_text(&self) -> String {
        self.text(self.window.until)
    }

    fn text(&self, at: Instant) -> String {
        let zoned = at.timestamp().to_zoned(self.zone.clone());
        at.timestamp().display_with_offset(zoned.offset()).to_string()
    }

    /// The first instant at which a booking of this period is sent.
    pub fn sent_from(&self) -> Instant {
        self.window.from - SENT_BEFORE
    }

    /// Whether the booking may be sent at `now`: it starts within 72 hours or
    /// has started, and is not over.
    pub fn may_be_sent(&self, now: Instant) -> bool {
        self.sent_from() <= now && !self.is_over(now)
    }

    /// Whether nothing of the period is left.
    pub fn is_over(&self, now: Instant) -> bool {
        self.window.until <= now
    }
}

impl fmt::Debug for AccessPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.from_text(), self.to_text())
    }
}

fn zone_of(name: &str) -> Result<TimeZone, PeriodError> {
    TimeZone::get(name).map_err(|_| PeriodError::Zone(name.chars().take(64).collect()))
}

/// A time of RFC 3339 and the offset that it names.
fn with_offset(which: &'static str, text: &str) -> Result<(Instant, TimeZone), PeriodError> {
    let wrong = || PeriodError::NotATime { which, offset: true };
    let parser = jiff::fmt::temporal::DateTimeParser::new();
    if !is_rfc3339(text) {
        return Err(wrong());
    }
    let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| wrong())?;
    let offset = pieces.to_numeric_offset().ok_or_else(wrong)?;
    let at = parser.parse_timestamp(text).map_err(|_| wrong())?;
    Ok((Instant::from_timestamp(at), TimeZone::fixed(offset)))
}

/// The form of RFC 3339, 5.6; what the numbers mean is read by the calendar.
fn is_rfc3339(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some((time, rest)) = rest.split_at_checked(9) else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let fraction_told = fraction.is_none_or(|after| rest.len() > after.len() + 1);
    let offset = fraction.unwrap_or(rest);
    follows("0000-00-00", date)
        && (follows("T00:00:00", time) || follows("t00:00:00", time))
        && fraction_told
        && (matches!(offset, "Z" | "z") || follows("+00:00", offset) || follows("-00:00", offset))
}

/// Whether `text` has a digit wherever `form` has `0`, and else the same signs.
fn follows(form: &str, text: &str) -> bool {
    form.len() == text.len()
        && form
            .bytes()
            .zip(text.bytes())
            .all(|(form, c)| if form == b'0' { c.is_ascii_digit() } else { form == c })
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
