//! Whether what support was told is enough to act on: time, lock, reference,
//! error (IP-23).

use jiff::tz::TimeZone;

use super::named::{holds_number, names_lock};
use super::told_times::tells_time_within;
use crate::vendors::vocabulary::Window;

/// Words by which a message says that nobody answered.
const NO_ANSWER: [&str; 9] = [
    "timeout",
    "time-out",
    "timed out",
    "time out",
    "no answer",
    "no response",
    "not answer",
    "not respond",
    "connection",
];

/// What a message about an access is held against.
pub(super) struct Facts {
    /// The lock.
    pub lock: String,
    /// By what the booking can be named: its number in the partner's system, and
    /// the references that the calls about it bore. Where there is none, any
    /// number after a word that announces it must do.
    pub references: Vec<String>,
    /// The statuses with which calls about it were answered.
    pub statuses: Vec<u16>,
    /// What a time that is told must lie in: one of these.
    pub windows: Vec<Window>,
    /// The zones in which a time without an offset may be meant.
    pub zones: Vec<TimeZone>,
}

/// What a message lacks.
pub(super) fn lacking(message: &str, facts: &Facts) -> Vec<&'static str> {
    let parts = [
        ("the time", tells_time(message, facts)),
        ("the lock", names_lock(message, &facts.lock)),
        ("the reference", tells_reference(message, facts)),
        ("the error", tells_error(message, facts)),
    ];
    parts.into_iter().filter(|(_, told)| !told).map(|(part, _)| part).collect()
}

fn tells_time(message: &str, facts: &Facts) -> bool {
    facts.windows.iter().any(|window| tells_time_within(message, *window, &facts.zones))
}

fn tells_reference(message: &str, facts: &Facts) -> bool {
    // A lock's name is no booking's.
    let rest = message.replace(&facts.lock, " ");
    if facts.references.is_empty() {
        let words = rest.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        let mut numbers = words.filter(|word| word.chars().any(|c| c.is_ascii_digit()));
        return numbers.any(|number| super::named::names_booking(&rest, number));
    }
    facts.references.iter().any(|reference| holds_number(&rest, reference))
}

fn tells_error(message: &str, facts: &Facts) -> bool {
    let lower = message.to_lowercase();
    NO_ANSWER.iter().any(|word| lower.contains(word))
        || facts.statuses.iter().any(|status| holds_number(message, &status.to_string()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::vendors::vocabulary::Instant;

    fn facts(references: &[&str]) -> Facts {
        let from = Instant::from_epoch_ms(1_803_891_600_000);
        Facts {
            lock: "546418419".to_owned(),
            references: references.iter().map(|text| (*text).to_owned()).collect(),
            statuses: vec![504],
            windows: vec![Window::new(from, from + Duration::from_secs(1_900))],
            zones: vec![TimeZone::UTC, TimeZone::get("Europe/Oslo").unwrap()],
        }
    }

    #[test]
    fn a_message_that_can_be_acted_on_lacks_nothing() {
        for message in [
            "Access at lock 546418419 not granted since 2027-03-01T09:00:00Z\nreference: booking 12\nerror: 504",
            "#12, 546418419: 504 siden 01.03.2027 10:00",
            "Booking no. 12\nWe tried from 10:00 until 10:31, lock 546418419 timed out each time",
            "{\"id\":12,\"lock\":\"546418419\",\"since\":\"2027-03-01T10:00:00+01:00\",\"why\":\"no answer\"}",
        ] {
            assert!(lacking(message, &facts(&["12"])).is_empty(), "{message}");
        }
    }

    #[test]
    fn words_that_only_look_like_a_time_and_a_reference_are_none() {
        let message = "Hello: we did not get the door 546418419 open. It says timeout.\nPlease help";
        assert_eq!(lacking(message, &facts(&["12"])), ["the time", "the reference"]);
        let of_another = "546418419: booking 13, 504 at 09:12, seen on 2027-03-12";
        assert_eq!(lacking(of_another, &facts(&["12"])), ["the reference"]);
        let about_another = "lock 546418418, booking 12, 09:12, not granted";
        assert_eq!(lacking(about_another, &facts(&["12"])), ["the lock", "the error"]);
    }

    #[test]
    fn a_system_without_numbers_names_its_bookings_by_a_word() {
        let message = |by: &str| format!("546418419, 504 since 09:12, {by}");
        assert!(lacking(&message("reservation XK7-2"), &facts(&[])).is_empty());
        assert_eq!(lacking(&message("after 12 attempts"), &facts(&[])), ["the reference"]);
    }
}
