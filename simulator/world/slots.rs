//! Numbered places for PINs on a lock, of which the caller chooses one.
//!
//! A place has no id of the vendor's: within the world an access goes by its
//! lock and the number of its place, and outside by the number alone.

use std::time::Duration;

use super::accesses::{Access, Scope, Stage};
use super::jobs::Work;
use super::{Call, Refusal, World};
use crate::vendors::vocabulary::{Datum, Days, Facts, Field, Pin, Window, Word};

/// What is written to a place holds until it is said otherwise.
const UNLIMITED: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl World {
    /// The id by which the world knows the access that a request names.
    pub(super) fn known_id(&self, asked: &Facts) -> Option<String> {
        let id = asked.text(&Field::AccessId)?;
        match (self.limits.pin.slots, asked.text(&Field::LockId)) {
            (Some(_), Some(lock)) => Some(known_as(lock, id)),
            _ => Some(id.to_owned()),
        }
    }

    /// The id of an access as the vendor tells it.
    pub(super) fn told_id<'a>(&self, id: &'a str) -> &'a str {
        let number = self.limits.pin.slots.and_then(|_| id.rsplit_once('#'));
        number.map_or(id, |(_, number)| number)
    }

    /// Writes a PIN to a place. What stood there is overwritten; whether the lock
    /// takes the PIN is told by the command's end, where there is one.
    pub(super) fn set_slot(&mut self, call: Call, asked: &Facts, slots: u32) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let id = self.known_id(asked).ok_or_else(|| Refusal::invalid("the request names no place"))?;
        let number = self.told_id(&id).to_owned();
        let written = match self.checked_slot(asked, &number, slots) {
            Ok(pin) => {
                let index = self.slot(lock, &id);
                self.send_pin(call, index, pin)
            }
            Err(refusal) => Err(refusal),
        };
        match written {
            Err(refusal) if call.starts_job => {
                let mut facts = Facts::new().with_text(Field::AccessId, number);
                self.tell_job(&mut facts, Work::Refuse(refusal));
                Ok(facts)
            }
            written => written,
        }
    }

    fn checked_slot(&self, asked: &Facts, number: &str, slots: u32) -> Result<Pin, Refusal> {
        if !number.parse::<u32>().is_ok_and(|number| (1..=slots).contains(&number)) {
            return Err(Refusal::invalid(format!("there are the places 1 to {slots}")));
        }
        let pin = asked.pin(&Field::AccessPin).ok_or_else(|| Refusal::invalid("the request names no PIN"))?;
        self.admit_pin(pin).map(|()| pin.clone())
    }

    /// The access at a place; a new one where there is none.
    fn slot(&mut self, lock: u32, id: &str) -> usize {
        if let Some(index) = self.accesses.at(id) {
            if self.accesses.get(index).is_some_and(|access| access.stage != Stage::Removed) {
                return index;
            }
            self.accesses.forget(index);
        }
        self.accesses.add(Access {
            id: id.into(),
            user: None,
            name: "".into(),
            scope: Scope::Lock(lock),
            window: Window::new(self.now, self.now + UNLIMITED),
            days: Days::ALL,
            pin: None,
            stage: Stage::Assigned,
            on: Vec::new(),
            waiting: Vec::new(),
            assigned: true,
            made: self.now,
            job: None,
        })
    }

    /// Every place of a lock: taken by a PIN that the lock has, or free.
    pub(super) fn list_slots(&self, lock: u32, slots: u32) -> Vec<Facts> {
        let name = self.lock_name(lock);
        let told = |number: u32| {
            let taken = self.accesses.find(&known_as(&name, &number.to_string())).filter(|index| {
                self.accesses.get(*index).is_some_and(|access| access.stage == Stage::Active)
            });
            taken.map_or_else(|| free(&name, number), |index| self.access_facts(index))
        };
        (1..=slots).map(told).collect()
    }
}

fn free(lock: &str, number: u32) -> Facts {
    Facts::new()
        .with_text(Field::AccessId, number.to_string())
        .with_text(Field::LockId, lock)
        .with(Field::AccessState, Datum::Word(Word::Free))
}

fn known_as(lock: &str, number: &str) -> String {
    format!("{lock}#{number}")
}
