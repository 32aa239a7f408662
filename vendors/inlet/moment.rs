//! A point in time as a partner writes it, with its offset.

use std::fmt;

use jiff::Zoned;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

use crate::vendors::vocabulary::Instant;

/// A time with the offset under which it was written (RFC 3339). Two that mean
/// the same instant under different offsets are not equal: which one was
/// written is what the check of daylight saving looks at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    instant: Instant,
    offset: Offset,
}

impl Moment {
    /// What is understood, for people.
    pub const EXPECTED: &'static str =
        "a time in RFC 3339 with its offset, such as `2027-03-01T18:50:00+01:00`";

    /// An instant under an offset.
    pub fn new(instant: Instant, offset: Offset) -> Self {
        Self { instant, offset }
    }

    /// A time in its zone.
    pub fn of(zoned: &Zoned) -> Self {
        Self { instant: Instant::from_timestamp(zoned.timestamp()), offset: zoned.offset() }
    }

    /// Reads RFC 3339 (section 5.6) to its letter: date, `T`, time with
    /// seconds, and `Z` or an offset of hours and minutes. Fractions beyond the
    /// microsecond are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        if !has_form(text) {
            return None;
        }
        let zone = text.find(['Z', 'z']).or_else(|| text.rfind(['+', '-']))?;
        let offset = offset_of(&text[zone..])?;
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self { instant: Instant::from_timestamp(timestamp), offset })
    }

    /// The instant.
    pub fn instant(self) -> Instant {
        self.instant
    }

    /// The offset from UTC under which it was written.
    pub fn offset(self) -> Offset {
        self.offset
    }
}

/// `dddd-dd-ddTdd:dd:dd`, an optional fraction, and `Z` or `±dd:dd`.
fn has_form(text: &str) -> bool {
    let fits = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, like)| match like {
                b'd' => byte.is_ascii_digit(),
                b'T' | b'Z' => byte.eq_ignore_ascii_case(&like),
                b'+' => byte == b'+' || byte == b'-',
                _ => byte == like,
            })
    };
    const DATE_TIME: &str = "dddd-dd-ddTdd:dd:dd";
    let Some((date_time, mut rest)) = text.split_at_checked(DATE_TIME.len()) else { return false };
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    fits(date_time, DATE_TIME) && (fits(rest, "Z") || fits(rest, "+dd:dd"))
}

fn offset_of(zone: &str) -> Option<Offset> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3_600 + minutes * 60;
    Offset::from_seconds(if zone.starts_with('-') { -seconds } else { seconds }).ok()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zoned = self.instant.timestamp().to_zoned(self.offset.to_time_zone());
        write!(f, "{}", zoned.strftime("%Y-%m-%dT%H:%M:%S%.f%:z"))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
