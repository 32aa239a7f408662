//! What a guest reads (chosen: `wording`).
//!
//! A message is kept in parts, so that it can be shown with everything in it but
//! what opens a door.

use std::fmt;

use super::messages::Occasion;
use crate::vendors::inlet::{GrantAccess, Mode, Moment};
use crate::vendors::vocabulary::{Pin, Secret};

/// The text of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Wording {
    plain: String,
    key: Option<Key>,
}

/// What opens the door, at the end of a text.
#[derive(Clone, PartialEq, Eq)]
enum Key {
    Pin(Pin),
    Link(Secret),
}

/// What a guest may be given to open with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys<'a> {
    pub code: Option<&'a Pin>,
    pub invitation: Option<&'a Secret>,
    pub link: Option<&'a Secret>,
}

impl Wording {
    /// The text for an occasion.
    pub(super) fn of(occasion: Occasion, grant: &GrantAccess, keys: Keys<'_>) -> Self {
        let lock = &grant.lock_id;
        let (from, to) = (on_the_clock(grant.from), on_the_clock(grant.to));
        let period = format!("from {from} to {to}");
        let told = match occasion {
            Occasion::Created => format!("You have access at {lock} {period}."),
            Occasion::CheckIn => format!("Your access at {lock} begins at {from} and ends at {to}."),
            Occasion::CheckOut => return Self::plain(format!("Your access at {lock} ends at {to}.")),
            Occasion::Updated => format!("Your access at {lock} was changed. It is now {period}."),
            Occasion::Revoked => return Self::plain(format!("Your access at {lock} was withdrawn.")),
        };
        let (how, key) = match grant.operation {
            Mode::Code => ("Your code: ", keys.code.cloned().map(Key::Pin)),
            Mode::Unlock => return Self::plain(format!("{told} The door is unlocked for that time.")),
            Mode::MobileKey => ("Your key: ", keys.invitation.cloned().map(Key::Link)),
            Mode::UrlKey => ("Open the door with ", keys.link.cloned().map(Key::Link)),
        };
        match key {
            Some(key) => Self { plain: format!("{told} {how}"), key: Some(key) },
            None => Self::plain(told),
        }
    }

    fn plain(plain: String) -> Self {
        Self { plain, key: None }
    }

    /// The PIN that it tells, where it tells one.
    pub fn code(&self) -> Option<&Pin> {
        match &self.key {
            Some(Key::Pin(pin)) => Some(pin),
            Some(Key::Link(_)) | None => None,
        }
    }

    /// As the guest reads it.
    pub fn expose(&self) -> String {
        let key = match &self.key {
            Some(Key::Pin(pin)) => pin.keys(),
            Some(Key::Link(link)) => link.expose(),
            None => "",
        };
        format!("{}{key}", self.plain)
    }

    /// The same without what opens.
    pub fn masked(&self) -> String {
        let key = match &self.key {
            Some(Key::Pin(_)) => Pin::MASK,
            Some(Key::Link(_)) => Secret::MASK,
            None => "",
        };
        format!("{}{key}", self.plain)
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

/// A time as the booking system wrote it, by its own offset.
fn on_the_clock(moment: Moment) -> String {
    let zone = jiff::tz::TimeZone::fixed(moment.offset());
    moment.instant().timestamp().to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_reads_where_when_and_with_what() {
        let moment = |text: &str| Moment::parse(text).expect("a time");
        let (from, to) = (moment("2027-03-01T18:50:00+01:00"), moment("2027-03-01T20:15:00+01:00"));
        let pin = Pin::new("#1234*").expect("a PIN");
        let (key, link) = (Secret::new("canary-key"), Secret::new("http://inlet/key/canary"));
        let keys = Keys { code: Some(&pin), invitation: Some(&key), link: Some(&link) };
        let rows = [
            (
                Occasion::Created,
                Mode::Code,
                "You have access at L-1 from 2027-03-01 18:50 to 2027-03-01 20:15. Your code: #1234*",
                "Your code: ‹pin›",
            ),
            (
                Occasion::CheckIn,
                Mode::UrlKey,
                "Your access at L-1 begins at 2027-03-01 18:50 and ends at 2027-03-01 20:15. Open the door with http://inlet/key/canary",
                "Open the door with ‹secret›",
            ),
            (
                Occasion::Updated,
                Mode::MobileKey,
                "Your access at L-1 was changed. It is now from 2027-03-01 18:50 to 2027-03-01 20:15. Your key: canary-key",
                "Your key: ‹secret›",
            ),
            (
                Occasion::Created,
                Mode::Unlock,
                "You have access at L-1 from 2027-03-01 18:50 to 2027-03-01 20:15. The door is unlocked for that time.",
                "for that time.",
            ),
            (
                Occasion::CheckOut,
                Mode::Code,
                "Your access at L-1 ends at 2027-03-01 20:15.",
                "ends at 2027-03-01 20:15.",
            ),
            (Occasion::Revoked, Mode::Code, "Your access at L-1 was withdrawn.", "was withdrawn."),
        ];
        for (occasion, mode, whole, end) in rows {
            let wording = Wording::of(occasion, &GrantAccess::new(mode, "L-1", from, to), keys);
            assert_eq!(wording.expose(), whole);
            assert!(wording.masked().ends_with(end), "{}", wording.masked());
            let told = format!("{wording:?}{}", wording.masked());
            assert!(!told.contains("canary") && !told.contains("1234"), "{told}");
            assert_eq!(wording.code().is_some(), whole.contains("#1234*"));
        }
    }
}
