//! What was expected, held against what happened.

use std::collections::HashMap;
use std::time::Duration;

use super::record::{Booking, Record};
use super::under_way::Scene;
use crate::simulator::{Account, Claim, Count, Expectation, Happening, Scenario};
use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::{FailureKind, Meaning};

/// How many guests are named in one reason.
const NAMED: usize = 3;

/// Everything that does not hold, for people, each with its line in the file.
pub(super) fn broken(scene: &Scene) -> Vec<String> {
    let record = scene.record();
    let held = Held { scenario: &scene.scenario, record: &record, scene };
    let mut broken: Vec<String> = Vec::new();
    for (place, expectation) in scene.scenario.expect.iter().enumerate() {
        if let Some(why) = held.against(place, &expectation.that) {
            broken.push(told(expectation, &why));
        }
    }
    broken.extend(record.is_deaf.iter().map(|why| format!("callbacks could not be listened to: {why}")));
    let accounts = record.mended.iter().cloned().chain(scene.stage.control().faults());
    broken.extend(accounts.filter(|account| account.consumed == 0).map(|account| unstruck(&account)));
    broken.extend(unmet(scene));
    broken
}

fn told(expectation: &Expectation, why: &str) -> String {
    format!("line {}: {why}; expected {}", expectation.line, expectation.text)
}

fn unstruck(account: &Account) -> String {
    format!("a fault never struck, so that nothing was tried: {}", account.fault)
}

/// What the scenario makes stricter at the vendor and nobody ran into, so that
/// nothing was tried.
fn unmet(scene: &Scene) -> Vec<String> {
    let (rules, control) = (&scene.scenario.vendor, scene.stage.control());
    let voids = scene.scenario.events.iter().any(|event| event.then == Happening::ExpireTokens);
    let asked = [
        (rules.rate.is_some(), FailureKind::RateLimited, "the rate limit was never hit"),
        (rules.codes_per_lock.is_some(), FailureKind::Full, "no lock was ever full"),
        (voids, FailureKind::Credentials, "no void token was ever used"),
    ];
    let unmet = asked.into_iter().filter(|(asked, kind, _)| *asked && control.refusals(*kind) == 0);
    unmet.map(|(.., what)| format!("{what}, so that nothing was tried")).collect()
}

struct Held<'a> {
    scenario: &'a Scenario,
    record: &'a Record,
    scene: &'a Scene,
}

impl Held<'_> {
    /// Why a claim does not hold; `None` where it does.
    fn against(&self, place: usize, claim: &Claim) -> Option<String> {
        match claim {
            Claim::Booked { guest, within, not_before } => self.each(guest, |index, booking| {
                booked(self.scenario.guests[index].booked, booking, *within, *not_before)
            }),
            Claim::NotBooked { guest, because } => self.each(guest, |_, booking| match booking.made {
                Some(at) => Some(format!("got a PIN after {}", span(at))),
                None => match (booking.failures.last(), because) {
                    (Some((_, kind)), Some(because)) if kind != because => {
                        Some(format!("failed as {}", kind.as_str()))
                    }
                    (None, Some(_)) => Some("was never refused".to_owned()),
                    _ => None,
                },
            }),
            Claim::Failed { guest, with, times } => {
                let failures = self.party(guest).flat_map(|index| &self.record.bookings[index].failures);
                off(*times, failures.filter(|(_, kind)| kind == with).count(), "attempts failed so")
            }
            Claim::Opened { guest, at, times } => self.doors(guest, *at, *times, true),
            Claim::StayedShut { guest, at, times } => self.doors(guest, *at, *times, false),
            Claim::Told { .. } => self.notices(claim),
            Claim::Calls { meaning, creation, for_each, times } => {
                let found = if *creation && meaning.is_none() {
                    self.creations(self.scene.stage.control().creation())
                } else {
                    self.calls(*meaning)
                };
                off(self.of_all(*times, for_each.as_deref()), found, "calls were made")
            }
            Claim::Heard { times } => {
                let heard = usize::try_from(self.record.heard).unwrap_or(usize::MAX);
                off(*times, heard, "callbacks were heard")
            }
            Claim::Accesses { count, for_each, .. } => {
                let found = self.record.accesses.get(&place).copied().unwrap_or(0);
                let count = self.of_all(*count, for_each.as_deref());
                off(count, usize::try_from(found).unwrap_or(usize::MAX), "accesses stood at the vendor")
            }
        }
    }

    /// A count in all, where it is meant for each guest of a party.
    fn of_all(&self, count: Count, party: Option<&str>) -> Count {
        let Some(party) = party else { return count };
        count.for_each_of(self.party(party).count() as u64)
    }

    fn party<'s>(&'s self, name: &'s str) -> impl Iterator<Item = usize> + 's {
        let guests = self.scenario.guests.iter().enumerate();
        guests.filter(move |(_, guest)| guest.party == name).map(|(index, _)| index)
    }

    /// The first few of a party for whom something is wrong.
    fn each(&self, party: &str, wrong: impl Fn(usize, &Booking) -> Option<String>) -> Option<String> {
        let all = self.party(party);
        let found = all.filter_map(|index| {
            wrong(index, &self.record.bookings[index])
                .map(|why| format!("{} {why}", self.scenario.guests[index].name))
        });
        some_of(found.collect())
    }

    fn doors(&self, party: &str, at: Option<Duration>, times: Count, opened: bool) -> Option<String> {
        let word = if opened { "the door opened" } else { "the door stayed shut" };
        self.each(party, |index, _| {
            let tries = || {
                let doors = self.record.doors.iter();
                doors.filter(move |door| door.guest == index && at.is_none_or(|at| door.at == at))
            };
            let found = tries().filter(|door| door.opened == opened).count();
            let why = off(times, found, &format!("times {word}"))?;
            let other = tries().find(|door| door.opened != opened);
            Some(other.map_or(why.clone(), |door| format!("{why} ({} after {})", door.why, span(door.at))))
        })
    }

    fn notices(&self, claim: &Claim) -> Option<String> {
        let Claim::Told { notice, lock, guest, times, not_before, by } = claim else { return None };
        let is_of = |index: Option<usize>| {
            guest.as_deref().is_none_or(|name| index.is_some_and(|i| self.scenario.guests[i].party == name))
        };
        let all = self.record.notices.iter().filter(|told| {
            told.notice == *notice && lock.is_none_or(|lock| told.lock == Some(lock)) && is_of(told.guest)
        });
        let all: Vec<_> = all.collect();
        let in_time = |at: Duration| not_before.is_none_or(|from| at >= from) && by.is_none_or(|by| at <= by);
        let found = all.iter().filter(|told| in_time(told.at)).count();
        let why = off(*times, found, &format!("times it was told ({})", notice.as_str()))?;
        let late = all.iter().find(|told| !in_time(told.at));
        Some(late.map_or(why.clone(), |told| format!("{why} (once after {})", span(told.at))))
    }

    /// Calls of a meaning; a token that was renewed was got as well.
    fn calls(&self, meaning: Option<Meaning>) -> usize {
        let fits = |found: Option<Meaning>| match meaning {
            None => true,
            Some(Meaning::GetToken) => matches!(found, Some(Meaning::GetToken | Meaning::RefreshToken)),
            Some(_) => found == meaning,
        };
        let exchanges = self.scene.recorder.exchanges();
        exchanges.iter().filter(|one| fits(self.meaning(&one.operation))).count()
    }

    /// Calls that make an access. Where a plan makes one with several calls,
    /// they are one creation: those of the operation that was called most count.
    fn creations(&self, meaning: Meaning) -> usize {
        let mut found: HashMap<String, usize> = HashMap::new();
        for exchange in self.scene.recorder.exchanges() {
            if self.meaning(&exchange.operation) == Some(meaning) {
                *found.entry(exchange.operation.clone()).or_default() += 1;
            }
        }
        found.into_values().max().unwrap_or(0)
    }

    fn meaning(&self, operation: &str) -> Option<Meaning> {
        self.scene.inlet.dialect().operation(operation).map(Operation::meaning)
    }
}

fn booked(
    asked: Duration,
    booking: &Booking,
    within: Option<Duration>,
    not_before: Option<Duration>,
) -> Option<String> {
    let Some(made) = booking.made else {
        let last = booking.failures.last().map_or("unanswered", |(_, kind)| kind.as_str());
        return Some(format!("got no PIN (last: {last})"));
    };
    let took = made.saturating_sub(asked);
    let late = within.is_some_and(|within| took > within);
    let early = not_before.is_some_and(|least| took < least);
    (late || early).then(|| format!("got a PIN {} after the booking", span(took)))
}

fn off(count: Count, found: usize, what: &str) -> Option<String> {
    let holds = count.holds(u64::try_from(found).unwrap_or(u64::MAX));
    (!holds).then(|| format!("{found} {what}, not {count}"))
}

fn some_of(found: Vec<String>) -> Option<String> {
    if found.is_empty() {
        return None;
    }
    let rest = found.len().saturating_sub(NAMED);
    let shown = found[..found.len().min(NAMED)].join(", ");
    Some(if rest > 0 { format!("{shown}, and {rest} more") } else { shown })
}

/// A span as people read it: `2 h 5 min`.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    if shown.is_empty() { "0 s".to_owned() } else { shown.join(" ") }
}
