//! The times that a text tells, however they are written.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use crate::vendors::vocabulary::{Instant, Window};

/// A time of a day as it stands in a text, with the date and the offset that
/// stand beside it where they can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    date: Option<Date>,
    time: Time,
    offset: Option<Offset>,
}

/// Whether a text tells a time within a window. A time without an offset is read
/// in each of the zones, one without a date as of any day.
pub(super) fn tells_time_within(text: &str, window: Window, zones: &[TimeZone]) -> bool {
    epochs(text).any(|at| window.contains(at)) || told(text).iter().any(|told| told.lies_in(window, zones))
}

impl Told {
    fn lies_in(self, window: Window, zones: &[TimeZone]) -> bool {
        let zones = match self.offset {
            Some(offset) => vec![TimeZone::fixed(offset)],
            None => zones.to_vec(),
        };
        zones.iter().any(|zone| self.readings(window, zone).any(|at| window.contains(at)))
    }

    /// What it may mean in a zone: a moment of its date, or of a day of the window.
    fn readings(self, window: Window, zone: &TimeZone) -> impl Iterator<Item = Instant> {
        let day = |at: Instant| at.timestamp().to_zoned(zone.clone()).date();
        let days = match self.date {
            Some(date) => vec![date],
            None => vec![day(window.from), day(window.until)],
        };
        let zone = zone.clone();
        days.into_iter().filter_map(move |day| {
            let moment = day.to_datetime(self.time).to_zoned(zone.clone()).ok()?;
            Some(Instant::from_timestamp(moment.timestamp()))
        })
    }
}

/// Seconds or milliseconds since 1970.
fn epochs(text: &str) -> impl Iterator<Item = Instant> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| {
        let number: i64 = digits.parse().ok()?;
        match digits.len() {
            10 => Some(Instant::from_epoch_ms(number.checked_mul(1_000)?)),
            13 => Some(Instant::from_epoch_ms(number)),
            _ => None,
        }
    })
}

/// Every time of a day in a text.
fn told(text: &str) -> Vec<Told> {
    let starts = text.char_indices().filter(|(at, c)| c.is_ascii_digit() && begins(&text[..*at]));
    starts.filter_map(|(at, _)| read(&text[..at], &text[at..])).collect()
}

/// Whether a number may begin after what stands before it. What follows a sign is
/// an offset or goes on with a date.
fn begins(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some(c) if c.is_ascii_digit() || c == '+' => false,
        Some(':' | '.' | '-') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

fn read(before: &str, at: &str) -> Option<Told> {
    let (hour, rest) = digits(at, 2)?;
    let mark = rest.chars().next().filter(|c| matches!(c, ':' | '.'))?;
    let (minute, rest) = two(rest.strip_prefix(mark)?)?;
    // A date goes on like this, and an amount does.
    let goes_on = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if mark == '.' && (goes_on || hour.1 != 2) {
        return None;
    }
    let (second, rest) = match rest.strip_prefix(mark).and_then(two) {
        Some((second, rest)) => (second, rest),
        None => (0, rest),
    };
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => rest,
    };
    let hour = of_the_day(hour.0, rest)?;
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    Some(Told { date: date(before), time, offset: offset(rest) })
}

/// A number of one digit or more, at most so many, and how many they are.
fn digits(text: &str, most: usize) -> Option<((i8, usize), &str)> {
    let length = text.chars().take_while(char::is_ascii_digit).count();
    let number = text.get(..length)?.parse().ok()?;
    (1..=most).contains(&length).then(|| ((number, length), &text[length..]))
}

/// A number of two digits.
fn two(text: &str) -> Option<(i8, &str)> {
    let ((number, length), rest) = digits(text, 2)?;
    (length == 2).then_some((number, rest))
}

/// An hour on a clock of twelve hours where the text says so.
fn of_the_day(hour: i8, rest: &str) -> Option<i8> {
    let rest = rest.trim_start().to_lowercase();
    let half = if rest.starts_with("am") || rest.starts_with("a.m") {
        0
    } else if rest.starts_with("pm") || rest.starts_with("p.m") {
        12
    } else {
        return Some(hour);
    };
    (1..=12).contains(&hour).then(|| hour % 12 + half)
}

/// The date before a time, as ISO 8601 writes it.
fn date(before: &str) -> Option<Date> {
    let before = before.trim_end_matches(['T', 't', ' ']);
    before.get(before.len().checked_sub(10)?..)?.parse().ok()
}

/// The offset after a time.
fn offset(rest: &str) -> Option<Offset> {
    let rest = rest.trim_start();
    if rest.starts_with(['Z', 'z']) {
        return Some(Offset::UTC);
    }
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, rest) = two(&rest[1..])?;
    let minutes = two(rest.strip_prefix(':').unwrap_or(rest)).map_or(0, |(minutes, _)| minutes);
    Offset::from_seconds(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60)).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// 2027-03-01, 09:00 to 09:31 UTC; 10:00 to 10:31 in Oslo.
    fn window() -> Window {
        let from = Instant::from_epoch_ms(1_803_891_600_000);
        Window::new(from, from + Duration::from_secs(1_860))
    }

    fn tells(text: &str) -> bool {
        let zones = [TimeZone::UTC, TimeZone::get("Europe/Oslo").unwrap()];
        tells_time_within(text, window(), &zones)
    }

    #[test]
    fn a_time_within_the_course_is_told_however_it_is_written() {
        for text in [
            "since 2027-03-01T09:00:00Z",
            "since 2027-03-01T10:00:00.123+01:00.",
            "{\"first\":\"2027-03-01T14:30:05+05:30\"}",
            "2027-03-01 09:12:33,512 ERROR",
            "2027-03-01 10:12",
            "Mon, 01 Mar 2027 10:12:00 +0100",
            "01.03.2027 10:12",
            "kl. 10.12 den 1. mars",
            "at 9:12 AM",
            "(09:12)",
            "10:12:13 CET",
            "first attempt at 1803891700",
            "1803891700000",
        ] {
            assert!(tells(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_of_the_course_tells_none() {
        for text in [
            "Hello: we did not get the door open. It says timeout.",
            "",
            "after 30 minutes",
            "2027-03-01",
            "01.03.2027",
            "2027-02-28T09:12:00Z",
            "2027-03-01T09:12:00+02:00",
            "2027-03-01T11:12:00Z",
            "from 11:00 to 12:00",
            "9:12 PM",
            "ratio 1.20, version 10.12.1",
            "1803991700",
            "25:10 99:99",
        ] {
            assert!(!tells(text), "{text}");
        }
    }
}
