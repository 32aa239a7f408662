//! A booking as it stands in the book, and what changes make of it. Pure.

use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::harness::integration::inlet::{BookingId, Fault, Wanted};
use crate::vendors::inlet::Moment;
use crate::vendors::partner::Change;
use crate::vendors::vocabulary::Instant;
use crate::vendors::vocabulary::contact::AccessPeriod;

/// A booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// Its number here.
    pub number: u64,
    /// Whose guest it is.
    pub customer: String,
    /// The zone by which the guest's day goes, where it has a name.
    pub zone: Option<String>,
    /// Its accesses; none is ever taken out, for each is known by its place.
    pub accesses: Vec<Access>,
}

/// One access of a booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Access {
    /// Door, time and contact, held against all that may reach Inlet.
    pub wanted: Wanted,
    /// Whether the booking shares the door with others.
    pub common: bool,
    /// Where the door is opened once, when the stay begins, instead of for the stay.
    pub opening: Option<Opening>,
    /// Whether it is not wanted any more.
    pub called_off: bool,
}

/// How far the one opening of a door is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Opening {
    /// It is still to come.
    Planned,
    /// It was asked for; what came of it is not known.
    Begun,
    /// The door was opened.
    Done,
    /// It was not, or nobody knows.
    Failed(String),
}

impl Opening {
    /// Why somebody has to look at it.
    pub fn attention(&self) -> Option<String> {
        match self {
            Self::Planned | Self::Done => None,
            Self::Begun => Some("it is not known whether the door was opened".to_owned()),
            Self::Failed(why) => Some(format!("the door was not opened: {why}")),
        }
    }
}

impl Access {
    fn begins(&self) -> Instant {
        self.wanted.period().window().from
    }

    fn ends(&self) -> Instant {
        self.wanted.period().window().until
    }

    /// The same from one moment to another.
    fn during(&self, from: Moment, to: Moment) -> Result<Wanted, String> {
        AccessPeriod::new(from, to).map(|period| self.wanted.within(period)).map_err(|why| why.to_string())
    }
}

impl Kept {
    /// The desk's name for the access at a place.
    ///
    /// # Errors
    /// Were it no id; no number and no place makes it that.
    pub fn id(&self, place: usize) -> Result<BookingId, Fault> {
        BookingId::new(&format!("b{}.{}", self.number, place + 1))
    }

    /// Whether there is something to be forgotten, all of which was over by then.
    pub fn was_over(&self, before: Instant) -> bool {
        !self.accesses.is_empty() && self.accesses.iter().all(|access| access.ends() < before)
    }

    /// Its number alone, which stays taken.
    pub fn forgotten(&self) -> Self {
        Self { accesses: Vec::new(), ..self.clone() }
    }

    /// What a change makes of it. The error is what the staff are told.
    pub fn changed(&self, change: &Change, now: Instant) -> Result<Self, String> {
        if !self.accesses.iter().any(|access| !access.called_off) {
            return Err("the booking was called off".to_owned());
        }
        let mut kept = self.clone();
        match change {
            Change::Until(until) => kept.end_at(Moment::of(until))?,
            Change::Move(room) => kept.move_to(&room.0, now)?,
            Change::Split(at, room) => kept.split(Moment::of(at), &room.0)?,
            Change::CheckIn => kept.begin_at(now.floor(Duration::from_secs(1)))?,
            Change::CheckOut => kept.call_off(),
        }
        Ok(kept)
    }

    /// Nothing of it is wanted any more.
    pub fn call_off(&mut self) {
        self.live().for_each(|access| access.called_off = true);
    }

    fn live(&mut self) -> impl Iterator<Item = &mut Access> {
        self.accesses.iter_mut().filter(|access| !access.called_off)
    }

    /// What ends with the stay ends then; what would begin later is called off.
    fn end_at(&mut self, end: Moment) -> Result<(), String> {
        let last = self.live().map(|access| access.ends()).max();
        for access in self.live() {
            let period = access.wanted.period();
            if access.begins() >= end.instant() {
                access.called_off = true;
            } else if Some(access.ends()) == last || access.ends() > end.instant() {
                access.wanted = access.during(period.from(), end)?;
            }
        }
        match self.live().next() {
            Some(_) => Ok(()),
            None => Err("the stay would end before it begins".to_owned()),
        }
    }

    /// The room in which the guest is now, or comes to next, becomes another; of
    /// several rooms it is the first.
    fn move_to(&mut self, lock: &str, now: Instant) -> Result<(), String> {
        let rooms = self.live().filter(|access| !access.common && access.ends() > now);
        let access = rooms.min_by_key(|access| access.begins()).ok_or("the stay is over")?;
        access.wanted = access.wanted.at_lock(lock).map_err(|fault| fault.to_string())?;
        Ok(())
    }

    fn split(&mut self, at: Moment, lock: &str) -> Result<(), String> {
        let within = |access: &&mut Access| {
            !access.common
                && access.opening.is_none()
                && access.begins() < at.instant()
                && access.ends() > at.instant()
        };
        let access = self.live().find(within).ok_or("there is no stay at that time to split")?;
        let period = access.wanted.period();
        let mut second = access.clone();
        second.wanted = second.during(at, period.to())?.at_lock(lock).map_err(|fault| fault.to_string())?;
        access.wanted = access.during(period.from(), at)?;
        self.accesses.push(second);
        Ok(())
    }

    /// What begins with the stay begins now, where that is sooner.
    fn begin_at(&mut self, now: Instant) -> Result<(), String> {
        let zone = self.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        let first = self.live().map(|access| access.begins()).min();
        for access in self.live().filter(|access| Some(access.begins()) == first && access.begins() > now) {
            let period = access.wanted.period();
            let booked = period.from().offset();
            let offset = zone.as_ref().map_or(booked, |zone| zone.to_offset(now.timestamp()));
            access.wanted = access.during(Moment::new(now, offset), period.to())?;
        }
        Ok(())
    }
}
