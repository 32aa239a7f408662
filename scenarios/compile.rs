//! From what is written to what is meant, all times counted from the start.

use std::cell::Cell;
use std::time::Duration;

use super::at::{At, Text};
use super::claims::{self, Claims};
use super::event::{ClockError, Event};
use super::guest::Guest;
use super::happenings::Happenings;
use super::load::{Scenario, VendorRules, Watch};
use super::moment::{self, Calendar};
use super::parties::Parties;
use super::range;
use super::written::{self, Document};
use super::wrong::Wrong;

/// The name and version of the language.
const SCHEMA: &str = "lockstep.scenario/1";

/// The most locks of a fleet.
const MOST_LOCKS: u32 = 1_000_000;

/// The most repetitions of one event or stay.
pub(super) const MOST_REPETITIONS: i64 = 100_000;

/// The most events of a scenario, and the most stays, repetitions included. An
/// event at several locks counts for each, and a stay for each time that its
/// guest comes to the door.
pub(super) const MOST_IN_ALL: usize = 1_000_000;

/// After what time a refused booking is tried again, unless it is said.
const AGAIN: Duration = Duration::from_secs(300);

/// What follows the last thing that is written, so that its effects are seen.
const AFTERMATH: Duration = Duration::from_secs(60);

/// The scenario that a document means; `None` where its calendar is wrong, which
/// is noted then.
pub(super) fn compile(name: String, text: &str, document: Document, wrong: &mut Wrong) -> Option<Scenario> {
    if document.schema.get() != SCHEMA {
        wrong.at(document.schema.span(), format!("expected the schema \"{SCHEMA}\""));
    }
    let calendar = calendar(&document, wrong)?;
    let (locks, groups) = places(&document.fleet, wrong);
    let bridges: Vec<Vec<u32>> = document
        .fleet
        .bridges
        .iter()
        .map(|text| wrong.read(text, |text| range::numbers(text, locks)).unwrap_or_default())
        .collect();
    let happenings =
        Happenings { calendar: &calendar, locks, bridges: bridges.len() as u32, told: Cell::new(0) };
    let mut events: Vec<Event> = Vec::new();
    for event in &document.events {
        happenings.read(event, &mut events, wrong);
    }
    events.sort_by_key(|event| event.after);
    let parties = Parties { calendar: &calendar, locks, groups };
    let mut guests: Vec<Guest> = Vec::new();
    for guest in &document.guests {
        parties.read(guest, &mut guests, wrong);
    }
    let names: Vec<String> = document.guests.iter().map(|guest| guest.name.get().clone()).collect();
    let watch = watch(&document.inlet, locks, wrong);
    let listens = document.inlet.listens;
    let claims = Claims {
        calendar: &calendar,
        locks,
        parties: &names,
        guests: &guests,
        watches: watch.is_some() || listens,
        listens,
        text,
    };
    let expect: Vec<_> = document.expect.iter().filter_map(|expect| claims.read(expect, wrong)).collect();
    let last = last(&events, &guests, &claims::moments(&expect));
    let ends = match wrong.read_some(document.ends.as_ref(), |text| calendar.moment(text)) {
        Some(ends) if ends < last => {
            let span = document.ends.as_ref().map_or(0..0, At::span);
            wrong.at(span, "something that is written happens later than this");
            ends
        }
        Some(ends) => ends,
        None => last + AFTERMATH,
    };
    let small = small(&document, (locks, groups), &guests, wrong);
    Some(Scenario {
        name,
        title: document.title,
        story: document.story.trim().to_owned(),
        good: document.good.trim().to_owned(),
        seed: document.seed,
        start: calendar.start(),
        ends,
        locks,
        small,
        groups,
        bridges,
        vendor: vendor(&document.vendor, document.fleet.codes_per_lock.as_deref().copied(), wrong),
        watch,
        listens,
        again: wrong.read_some(document.inlet.again.as_ref(), moment::exact).unwrap_or(AGAIN),
        events,
        guests,
        expect,
    })
}

/// The locks of a small run. Nobody but guests may ask for one that is left out
/// then, and of no name all guests.
fn small(
    document: &Document,
    (locks, groups): (u32, u32),
    guests: &[Guest],
    wrong: &mut Wrong,
) -> Option<u32> {
    let small = document.fleet.small.as_ref()?;
    let number = *small.get();
    if !(groups.max(1)..locks).contains(&number) {
        wrong.at(small.span(), "expected fewer locks than `locks`, and at least one for each group");
    }
    if !document.events.is_empty() || !document.fleet.bridges.is_empty() {
        wrong.at(small.span(), "only a scenario without events and bridges can be played small");
    }
    let is_left = |name: &Text| guests.iter().any(|guest| guest.party == **name && guest.door <= number);
    if let Some(gone) = document.guests.iter().find(|guest| !is_left(&guest.name)) {
        wrong.at(gone.name.span(), "none of these is left where the scenario is played small");
    }
    Some(number)
}

fn calendar(document: &Document, wrong: &mut Wrong) -> Option<Calendar> {
    let zone = document.fleet.zone.as_ref();
    let name = zone.map_or("UTC", |zone| zone.as_str());
    let start = document.start.as_ref();
    match Calendar::new(name, start.map(|start| start.as_str())) {
        Ok(calendar) => Some(calendar),
        Err(what) => {
            let (place, what) = match what {
                moment::Wrong::Zone(what) => (zone, what),
                moment::Wrong::Start(what) => (start, what),
            };
            wrong.at(place.map_or(0..0, At::span), what);
            None
        }
    }
}

fn places(fleet: &written::Fleet, wrong: &mut Wrong) -> (u32, u32) {
    let (locks, groups) = (*fleet.locks.get(), *fleet.groups.get());
    if !(1..=MOST_LOCKS).contains(&locks) {
        wrong.at(fleet.locks.span(), format!("expected 1 to {MOST_LOCKS} locks"));
    }
    if !(1..=locks).contains(&groups) {
        wrong.at(fleet.groups.span(), "expected at least one group and at most one for each lock");
    }
    (locks, groups)
}

fn vendor(vendor: &written::Vendor, codes_per_lock: Option<u32>, wrong: &mut Wrong) -> VendorRules {
    let rate = vendor.rate.as_ref().and_then(|rate| {
        let per = wrong.read(&rate.per, some_time)?;
        if *rate.calls.get() == 0 {
            wrong.at(rate.calls.span(), "expected one call at least");
        }
        Some((*rate.calls.get(), per))
    });
    VendorRules {
        codes_per_lock,
        clock: wrong.read_some(vendor.clock.as_ref(), clock_error).unwrap_or_default(),
        token_life: wrong.read_some(vendor.tokens.as_ref(), some_time),
        rate,
    }
}

fn watch(inlet: &written::Inlet, locks: u32, wrong: &mut Wrong) -> Option<Watch> {
    let watched = wrong.read_some(inlet.watched.as_ref(), |text| range::numbers(text, locks));
    let every = wrong.read_some(inlet.watch.as_ref(), some_time);
    if let (Some(text), None) = (&inlet.watched, &inlet.watch) {
        wrong.at(text.span(), "`watched` says nothing without `watch`, the time from one look to the next");
    }
    Some(Watch { every: every?, locks: watched.unwrap_or_else(|| (1..=locks).collect()) })
}

/// A span that is longer than nothing.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    let span = moment::exact(text)?;
    if span.is_zero() { Err("expected a span that is longer than nothing".to_owned()) } else { Ok(span) }
}

/// `5 min fast`, `5 min slow`, `right`.
pub(super) fn clock_error(text: &str) -> Result<ClockError, String> {
    let expected =
        || "expected \"right\", or a span with `fast` or `slow`, such as \"5 min slow\"".to_owned();
    if text.trim() == "right" {
        return Ok(ClockError::default());
    }
    let (span, is_fast) = match (text.strip_suffix(" fast"), text.strip_suffix(" slow")) {
        (Some(span), _) => (span, true),
        (_, Some(span)) => (span, false),
        _ => return Err(expected()),
    };
    Ok(ClockError { by: moment::exact(span).map_err(|_| expected())?, is_fast })
}

/// One lock or several, exactly one of which must be written.
pub(super) fn locks_of(
    lock: Option<&At<u32>>,
    locks: Option<&Text>,
    most: u32,
    place: std::ops::Range<usize>,
    wrong: &mut Wrong,
) -> Vec<u32> {
    match (lock, locks) {
        (Some(lock), None) => wrong.number(lock, most, "lock").into_iter().collect(),
        (None, Some(locks)) => wrong.read(locks, |text| range::numbers(text, most)).unwrap_or_default(),
        _ => {
            wrong.at(place, "expected either `lock` or `locks`");
            Vec::new()
        }
    }
}

fn last(events: &[Event], guests: &[Guest], moments: &[Duration]) -> Duration {
    let of_guest = |guest: &Guest| {
        let typed = guest.types.last().copied().unwrap_or_default();
        guest.booked.max(guest.until).max(typed).max(guest.cancelled.unwrap_or_default())
    };
    let events = events.iter().map(|event| event.after);
    events.chain(guests.iter().map(of_guest)).chain(moments.iter().copied()).max().unwrap_or_default()
}
