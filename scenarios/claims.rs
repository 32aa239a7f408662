//! Expectations: what they claim, and where they stand.

use std::time::Duration;

use toml::Spanned;

use super::expect::{Claim, Count, Expectation};
use super::moment::{self, Calendar};
use super::written::{self, Text};
use super::wrong::{Wrong, place};
use crate::vendors::profile::nearest;

/// What expectations are read against.
pub(super) struct Claims<'a> {
    pub calendar: &'a Calendar,
    pub locks: u32,
    pub parties: &'a [String],
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
        let that = self.claim(expect.that.get_ref(), span.clone(), wrong)?;
        let text = self.text.get(span.clone()).unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = place(self.text, span.start).0;
        Some(Expectation { that, text, span, line })
    }

    fn claim(&self, that: &written::Claim, span: std::ops::Range<usize>, wrong: &mut Wrong) -> Option<Claim> {
        use written::Claim as W;
        let count = |bounds: Bounds<'_>, unless: Count, wrong: &mut Wrong| {
            let count = count(bounds, unless);
            if count.is_none() {
                wrong.at(span.clone(), "expected `times`, or `at_least` and `at_most` in their order");
            }
            count
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
                times: count((times, at_least, at_most), Count::SOME, wrong)?,
            },
            W::Opened { guest, at, times, at_least, at_most } => Claim::Opened {
                guest: self.party(guest, wrong)?,
                at: self.moment(at.as_ref(), wrong),
                times: count((times, at_least, at_most), Count::SOME, wrong)?,
            },
            W::StayedShut { guest, at, times, at_least, at_most } => Claim::StayedShut {
                guest: self.party(guest, wrong)?,
                at: self.moment(at.as_ref(), wrong),
                times: count((times, at_least, at_most), Count::SOME, wrong)?,
            },
            W::Told { notice, lock, guest, times, at_least, at_most, not_before, by } => Claim::Told {
                notice: *notice,
                lock: self.lock(lock.as_ref(), wrong),
                guest: guest.as_ref().and_then(|guest| self.party(guest, wrong)),
                times: count((times, at_least, at_most), Count::SOME, wrong)?,
                not_before: self.moment(not_before.as_ref(), wrong),
                by: self.moment(by.as_ref(), wrong),
            },
            W::Calls { meaning, creation, times, at_least, at_most } => Claim::Calls {
                meaning: *meaning,
                creation: *creation,
                times: count((times, at_least, at_most), Count::SOME, wrong)?,
            },
            W::Heard { times, at_least, at_most } => {
                Claim::Heard { times: count((times, at_least, at_most), Count::SOME, wrong)? }
            }
            W::Accesses { lock, at, times, at_least, at_most } => Claim::Accesses {
                lock: self.lock(lock.as_ref(), wrong),
                at: self.moment(at.as_ref(), wrong),
                count: count((times, at_least, at_most), Count::SOME, wrong)?,
            },
        })
    }

    fn moment(&self, text: Option<&Text>, wrong: &mut Wrong) -> Option<Duration> {
        wrong.read_some(text, |text| self.calendar.moment(text))
    }

    fn lock(&self, lock: Option<&Spanned<u32>>, wrong: &mut Wrong) -> Option<u32> {
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

fn count((times, at_least, at_most): Bounds<'_>, unless: Count) -> Option<Count> {
    match (times, at_least, at_most) {
        (None, None, None) => Some(unless),
        (Some(times), None, None) => Some(Count::exactly(*times)),
        (None, least, most) => {
            let count = Count { least: least.unwrap_or(0), most: most.unwrap_or(u64::MAX) };
            (count.least <= count.most).then_some(count)
        }
        _ => None,
    }
}
