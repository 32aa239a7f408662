//! Whether every access that Inlet holds belongs to a booking of the run.
//!
//! An access that bears a guest's contact data says itself whose it is
//! ([`PartnerBench::strays`]). One that bears none is told by its door alone, so it
//! is decided in the partner's favour wherever it could be somebody's:
//!
//! - A booking lets one access be at each of its doors for each of its guests: a
//!   common door is opened by every booking that names it, and a group may give each
//!   guest an own access there. It does so as it was made, and again as it was
//!   changed: an access that was not withdrawn after a change is stale, which is
//!   judged by IP-61 and IP-62. A stay that is longer than what Inlet grants takes as
//!   many accesses as cover it.
//! - A form that was refused counts as well: its access is wrong, and no stranger's.
//! - The period need only touch that of the booking: how far it may go beyond is
//!   judged by IP-06 and IP-62.
//! - The same access several times counts once: a call that was repeated after its
//!   success is judged by IP-22 and IP-72.
//! - What was asked for before the first form of the run was filled in is no answer
//!   to any of them, and a grant whose success was never answered is Inlet's own to
//!   withdraw.
//!
//! When an access was made does not matter, so a slow partner is in no danger.

use std::collections::BTreeMap;
use std::time::Duration;

use super::follow::doors;
use super::{Contact, PartnerBench};
use crate::simulator::AccessState;
use crate::vendors::inlet::{Limits, Mode};
use crate::vendors::partner::{Booking, Change, Room};
use crate::vendors::vocabulary::{Instant, Window};

/// How far a period may be off that of a booking which it belongs to all the same:
/// a zone's change of the clocks, and as much that it may go beyond.
const TOUCHES: Duration = Duration::from_secs(2 * 3_600);

/// The longest period that Inlet grants; a longer stay takes several accesses.
const LONGEST: Duration = Duration::from_secs(Limits::PERIOD_DAYS * 86_400);

/// An access that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Access {
    door: String,
    window: Window,
    mode: Mode,
    contact: Contact,
}

/// What a booking lets be at one of its doors.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    door: String,
    window: Window,
    /// How many accesses.
    accesses: usize,
}

impl Place {
    /// Those of a booking as it stands.
    fn of(booking: &Booking) -> Vec<Self> {
        let instant = |at: &jiff::Zoned| Instant::from_timestamp(at.timestamp());
        let window = Window::new(instant(&booking.from), instant(&booking.until));
        let parts = window.until.since(window.from).as_secs() / LONGEST.as_secs() + 1;
        let parts = usize::try_from(parts).unwrap_or(usize::MAX);
        let accesses = booking.guests.len().max(1).saturating_mul(parts);
        doors(booking).map(|door| Self { door: door.to_owned(), window, accesses }).collect()
    }

    fn takes(&self, access: &Access) -> bool {
        self.door == access.door
            && access.window.from <= self.window.until + TOUCHES
            && access.window.until + TOUCHES >= self.window.from
    }
}

/// The accesses that belong to no booking: those that none takes at their door, and
/// those that are more than all of them take there.
fn beyond(accesses: Vec<Access>, places: &[Place]) -> Vec<Access> {
    let mut by_door: BTreeMap<String, Vec<Access>> = BTreeMap::new();
    for access in accesses {
        let there = by_door.entry(access.door.clone()).or_default();
        if !there.contains(&access) {
            there.push(access);
        }
    }
    let mut beyond = Vec::new();
    for there in by_door.into_values() {
        let (taken, foreign): (Vec<_>, Vec<_>) =
            there.into_iter().partition(|access| places.iter().any(|place| place.takes(access)));
        let takes = |place: &&Place| taken.iter().any(|access| place.takes(access));
        let room: usize = places.iter().filter(takes).map(|place| place.accesses).sum();
        beyond.extend(foreign);
        beyond.extend(taken.into_iter().skip(room));
    }
    beyond
}

/// A booking as it is after a change; the other part of one that is split apart.
pub(super) fn changed(booking: &Booking, change: &Change, now: &jiff::Zoned) -> Vec<Booking> {
    let as_it_is = || booking.clone();
    let at = |room: &Room| vec![room.clone()];
    match change {
        Change::Until(until) => vec![Booking { until: until.clone(), ..as_it_is() }],
        Change::Move(room) => vec![Booking { rooms: at(room), ..as_it_is() }],
        Change::Split(when, room) => vec![
            Booking { until: when.clone(), ..as_it_is() },
            Booking { rooms: at(room), from: when.clone(), ..as_it_is() },
        ],
        Change::CheckIn => vec![Booking { from: now.clone(), ..as_it_is() }],
        Change::CheckOut => vec![Booking { until: now.clone(), ..as_it_is() }],
    }
}

impl PartnerBench {
    /// The accesses that Inlet holds and that belong to no booking of the run, each by
    /// its door and period.
    pub fn unbooked(&self) -> Vec<String> {
        let places: Vec<Place> = self.all_typed().iter().flat_map(Place::of).collect();
        let read = self.read();
        let since = self.first_form.get().copied();
        let held = self.inlet.control().accesses().into_iter().filter(|access| {
            let asked = read.asked_at(&access.reference_id);
            let in_the_run = since.is_some() && asked.is_none_or(|asked| Some(asked) >= since);
            access.state == AccessState::Active && access.answered && in_the_run
        });
        let held = held.map(|access| Access {
            door: access.lock.as_str().to_owned(),
            window: access.window,
            mode: access.mode,
            contact: read.contact(&access.reference_id).cloned().unwrap_or_default(),
        });
        let told = |one: Access| format!("{} from {} to {}", one.door, one.window.from, one.window.until);
        let beyond = beyond(held.collect(), &places);
        // The calls about their doors are the evidence.
        beyond.iter().for_each(|one| self.scene.is_about(&one.door));
        beyond.into_iter().map(told).collect()
    }

    /// How many accesses stand at Inlet.
    pub fn held(&self) -> usize {
        let accesses = self.inlet.control().accesses();
        accesses.iter().filter(|access| access.state == AccessState::Active).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::partner::{Guest, Kind};
    use crate::vendors::vocabulary::Personal;

    const HOUR: i64 = 3_600_000;
    const NOON: i64 = 1_803_902_400_000;

    fn at(hours: i64) -> Instant {
        Instant::from_epoch_ms(NOON + hours * HOUR)
    }

    fn zoned(hours: i64) -> jiff::Zoned {
        at(hours).timestamp().to_zoned(jiff::tz::TimeZone::UTC)
    }

    /// A stay from noon to noon.
    fn stay(rooms: &[&str], common: &[&str], guests: usize) -> Booking {
        let named = |names: &[&str]| names.iter().map(|name| Room((*name).to_owned())).collect();
        Booking {
            customer: 1,
            guests: vec![Guest::default(); guests],
            rooms: named(rooms),
            common_doors: named(common),
            from: zoned(0),
            until: zoned(24),
            access: crate::vendors::partner::Use::Code,
            kind: Kind::Single,
            text: String::new(),
            agency: None,
            messages: true,
        }
    }

    fn access(door: &str, from: i64, until: i64, email: &str) -> Access {
        let email = (!email.is_empty()).then(|| Personal::new(email));
        Access {
            door: door.to_owned(),
            window: Window::new(at(from), at(until)),
            mode: Mode::Code,
            contact: Contact { email, ..Contact::default() },
        }
    }

    fn strangers(accesses: &[Access], bookings: &[Booking]) -> usize {
        let places: Vec<Place> = bookings.iter().flat_map(Place::of).collect();
        beyond(accesses.to_vec(), &places).len()
    }

    #[test]
    fn an_access_that_names_nobody_is_known_by_its_door_and_its_time() {
        let bookings = [stay(&["1"], &[], 1), stay(&["2"], &[], 1)];
        let own = [access("1", 0, 24, ""), access("2", 0, 24, "")];
        assert_eq!(strangers(&own, &bookings), 0);
        // At a door that nobody booked, at somebody else's beside the own access, and at
        // one whose guest has left long before.
        for stray in [access("3", 0, 24, ""), access("1", 1, 24, ""), access("1", 100, 124, "")] {
            let with = [own.as_slice(), std::slice::from_ref(&stray)].concat();
            assert_eq!(strangers(&with, &bookings), 1, "{stray:?}");
        }
        assert_eq!(strangers(&[access("1", 100, 124, "")], &bookings), 1);
        assert_eq!(strangers(&[access("1", 0, 24, "")], &[]), 1);
    }

    #[test]
    fn what_could_be_of_a_booking_is() {
        // A common door, of two bookings and of each guest of a group.
        let shared = [stay(&["1"], &["9"], 1), stay(&["2", "3"], &["9"], 2)];
        let there: Vec<Access> =
            (0..3).map(|nth| access("9", 0, 24, &format!("{nth}@example.org"))).collect();
        assert_eq!(strangers(&there, &shared), 0);
        let one = [stay(&["1"], &[], 1)];
        // The same once more, and one that begins early, late or hardly touches.
        assert_eq!(strangers(&[access("1", 0, 24, ""), access("1", 0, 24, "")], &one), 0);
        for (from, until) in [(-1, 25), (-1, 23), (20, 600), (25, 26)] {
            assert_eq!(strangers(&[access("1", from, until, "")], &one), 0, "{from} to {until}");
        }
        // A stay of 400 days is more than one access may be for.
        let [one] = one;
        let long = Booking { until: zoned(400 * 24), ..one };
        assert_eq!(strangers(&[access("1", 0, 8_808, ""), access("1", 8_808, 9_600, "")], &[long]), 0);
    }

    #[test]
    fn a_booking_that_changed_is_there_as_it_was_and_as_it_is() {
        let first = stay(&["1"], &[], 1);
        let other = Room("2".to_owned());
        for (change, stands) in [
            (Change::Until(zoned(29)), vec![access("1", 0, 29, "")]),
            (Change::Move(other.clone()), vec![access("2", 0, 24, "")]),
            (Change::Split(zoned(12), other), vec![access("1", 0, 12, ""), access("2", 12, 24, "")]),
            (Change::CheckIn, vec![access("1", -3, 24, "")]),
            (Change::CheckOut, vec![access("1", 0, 24, "")]),
        ] {
            let mut bookings = vec![first.clone()];
            bookings.extend(changed(&first, &change, &zoned(-3)));
            assert_eq!(strangers(&stands, &bookings), 0, "{change:?}");
            assert_eq!(strangers(&[access("2", 100, 124, "")], &bookings), 1, "{change:?}");
        }
    }
}
