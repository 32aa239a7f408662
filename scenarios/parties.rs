//! Guests: one after the other out of a party, one stay after the other.

use std::time::Duration;

use jiff::Span;

use super::compile::{MOST_IN_ALL, MOST_REPETITIONS, some_time};
use super::guest::{Guest, Stay};
use super::moment::{self, Calendar};
use super::range;
use super::written;
use super::wrong::Wrong;

/// The most guests of one party.
const MOST_GUESTS: u32 = 100_000;

/// What guests are read against.
pub(super) struct Parties<'a> {
    pub calendar: &'a Calendar,
    pub locks: u32,
    pub groups: u32,
}

/// The times of one stay.
struct Times {
    booked: Duration,
    from: Duration,
    until: Duration,
    cancelled: Option<Duration>,
    types: Vec<Duration>,
}

impl Parties<'_> {
    /// Adds every guest of a party with every stay.
    pub fn read(&self, party: &written::Guest, guests: &mut Vec<Guest>, wrong: &mut Wrong) {
        let name = party.name.get();
        if name.trim().is_empty() || guests.iter().any(|guest| guest.party == *name) {
            wrong.at(party.name.span(), "expected a name that no other guests have");
            return;
        }
        let Some(stays) = self.stays(party, wrong) else { return };
        let Some(first) = self.times(party, wrong) else { return };
        let count = match &party.count {
            Some(count) if (1..=MOST_GUESTS).contains(count.get()) => *count.get() as usize,
            Some(count) => return wrong.at(count.span(), format!("expected 1 to {MOST_GUESTS} guests")),
            None => stays.len(),
        };
        let stagger = wrong.read_some(party.stagger.as_ref(), moment::exact).unwrap_or_default();
        let Some((every, times)) = repetition(party, wrong) else { return };
        let in_all = usize::try_from(times)
            .ok()
            .and_then(|times| count.checked_mul(times)?.checked_mul(first.types.len().max(1)));
        if in_all.is_none_or(|stays| {
            guests.iter().map(|guest| guest.types.len().max(1)).sum::<usize>() + stays > MOST_IN_ALL
        }) {
            let what = format!("expected {MOST_IN_ALL} stays of all guests at most, repetitions included");
            return wrong.at(party.name.span(), what);
        }
        let alone = count == 1 && times == 1;
        let mut number = 0;
        for nth in 0..times {
            let Some(shifted) = self.shifted(&first, every.as_ref(), nth) else { return };
            for index in 0..count {
                number += 1;
                let (stay, door) = stays[index % stays.len()];
                guests.push(Guest {
                    name: if alone { name.clone() } else { format!("{name} {number}") },
                    party: name.clone(),
                    stays: stay,
                    door,
                    booked: shifted.booked + stagger * index as u32,
                    from: shifted.from,
                    until: shifted.until,
                    cancelled: shifted.cancelled,
                    types: shifted.types.clone(),
                });
            }
        }
    }

    /// Where guests stay in turn, with the lock at whose door they stand.
    fn stays(&self, party: &written::Guest, wrong: &mut Wrong) -> Option<Vec<(Stay, u32)>> {
        let locks = match (&party.lock, &party.locks, &party.group) {
            (Some(lock), None, None) => vec![wrong.number(lock, self.locks, "lock")?],
            (None, Some(locks), None) => wrong.read(locks, |text| range::numbers(text, self.locks))?,
            (lock, None, Some(group)) => {
                let group = wrong.number(group, self.groups, "group")?;
                // Locks are spread in order, so the first of a group is known.
                let share = self.locks.div_ceil(self.groups);
                let door = match lock {
                    Some(lock) => wrong.number(lock, self.locks, "lock")?,
                    None => (group - 1) * share + 1,
                };
                return Some(vec![(Stay::Group(group), door)]);
            }
            _ => {
                wrong.at(party.name.span(), "expected `lock`, `locks` or `group` beside `name`");
                return None;
            }
        };
        Some(locks.into_iter().map(|lock| (Stay::Lock(lock), lock)).collect())
    }

    fn times(&self, party: &written::Guest, wrong: &mut Wrong) -> Option<Times> {
        let moment = |text: &str| self.calendar.moment(text);
        let from = wrong.read(&party.from, moment);
        let until = wrong.read(&party.until, moment);
        let mut types: Vec<Duration> =
            party.types.iter().filter_map(|text| wrong.read(text, moment)).collect();
        types.sort_unstable();
        let cancelled = wrong.read_some(party.cancelled.as_ref(), moment);
        let booked = match &party.booked {
            Some(text) => wrong.read(text, moment)?,
            None => Duration::ZERO,
        };
        let (from, until) = (from?, until?);
        if until <= from {
            wrong.at(party.until.span(), "expected an end after the beginning");
            return None;
        }
        Some(Times { booked, from, until, cancelled, types })
    }

    fn shifted(&self, first: &Times, every: Option<&Span>, nth: i64) -> Option<Times> {
        let Some(every) = every else {
            return (nth == 0).then(|| Times { types: first.types.clone(), ..*first });
        };
        let shift = |at: Duration| self.calendar.repeated(at, every, nth);
        Some(Times {
            booked: shift(first.booked)?,
            from: shift(first.from)?,
            until: shift(first.until)?,
            cancelled: first.cancelled.and_then(shift),
            types: first.types.iter().filter_map(|at| shift(*at)).collect(),
        })
    }
}

fn repetition(party: &written::Guest, wrong: &mut Wrong) -> Option<(Option<Span>, i64)> {
    match (&party.every, &party.times) {
        (None, None) => Some((None, 1)),
        (Some(every), Some(times)) => {
            let span = wrong.read(every, |text| some_time(text).and_then(|_| moment::positive(text)))?;
            let number = i64::from(*times.get());
            if !(1..=MOST_REPETITIONS).contains(&number) {
                wrong.at(times.span(), format!("expected 1 to {MOST_REPETITIONS} stays"));
                return None;
            }
            Some((Some(span), number))
        }
        (Some(every), None) => {
            wrong.at(every.span(), "expected `times` beside `every`: how many stays there are");
            None
        }
        (None, Some(times)) => {
            wrong.at(times.span(), "expected `every` beside `times`: from one stay to the next");
            None
        }
    }
}
