//! Expectations: what they claim, and where they stand. One that holds in any
//! world, or in none, is refused.

use std::time::Duration;

use super::at::{At, Text};
use super::expect::{Claim, Count, Expectation, Notice};
use super::guest::Guest;
use super::moment::{self, Calendar};
use super::written::{self, Door};
use super::wrong::{Wrong, place};
use crate::vendors::profile::nearest;

/// What expectations are read against.
pub(super) struct Claims<'a> {
    pub calendar: &'a Calendar,
    pub locks: u32,
    pub parties: &'a [String],
    pub guests: &'a [Guest],
    /// Whether Inlet learns of locks by itself: it asks for them, or listens.
    pub watches: bool,
    /// Whether Inlet listens to callbacks.
    pub listens: bool,
    pub text: &'a str,
}

/// The moments at which something must be looked at.
pub(super) fn moments(expect: &[Expectation]) -> Vec<Duration> {
    let moment = |expectation: &Expectation| match expectation.that {
        Claim::Accesses { at, .. } | Claim::Opened { at, .. } | Claim::StayedShut { at, .. } => at,
        Claim::Told { not_before, by, .. } => not_before.max(by),
        _ => None,
    };
    expect.iter().filter_map(moment).collect()
}

type Bounds<'a> = (&'a Option<u64>, &'a Option<u64>, &'a Option<u64>);

impl Claims<'_> {
    /// An expectation; what is wrong with it is noted.
    pub fn read(&self, expect: &written::Expect, wrong: &mut Wrong) -> Option<Expectation> {
        let span = expect.that.span();
        let that = self.claim(&expect.that, span.clone(), wrong)?;
        if let Some(why) = self.idle(&that) {
            wrong.at(span.clone(), why);
        }
        let text = self.text.get(span.clone()).unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = place(self.text, span.start).0;
        Some(Expectation { that, text, span, line })
    }

    fn claim(&self, that: &written::Claim, span: std::ops::Range<usize>, wrong: &mut Wrong) -> Option<Claim> {
        use written::Claim as W;
        let count = |bounds: Bounds<'_>, wrong: &mut Wrong| {
            let count = count(bounds);
            if count.is_none() {
                wrong.at(span.clone(), "expected `times`, or `at_least` and `at_most` in their order");
            }
            count
        };
        let door = |door: &Door, wrong: &mut Wrong| {
            let guest = self.party(&door.guest, wrong)?;
            let at = self.moment(door.at.as_ref(), wrong);
            let times = count((&door.times, &door.at_least, &door.at_most), wrong)?;
            Some((guest, at, times))
        };
        Some(match that {
            W::Booked { guest, within, not_before } => Claim::Booked {
                guest: self.party(guest, wrong)?,
                within: wrong.read_some(within.as_ref(), moment::exact),
                not_before: wrong.read_some(not_before.as_ref(), moment::exact),
            },
            W::NotBooked { guest, because } => {
                Claim::NotBooked { guest: self.party(guest, wrong)?, because: *because }
            }
            W::Failed { guest, with, times, at_least, at_most } => Claim::Failed {
                guest: self.party(guest, wrong)?,
                with: *with,
                times: count((times, at_least, at_most), wrong)?,
            },
            W::Opened(it) => {
                let (guest, at, times) = door(it, wrong)?;
                Claim::Opened { guest, at, times }
            }
            W::StayedShut(it) => {
                let (guest, at, times) = door(it, wrong)?;
                Claim::StayedShut { guest, at, times }
            }
            W::Told { notice, lock, guest, times, at_least, at_most, not_before, by } => Claim::Told {
                notice: *notice,
                lock: self.lock(lock.as_ref(), wrong),
                guest: guest.as_ref().and_then(|guest| self.party(guest, wrong)),
                times: count((times, at_least, at_most), wrong)?,
                not_before: self.moment(not_before.as_ref(), wrong),
                by: self.moment(by.as_ref(), wrong),
            },
            W::Calls { meaning, creation, for_each, times, at_least, at_most } => Claim::Calls {
                meaning: *meaning,
                creation: *creation,
                for_each: for_each.as_ref().and_then(|guest| self.party(guest, wrong)),
                times: count((times, at_least, at_most), wrong)?,
            },
            W::Heard { times, at_least, at_most } => {
                Claim::Heard { times: count((times, at_least, at_most), wrong)? }
            }
            W::Accesses { lock, at, for_each, times, at_least, at_most } => Claim::Accesses {
                for_each: for_each.as_ref().and_then(|guest| self.party(guest, wrong)),
                lock: self.lock(lock.as_ref(), wrong),
                at: self.moment(at.as_ref(), wrong),
                count: count((times, at_least, at_most), wrong)?,
            },
        })
    }

    /// Why an expectation could not fail, or not hold; `None` where it can do both.
    fn idle(&self, claim: &Claim) -> Option<&'static str> {
        let (Claim::Failed { times: count, .. }
        | Claim::Opened { times: count, .. }
        | Claim::StayedShut { times: count, .. }
        | Claim::Told { times: count, .. }
        | Claim::Calls { times: count, .. }
        | Claim::Heard { times: count }
        | Claim::Accesses { count, .. }) = claim
        else {
            return match claim {
                Claim::Booked { within: Some(within), not_before: Some(least), .. } if least > within => {
                    Some("nothing is later than `not_before` and within `within`")
                }
                _ => None,
            };
        };
        if *count == (Count { least: 0, most: u64::MAX }) {
            return Some("it always holds: whatever happens, happens 0 times or more");
        }
        match claim {
            Claim::Opened { guest, at, .. } | Claim::StayedShut { guest, at, .. } => {
                let types = |of: &Guest| {
                    of.party == *guest && at.map_or(!of.types.is_empty(), |at| of.types.contains(&at))
                };
                // Guests whose own lines are wrong are told of there, and once.
                let read = self.guests.iter().any(|of| of.party == *guest);
                (read && !self.guests.iter().any(types))
                    .then_some("nobody of these stands at a door then: write it in `types`")
            }
            Claim::Told { not_before: Some(from), by: Some(by), .. } if from > by => {
                Some("nothing is later than `not_before` and not after `by`")
            }
            Claim::Told { notice, .. } if is_of_locks(*notice) => (!self.watches).then_some(
                "nothing is told of locks unless `[inlet]` has `watch`, or `listens` to callbacks",
            ),
            Claim::Heard { .. } => {
                (!self.listens).then_some("no callback is heard unless `[inlet]` has `listens = true`")
            }
            Claim::Told { .. } | Claim::Accesses { .. } | Claim::Calls { creation: true, .. } => {
                self.parties.is_empty().then_some("nobody is booked, so that no PIN is ever asked for")
            }
            _ => None,
        }
    }

    fn moment(&self, text: Option<&Text>, wrong: &mut Wrong) -> Option<Duration> {
        wrong.read_some(text, |text| self.calendar.moment(text))
    }

    fn lock(&self, lock: Option<&At<u32>>, wrong: &mut Wrong) -> Option<u32> {
        lock.and_then(|lock| wrong.number(lock, self.locks, "lock"))
    }

    fn party(&self, name: &Text, wrong: &mut Wrong) -> Option<String> {
        wrong.read(name, |name| {
            if self.parties.iter().any(|known| known == name) {
                return Ok(name.to_owned());
            }
            let near = nearest(name, self.parties.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("nobody is named `{name}`{near}"))
        })
    }
}

/// Whether it is told of a lock, and not of a booking.
fn is_of_locks(notice: Notice) -> bool {
    match notice {
        Notice::Unreachable
        | Notice::ReachableAgain
        | Notice::BatteryLow
        | Notice::DoorAjar
        | Notice::DoorForced
        | Notice::NoState => true,
        Notice::NoPin | Notice::PinMade | Notice::Escalation | Notice::LeftBehind | Notice::ClockDiffers => {
            false
        }
    }
}

fn count((times, at_least, at_most): Bounds<'_>) -> Option<Count> {
    match (times, at_least, at_most) {
        (None, None, None) => Some(Count::SOME),
        (Some(times), None, None) => Some(Count::exactly(*times)),
        (None, least, most) => {
            let count = Count { least: least.unwrap_or(0), most: most.unwrap_or(u64::MAX) };
            (count.least <= count.most).then_some(count)
        }
        _ => None,
    }
}
