//! Who is to be let in where, when and told how; and whether an access is that.

use std::time::Duration;

use jiff::Zoned;

use super::calls::phone_in;
use super::{LEEWAY, SOON, instant};
use crate::harness::partner::{Contact, Standing};
use crate::vendors::partner::{Booking, Guest, Kind, Room, Scope};
use crate::vendors::vocabulary::Instant;
use crate::vendors::vocabulary::contact::{EmailAddress, PhoneReading, Region};

/// An access that somebody is to have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    /// The door.
    pub room: Room,
    /// For whom.
    pub guest: Guest,
    /// Whether the guest is to get messages.
    pub told: bool,
    /// From when on it is to open at the latest.
    pub from: Instant,
    /// How much later it may begin all the same.
    pub grace: Duration,
    /// Until when it is to open at least.
    pub until: Instant,
}

impl Wanted {
    /// What a booking grants as it stands: each guest of a group has an own room,
    /// and of any other booking the first guest has every door.
    pub fn of(booking: &Booking) -> Vec<Self> {
        let group = booking.kind == Kind::Scoped(Scope::Group);
        let last = booking.guests.len().saturating_sub(1);
        let doors = booking.rooms.iter().chain(&booking.common_doors);
        let wanted = doors.enumerate().map(|(nth, room)| Self {
            room: room.clone(),
            guest: booking.guests.get(if group { nth.min(last) } else { 0 }).cloned().unwrap_or_default(),
            told: booking.messages,
            from: instant(&booking.from),
            grace: Duration::ZERO,
            until: instant(&booking.until),
        });
        wanted.collect()
    }

    /// The same until another time.
    pub fn until(self, until: &Zoned) -> Self {
        Self { until: instant(until), ..self }
    }

    /// The same from another time on.
    pub fn from(self, from: &Zoned) -> Self {
        Self { from: instant(from), ..self }
    }

    /// The same at another door.
    pub fn at(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// The same from now on, as soon as a change is sent that is sent in time.
    pub fn starting_at(self, now: Instant) -> Self {
        Self { from: now, grace: SOON, ..self }
    }

    /// Why an access is not this one; nothing where it is.
    pub fn misfit(&self, standing: &Standing) -> Option<&'static str> {
        let window = standing.window;
        let wrong = [
            (standing.door != self.room.0, "is at another door"),
            (window.from > self.from + self.grace, "begins too late"),
            (window.from + LEEWAY < self.from, "begins more than an hour too early"),
            (window.until < self.until, "ends too early"),
            (window.until > self.until + LEEWAY, "ends more than an hour too late"),
            (!self.is_for(&standing.contact), "bears somebody else's contact data"),
        ];
        wrong.into_iter().find_map(|(wrong, why)| wrong.then_some(why))
    }

    /// Whether contact data are the guest's, as far as there are any.
    fn is_for(&self, contact: &Contact) -> bool {
        let email = contact.email.as_ref().is_none_or(|email| self.has_email(email.expose()));
        let code = contact.country_code.as_ref().map(|code| code.expose());
        let phone = contact.phone.as_ref().is_none_or(|phone| self.has_phone(phone.expose(), code));
        email && phone
    }

    fn has_email(&self, email: &str) -> bool {
        match (EmailAddress::new(email), EmailAddress::new(&self.guest.email)) {
            (Ok(one), Ok(other)) => one == other,
            _ => email == self.guest.email,
        }
    }

    /// A number that lacks its country code is the guest's all the same: the code is
    /// the matter of IP-41.
    fn has_phone(&self, phone: &str, code: Option<&str>) -> bool {
        if code.is_none() && !phone.trim_start().starts_with('+') {
            return self.is_number(phone);
        }
        let own = PhoneReading::read(&self.guest.phone, Region::new(&self.guest.country).ok());
        let own = own.map(|reading| reading.expose_e164()).ok();
        own.is_some() && phone_in(phone, code).map(|reading| reading.expose_e164()) == own
    }

    /// Whether a message went to the guest: to the address, or to the number,
    /// with its country code or without.
    pub fn is_reached_at(&self, to: &str) -> bool {
        if to.contains('@') {
            return self.has_email(to);
        }
        self.is_number(to)
    }

    /// Whether a number is the guest's, with its country code or without.
    fn is_number(&self, number: &str) -> bool {
        let (number, own) = (digits(number), digits(&self.guest.phone));
        number.len() >= SHORTEST_NUMBER && own.ends_with(&number)
    }
}

/// Fewer digits are the end of many numbers.
const SHORTEST_NUMBER: usize = 6;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether just what is wanted stands.
pub(super) fn all_stand(standing: &[Standing], wanted: &[Wanted]) -> bool {
    standing.len() == wanted.len() && lacking(standing, wanted).is_none() && surplus(standing, wanted) == 0
}

/// The first of the wanted that no access is.
pub(super) fn lacking<'a>(standing: &[Standing], wanted: &'a [Wanted]) -> Option<&'a Wanted> {
    wanted.iter().find(|wanted| !standing.iter().any(|one| wanted.misfit(one).is_none()))
}

/// How many accesses stand that nobody is to have.
pub(super) fn surplus(standing: &[Standing], wanted: &[Wanted]) -> usize {
    standing.iter().filter(|one| wanted.iter().all(|wanted| wanted.misfit(one).is_some())).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::vocabulary::{Personal, Window};

    const NINE: i64 = 1_803_891_600_000;

    fn at(minutes: i64) -> Instant {
        Instant::from_epoch_ms(NINE + minutes * 60_000)
    }

    fn wanted() -> Wanted {
        Wanted {
            room: Room("7".to_owned()),
            guest: Guest {
                name: "Ada".to_owned(),
                email: "ada@example.org".to_owned(),
                phone: "+47 412 00 001".to_owned(),
                country: "NO".to_owned(),
            },
            told: true,
            from: at(0),
            grace: Duration::ZERO,
            until: at(600),
        }
    }

    fn standing(from: i64, until: i64, contact: Contact) -> Standing {
        Standing {
            reference_id: "r".to_owned(),
            door: "7".to_owned(),
            window: Window::new(at(from), at(until)),
            contact,
            code: None,
        }
    }

    fn contact(email: &str, phone: &str, code: &str) -> Contact {
        let given = |text: &str| (!text.is_empty()).then(|| Personal::new(text));
        Contact { email: given(email), phone: given(phone), country_code: given(code), reference: None }
    }

    #[test]
    fn an_access_covers_the_stay_and_goes_an_hour_beyond_it_at_most() {
        let misfit = |from, until| wanted().misfit(&standing(from, until, Contact::default()));
        assert_eq!(misfit(0, 600), None);
        assert_eq!(misfit(-60, 660), None);
        assert_eq!(misfit(1, 600), Some("begins too late"));
        assert_eq!(misfit(-61, 600), Some("begins more than an hour too early"));
        assert_eq!(misfit(0, 550), Some("ends too early"));
        assert_eq!(misfit(0, 661), Some("ends more than an hour too late"));
        let arrived = wanted().starting_at(at(0));
        assert_eq!(arrived.misfit(&standing(8, 600, Contact::default())), None);
        assert!(arrived.misfit(&standing(55, 600, Contact::default())).is_some());
    }

    #[test]
    fn contact_data_are_the_guests_or_are_not_there() {
        let fits = |email, phone, code| wanted().misfit(&standing(0, 600, contact(email, phone, code)));
        assert_eq!(fits("", "", ""), None);
        assert_eq!(fits("ada@EXAMPLE.org", "+4741200001", ""), None);
        assert_eq!(fits("", "41200001", "47"), None);
        assert_eq!(fits("", "412 00 001", ""), None);
        for (email, phone, code) in [
            ("eve@example.org", "", ""),
            ("", "+4741299999", ""),
            ("", "41200001", "46"),
            ("", "41299999", ""),
        ] {
            assert!(fits(email, phone, code).is_some(), "{email}{phone}");
        }
    }

    #[test]
    fn what_is_too_much_and_what_is_too_little_are_told_apart() {
        let right = standing(0, 600, Contact::default());
        let other = standing(0, 900, Contact::default());
        assert!(all_stand(std::slice::from_ref(&right), &[wanted()]));
        assert!(!all_stand(&[right.clone(), right.clone()], &[wanted()]));
        assert_eq!(surplus(&[right, other.clone()], &[wanted()]), 1);
        assert!(lacking(&[other], &[wanted()]).is_some());
        assert!(all_stand(&[], &[]));
    }

    #[test]
    fn a_message_reaches_a_number_however_it_is_written() {
        assert!(wanted().is_reached_at("+4741200001"));
        assert!(wanted().is_reached_at("41200001"));
        assert!(wanted().is_reached_at("ada@example.org"));
        assert!(!wanted().is_reached_at("01"));
        assert!(!wanted().is_reached_at("+4741200002"));
    }
}
