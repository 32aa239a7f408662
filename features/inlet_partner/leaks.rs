//! What a log must not hold: personal data and what opens a door (IP-11).

use std::collections::{BTreeSet, HashSet};

use crate::vendors::inlet::Granted;
use crate::vendors::partner::{Booking, Guest};
use crate::vendors::vocabulary::contact::{PhoneReading, Region};
use crate::vendors::vocabulary::{Pin, Secret};

/// So many digits are a phone number, and no count of anything.
const PHONE: usize = 7;
/// How the names of Lockstep's guests begin, which are nobody else's.
const NAME: &str = "lockstep guest-";
/// Words beside which a number is a code.
const CODE_WORDS: [&str; 7] = ["code", "pin", "key", "kode", "passcode", "keypad", "codeformatted"];

/// The personal data of a log, of everybody whose data were typed in.
pub(super) fn personal_data(log: &str, typed: &[Booking]) -> BTreeSet<&'static str> {
    let lower = log.to_lowercase();
    let numbers = numbers(log);
    let people = typed.iter().flat_map(|booking| booking.guests.iter().chain(&booking.agency));
    let mut found = BTreeSet::new();
    for person in people {
        let name = person.name.to_lowercase();
        if name.starts_with(NAME) && lower.contains(&name) {
            found.insert("a name");
        }
        if holds_email(&lower, &person.email) {
            found.insert("an email address");
        }
        if holds_phone(log, &numbers, person) {
            found.insert("a phone number");
        }
    }
    found
}

fn holds_email(lower: &str, typed: &str) -> bool {
    let email = typed.trim().to_lowercase();
    // What is no address tells of nobody, and may stand anywhere.
    email.len() > 5 && email.find('@').is_some_and(|at| at > 0) && lower.contains(&email)
}

/// As it was typed, in international and in national digits.
fn holds_phone(log: &str, numbers: &HashSet<&str>, person: &Guest) -> bool {
    let typed = person.phone.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < PHONE {
        return false;
    }
    let region = Region::new(&person.country).ok();
    let read = PhoneReading::read(typed, region).ok();
    let spelled = read.map(|read| [read.expose_e164(), read.expose_national()]).into_iter().flatten();
    let mut spellings = spelled.chain([digits]).map(|number| number.trim_start_matches('+').to_owned());
    log.contains(typed) || spellings.any(|number| number.len() >= PHONE && numbers.contains(number.as_str()))
}

/// The numbers of a log, as runs of digits.
fn numbers(log: &str) -> HashSet<&str> {
    log.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= PHONE).collect()
}

/// What of a log opens a door.
pub(super) fn keys(log: &str, told: &[Granted]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let lines = code_lines(log);
    for granted in told {
        let holds = |key: &Option<Secret>| {
            key.as_ref().is_some_and(|key| !key.expose().is_empty() && log.contains(key.expose()))
        };
        if holds(&granted.mobile_key) {
            found.insert("a key for a phone");
        }
        if holds(&granted.url_key) {
            found.insert("a link that opens");
        }
        if granted.code_formatted.as_ref().is_some_and(|code| holds_code(log, &lines, code)) {
            found.insert("a code");
        }
    }
    found
}

/// Whether a log holds a code: as the guest types it where other keys than digits
/// are in it, else as a number beside a word that says so.
fn holds_code(log: &str, lines: &HashSet<&str>, code: &Pin) -> bool {
    let typed = code.keys();
    let digits = typed.trim_matches(|c: char| !c.is_ascii_digit());
    if digits.is_empty() {
        return false;
    }
    let apart = |at: usize| {
        let before = log[..at].chars().next_back();
        let after = log[at + typed.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let whole = digits != typed && log.match_indices(typed).any(|(at, _)| apart(at));
    whole || lines.contains(digits)
}

/// The numbers that stand in lines that speak of codes.
fn code_lines(log: &str) -> HashSet<&str> {
    let speaks = |line: &&str| {
        let lower = line.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphabetic());
        words.any(|word| CODE_WORDS.contains(&word))
    };
    log.lines().filter(speaks).flat_map(|line| line.split(|c: char| !c.is_alphanumeric())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::partner::{Kind, Room, Use};

    fn typed(email: &str, phone: &str, country: &str) -> Vec<Booking> {
        let at: jiff::Zoned = "2027-03-01T10:00:00+01:00[Europe/Oslo]".parse().unwrap();
        let guest = Guest {
            name: "Lockstep Guest-7".to_owned(),
            email: email.to_owned(),
            phone: phone.to_owned(),
            country: country.to_owned(),
        };
        vec![Booking {
            customer: 1,
            guests: vec![guest],
            rooms: vec![Room("546418419".to_owned())],
            common_doors: Vec::new(),
            from: at.clone(),
            until: at,
            access: Use::Code,
            kind: Kind::Single,
            text: String::new(),
            agency: Some(Guest { email: "desk@travel.example".to_owned(), ..Guest::default() }),
            messages: true,
        }]
    }

    fn found(log: &str) -> Vec<&'static str> {
        let typed = typed("Guest-7@example.org", "+47 412 00 007", "NO");
        personal_data(log, &typed).into_iter().collect()
    }

    #[test]
    fn people_are_found_however_they_are_spelled() {
        assert_eq!(found("booked for LOCKSTEP GUEST-7"), ["a name"]);
        assert_eq!(found("told GUEST-7@EXAMPLE.ORG"), ["an email address"]);
        assert_eq!(found("told desk@travel.example"), ["an email address"]);
        for phone in
            ["+47 412 00 007", "+4741200007", "4741200007", "004741200007 no, 41200007", "(41200007)"]
        {
            assert_eq!(found(phone), ["a phone number"], "{phone}");
        }
    }

    #[test]
    fn what_is_nobodys_is_not_found() {
        for log in [
            "",
            "2027-03-01T09:12:33.412000 ERROR GrantAccess 422 lock 546418419",
            "booking 7 at example.org, pool of 412 threads",
            "guest #7 booked",
        ] {
            assert!(found(log).is_empty(), "{log}");
        }
        let malformed = typed("@io", "12", "NO");
        assert!(personal_data("listening @io port 12", &malformed).is_empty());
    }

    fn granted(code: Option<&str>, link: Option<&str>) -> Vec<Granted> {
        vec![Granted {
            reference_id: "r-1".to_owned(),
            code_formatted: code.map(|code| Pin::new(code).unwrap()),
            mobile_key: None,
            url_key: link.map(Secret::new),
        }]
    }

    #[test]
    fn a_code_is_found_with_its_keys_and_beside_a_word() {
        let told = granted(Some("929916#"), None);
        let found = |log: &str| !keys(log, &told).is_empty();
        assert!(found("granted 929916# for r-1"));
        assert!(found("pin=929916"));
        assert!(found("{\"codeFormatted\":\"929916#\"}"));
        for log in ["took 929916 ns", "at 09:12:33.929916", "code told to the guest", "r-1929916#", ""] {
            assert!(!found(log), "{log}");
        }
        let plain = granted(Some("1234"), None);
        assert!(keys("order 1234 booked\nport 1234", &plain).is_empty());
        assert_eq!(keys("sent code 1234", &plain).len(), 1);
        let link = granted(None, Some("http://127.0.0.1:1/key/abc"));
        assert_eq!(keys("opens at http://127.0.0.1:1/key/abc", &link).len(), 1);
    }
}
