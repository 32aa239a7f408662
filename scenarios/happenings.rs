//! Events: when they happen, how often, and what they are.

use std::cell::Cell;
use std::ops::Range;
use std::time::Duration;

use super::at::{At, Text};
use super::compile::{MOST_IN_ALL, MOST_REPETITIONS, clock_error, locks_of, some_time};
use super::event::{Disturbance, Event, FaultPlan, Happening};
use super::moment::{self, Calendar};
use super::written::{self, Locks};
use super::wrong::Wrong;
use crate::vendors::vocabulary::Word;

/// What events are read against.
pub(super) struct Happenings<'a> {
    pub calendar: &'a Calendar,
    pub locks: u32,
    pub bridges: u32,
    /// Events so far, counted for each lock and each repetition.
    pub told: Cell<usize>,
}

/// At how many locks something happens.
fn breadth(then: &Happening) -> usize {
    match then {
        Happening::GoOffline(locks)
        | Happening::ComeBack(locks)
        | Happening::Battery { locks, .. }
        | Happening::Drain { locks, .. }
        | Happening::Door { locks, .. } => locks.len().max(1),
        _ => 1,
    }
}

impl Happenings<'_> {
    /// Adds an event with all its repetitions.
    pub fn read(&self, event: &written::Event, events: &mut Vec<Event>, wrong: &mut Wrong) {
        let place = event.then.span();
        let Some(then) = self.happening(&event.then, place.clone(), wrong) else { return };
        let Some(first) = self.first(event, place.clone(), wrong) else { return };
        let times = self.times(first, event.every.as_ref(), event.until.as_ref(), wrong);
        let told = self.told.get() + times.len() * breadth(&then);
        self.told.set(told);
        if told > MOST_IN_ALL {
            let what =
                format!("expected {MOST_IN_ALL} events in all, counted for each lock and each repetition");
            return wrong.at(place, what);
        }
        for after in times {
            events.push(Event { after, then: then.clone() });
        }
    }

    fn first(&self, event: &written::Event, place: Range<usize>, wrong: &mut Wrong) -> Option<Duration> {
        match (&event.after, &event.at) {
            (Some(after), None) if after.contains(':') => {
                wrong.at(
                    after.span(),
                    "expected a span of time, such as \"30 s\"; a time of day is written as `at`",
                );
                None
            }
            (Some(moment), None) | (None, Some(moment)) => {
                wrong.read(moment, |text| self.calendar.moment(text))
            }
            _ => {
                wrong.at(place, "expected either `after` or `at` beside `then`");
                None
            }
        }
    }

    fn times(
        &self,
        first: Duration,
        every: Option<&Text>,
        until: Option<&Text>,
        wrong: &mut Wrong,
    ) -> Vec<Duration> {
        let (every, until) = match (every, until) {
            (None, None) => return vec![first],
            (Some(every), Some(until)) => (every, until),
            (Some(one), None) | (None, Some(one)) => {
                wrong.at(one.span(), "expected both `every` and `until`, or neither");
                return Vec::new();
            }
        };
        let span = wrong.read(every, |text| some_time(text).and_then(|_| moment::positive(text)));
        let until_at = wrong.read(until, |text| self.calendar.moment(text));
        let (Some(span), Some(end)) = (span, until_at) else { return Vec::new() };
        let all = (0..=MOST_REPETITIONS).map_while(|nth| self.calendar.repeated(first, &span, nth));
        let times: Vec<Duration> = all.take_while(|at| *at <= end).collect();
        if times.len() as i64 > MOST_REPETITIONS {
            wrong.at(until.span(), format!("expected {MOST_REPETITIONS} repetitions at most until then"));
            return Vec::new();
        }
        times
    }

    fn happening(
        &self,
        then: &written::Happening,
        place: Range<usize>,
        wrong: &mut Wrong,
    ) -> Option<Happening> {
        use written::Happening as W;
        let named = |lock: &Option<At<u32>>, locks: &Option<Text>, wrong: &mut Wrong| {
            locks_of(lock.as_ref(), locks.as_ref(), self.locks, place.clone(), wrong)
        };
        Some(match then {
            W::GoOffline(Locks { lock, locks }) => Happening::GoOffline(named(lock, locks, wrong)),
            W::ComeBack(Locks { lock, locks }) => Happening::ComeBack(named(lock, locks, wrong)),
            W::BridgeDies(it) => Happening::BridgeDies(self.bridge(&it.bridge, wrong)?),
            W::BridgeReturns(it) => Happening::BridgeReturns(self.bridge(&it.bridge, wrong)?),
            W::Battery { lock, locks, percent } => {
                let percent = of_hundred(percent, wrong);
                Happening::Battery { locks: named(lock, locks, wrong), percent }
            }
            W::Drain { lock, locks, by } => {
                let by = of_hundred(by, wrong);
                Happening::Drain { locks: named(lock, locks, wrong), by }
            }
            W::Door { lock, locks, is } => {
                let locks = named(lock, locks, wrong);
                Happening::Door { locks, is: wrong.read(is, door)? }
            }
            W::Fault { .. } => Happening::Fault(self.fault(then, wrong)?),
            W::Mend {} => Happening::Mend,
            W::ExpireTokens {} => Happening::ExpireTokens,
            W::CallbacksLate { by } => Happening::CallbacksLate(wrong.read(by, moment::exact)?),
            W::CallbacksRepeat { times } => Happening::CallbacksRepeat(*times),
            W::VendorClock { is } => Happening::VendorClock(wrong.read(is, clock_error)?),
        })
    }

    fn bridge(&self, number: &At<u32>, wrong: &mut Wrong) -> Option<u32> {
        if self.bridges == 0 {
            wrong.at(number.span(), "the fleet has no bridges; write them as `bridges = [\"1-10\"]`");
            return None;
        }
        wrong.number(number, self.bridges, "bridge")
    }

    fn fault(&self, then: &written::Happening, wrong: &mut Wrong) -> Option<FaultPlan> {
        let written::Happening::Fault { operation, meaning, creation, lock, skip, times, lasts, chance, by } =
            then
        else {
            return None;
        };
        if let Some(wide) = chance.as_ref().filter(|chance| !(0.0..=1.0).contains(chance.get())) {
            wrong.at(wide.span(), "expected a chance of 0 to 1");
        }
        Some(FaultPlan {
            operation: operation.clone(),
            meaning: *meaning,
            creation: *creation,
            lock: lock.as_ref().and_then(|lock| wrong.number(lock, self.locks, "lock")),
            skip: skip.unwrap_or(0),
            times: *times,
            lasts: wrong.read_some(lasts.as_ref(), some_time),
            chance: chance.as_ref().map_or(1.0, |chance| *chance.get()),
            by: disturbance(by, wrong)?,
        })
    }
}

fn of_hundred(percent: &At<u8>, wrong: &mut Wrong) -> u8 {
    if *percent.get() > 100 {
        wrong.at(percent.span(), "expected 0 to 100 percent");
    }
    *percent.get()
}

fn door(text: &str) -> Result<Word, String> {
    Word::parse(text)
        .filter(|word| matches!(word, Word::Open | Word::Closed | Word::Ajar | Word::Forced))
        .ok_or_else(|| "expected a door's state: open, closed, ajar or forced".to_owned())
}

fn disturbance(by: &written::Disturbance, wrong: &mut Wrong) -> Option<Disturbance> {
    use written::Disturbance as W;
    Some(match by {
        W::Refuse(kind) => Disturbance::Refuse(*kind),
        W::Status(status) => Disturbance::Status(*status),
        W::Late(span) => Disturbance::Late(wrong.read(span, some_time)?),
        W::RateLimit(span) => Disturbance::RateLimit(wrong.read(span, some_time)?),
        W::Silence => Disturbance::Silence { carried_out: false },
        W::LostAnswer => Disturbance::Silence { carried_out: true },
        W::Timeout => Disturbance::Timeout { carried_out: false },
        W::TimeoutAfter => Disturbance::Timeout { carried_out: true },
        W::Reset => Disturbance::Reset { carried_out: false },
        W::ResetAfter => Disturbance::Reset { carried_out: true },
        W::Garbage => Disturbance::Garbage,
        W::Html => Disturbance::Html,
        W::HalfBody => Disturbance::HalfBody,
        W::WrongType => Disturbance::WrongType,
        W::Stale => Disturbance::Stale,
        W::AcceptOnly => Disturbance::AcceptOnly,
        W::Twice => Disturbance::Twice,
    })
}
