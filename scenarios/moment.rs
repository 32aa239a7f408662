//! Moments and spans as they are written, on the fleet's calendar.

use std::time::Duration;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::vendors::vocabulary::Instant;

/// Where a scenario begins that does not say it: 2027-03-01, 09:00 UTC.
const BEGINNING_S: i64 = 1_803_891_600;

/// The calendar that a scenario's moments are read on.
pub(super) struct Calendar {
    start: Zoned,
}

impl Calendar {
    /// A calendar in a zone, from a start as it is written.
    pub fn new(zone: &str, start: Option<&str>) -> Result<Self, Wrong> {
        let zone = TimeZone::get(zone)
            .map_err(|_| Wrong::Zone(format!("there is no time zone `{zone}`; write it as `Europe/Oslo`")))?;
        let start = match start {
            None => Timestamp::from_second(BEGINNING_S).unwrap_or_default().to_zoned(zone),
            Some(text) => dated(text, &zone).map_err(Wrong::Start)?,
        };
        Ok(Self { start })
    }

    /// The scenario's first instant.
    pub fn start(&self) -> Instant {
        Instant::from_timestamp(self.start.timestamp())
    }

    /// From the start to a moment: a span (`1 h 30 min`, `2 d`), a time of the
    /// first day (`15:00`) or of a later one (`day 3 15:00`), or a date with time
    /// (`2027-03-28 11:00`, with or without an offset).
    pub fn moment(&self, text: &str) -> Result<Duration, String> {
        let at = if !text.contains(':') {
            self.start.checked_add(positive(text)?).map_err(|_| EXPECTED.to_owned())?
        } else if let Some((day, time)) = on_a_day(text) {
            let date = self.start.date().checked_add((day - 1).days()).map_err(|_| EXPECTED.to_owned())?;
            self.local(date.to_datetime(time))?
        } else {
            dated(text, self.start.time_zone())?
        };
        let since = at.timestamp().duration_since(self.start.timestamp());
        Duration::try_from(since).map_err(|_| format!("{text} lies before the scenario's start"))
    }

    /// From the start to the nth repetition of a moment. Days are those of the
    /// calendar: 15:00 stays 15:00 when the clocks change.
    pub fn repeated(&self, first: Duration, every: &Span, nth: i64) -> Option<Duration> {
        let first = self.start.checked_add(jiff::SignedDuration::try_from(first).ok()?).ok()?;
        let at = first.checked_add(every.checked_mul(nth).ok()?).ok()?;
        Duration::try_from(at.timestamp().duration_since(self.start.timestamp())).ok()
    }

    fn local(&self, at: DateTime) -> Result<Zoned, String> {
        unambiguous(at, self.start.time_zone())
    }
}

/// What of a calendar is wrong.
pub(super) enum Wrong {
    /// The zone.
    Zone(String),
    /// The start.
    Start(String),
}

/// What a moment looks like.
const EXPECTED: &str = "expected a moment: a span from the start (\"30 s\", \"1 h 30 min\", \"2 d\"), a time (\"15:00\", \"day 3 15:00\") or a date with time (\"2027-03-28 11:00\")";

/// A span that is longer than nothing: `30 s`, `1 h 30 min`, `2 d`.
pub(super) fn positive(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|_| {
        "expected a span of time, such as \"30 s\", \"5 min\", \"1 h 30 min\" or \"2 d\"".to_owned()
    })?;
    if span.is_negative() {
        return Err("expected a span of time that is not negative".to_owned());
    }
    Ok(span)
}

/// The same as an exact duration, where a day is 24 hours.
pub(super) fn exact(text: &str) -> Result<Duration, String> {
    let span = positive(text)?;
    let days = jiff::SpanRelativeTo::days_are_24_hours();
    let exact = span.to_duration(days).map_err(|_| "months and years have no exact length".to_owned())?;
    Duration::try_from(exact).map_err(|_| "expected a span of time that is not negative".to_owned())
}

fn on_a_day(text: &str) -> Option<(i64, Time)> {
    let (day, time) = match text.trim().strip_prefix("day ") {
        Some(rest) => {
            let (day, time) = rest.trim().split_once(' ')?;
            (day.parse::<i64>().ok().filter(|day| (1..=10_000).contains(day))?, time)
        }
        None => (1, text),
    };
    Some((day, time.trim().parse::<Time>().ok().filter(|_| !time.contains('-'))?))
}

fn dated(text: &str, zone: &TimeZone) -> Result<Zoned, String> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact.to_zoned(zone.clone()));
    }
    let at: DateTime = text.parse().map_err(|_| EXPECTED.to_owned())?;
    unambiguous(at, zone)
}

fn unambiguous(at: DateTime, zone: &TimeZone) -> Result<Zoned, String> {
    zone.to_ambiguous_zoned(at).unambiguous().map_err(|_| {
        format!("{at} is not there or there twice on that day; write it with its offset from UTC")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(start: &str) -> Calendar {
        Calendar::new("Europe/Oslo", Some(start)).unwrap_or_else(|_| panic!("{start}"))
    }

    fn check(start: &str, text: &str, minutes: u64) {
        assert_eq!(calendar(start).moment(text), Ok(Duration::from_secs(60 * minutes)), "{text}");
    }

    #[test]
    fn moments_are_read_on_the_calendar_of_the_fleet() {
        check("2027-03-27 09:00", "2 min", 2);
        check("2027-03-27 09:00", "1 h 30 min", 90);
        check("2027-03-27 09:00", "15:00", 360);
        check("2027-03-27 09:00", "day 1 15:00", 360);
        check("2027-03-27 09:00", "2027-03-27T15:00:00Z", 420);
        // The clocks go forward in the night to the second day.
        check("2027-03-27 09:00", "1 d", 23 * 60);
        check("2027-03-27 09:00", "24 h", 24 * 60);
        check("2027-03-27 09:00", "day 2 09:00", 23 * 60);
        check("2027-03-27 09:00", "2027-03-28 09:00", 23 * 60);
    }
    #[test]
    fn a_repetition_keeps_the_time_of_day() {
        let calendar = calendar("2027-03-27 09:00");
        let every = positive("1 d").unwrap_or_default();
        let hours = |nth| calendar.repeated(Duration::ZERO, &every, nth).map(|span| span.as_secs() / 3600);
        assert_eq!([hours(0), hours(1), hours(2)], [Some(0), Some(23), Some(47)]);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["soon", "-1 s", "25:00", "day 0 15:00", "08:00", "2027-03-28 02:30", "2027-03-26 09:00"]
        {
            assert!(calendar("2027-03-27 09:00").moment(text).is_err(), "{text}");
        }
        assert!(exact("1 month").is_err() && exact("2 d").is_ok());
    }
}
