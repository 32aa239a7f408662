//! Bolts: opening for a moment, holding open, releasing.

use std::time::Duration;

use super::due::Due;
use super::jobs::Work;
use super::places::Hold;
use super::{Call, Quirk, Refusal, World};
use crate::vendors::profile::CommandPolicy;
use crate::vendors::vocabulary::{Datum, EventKind, Facts, FailureKind, Field, Instant, Meaning, Word};

/// What a bolt is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Open for a moment.
    Pulse(Duration),
    /// Stay open until an instant, or until released.
    Hold(Option<Instant>),
    /// End a hold.
    Release,
    /// Lock.
    Lock,
}

impl World {
    /// Carries out a call that moves a bolt.
    pub(super) fn actuate(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let how = self.asked_move(call.meaning, asked)?;
        if how == Move::Release && self.is(Quirk::ReleaseOnNormalFails) && self.bolt(lock) == Word::Locked {
            return Err(Refusal::new(FailureKind::Server, "an internal error occurred"));
        }
        let mut facts = Facts::new().with_text(Field::LockId, &*self.lock_name(lock));
        if call.starts_job && call.refuses_offline && !self.is_deliverable(lock) {
            self.move_bolt(lock, how)?;
        }
        if call.starts_job {
            self.tell_job(&mut facts, Work::Move { lock, how });
        } else {
            self.move_bolt(lock, how)?;
            facts.set(Field::LockState, Datum::Word(self.bolt(lock)));
        }
        if let Move::Hold(Some(until)) = how {
            facts.set(Field::HoldUntil, Datum::Instant(until));
        }
        Ok(facts)
    }

    fn asked_move(&self, meaning: Meaning, asked: &Facts) -> Result<Move, Refusal> {
        match meaning {
            Meaning::Unlock => self.asked_pulse(asked).map(Move::Pulse),
            Meaning::HoldOpen => self.asked_hold(asked).map(Move::Hold),
            Meaning::ReleaseHold => Ok(Move::Release),
            _ => Ok(Move::Lock),
        }
    }

    fn asked_pulse(&self, asked: &Facts) -> Result<Duration, Refusal> {
        let asked = asked.get(&Field::PulseSeconds).and_then(Datum::as_seconds);
        match asked {
            None => Ok(self.limits.pulse),
            Some(span) if span.is_zero() => Err(Refusal::invalid("a lock opens for a second at least")),
            Some(span) if span > self.limits.pulse.max(Duration::from_secs(60)) => {
                Err(Refusal::invalid("a momentary unlock is not that long"))
            }
            Some(span) => Ok(span),
        }
    }

    fn asked_hold(&self, asked: &Facts) -> Result<Option<Instant>, Refusal> {
        let span = asked.get(&Field::HoldSeconds).and_then(Datum::as_seconds);
        let until = asked.instant(&Field::HoldUntil).or(span.map(|span| self.now + span));
        let Some(until) = until else { return Ok(None) };
        if until <= self.now {
            return Err(Refusal::invalid("the hold ends in the past"));
        }
        match self.limits.hold_max {
            Some(most) if until.since(self.now) > most => {
                Err(Refusal::invalid(format!("a hold lasts {} seconds at most", most.as_secs())))
            }
            _ => Ok(Some(until)),
        }
    }

    /// Moves a bolt now. Errors when the lock cannot be reached.
    pub(super) fn move_bolt(&mut self, lock: u32, how: Move) -> Result<(), Refusal> {
        self.check_ability(lock, |kept| kept.bridged)?;
        let (now, quirk) = (self.now, self.quirk);
        let Some(kept) = self.places.locks.get_mut(lock as usize) else {
            return Err(Refusal::not_found("lock", ""));
        };
        if !kept.reachable {
            if quirk == Some(Quirk::KeepsRefusedUnlock) && matches!(how, Move::Pulse(_)) {
                kept.kept_unlock = true;
            }
            let claims = quirk == Some(Quirk::ClaimsOfflineUnlock) && matches!(how, Move::Pulse(_));
            let dropped = self.limits.command_offline == CommandPolicy::Drop;
            return if claims || dropped {
                Ok(())
            } else {
                Err(Refusal::new(FailureKind::Offline, "the lock cannot be reached"))
            };
        }
        match how {
            Move::Pulse(_) if quirk == Some(Quirk::UnlockDoesNothing) => {}
            Move::Pulse(_) if quirk == Some(Quirk::NeverRelocks) => kept.hold = Hold::Released,
            Move::Pulse(_) if kept.armed => kept.hold = Hold::Released,
            Move::Pulse(span) => {
                let span = if quirk == Some(Quirk::RelocksLate) { span * 12 } else { span };
                kept.pulse = Some(now + span);
                self.plan(now + span, Due::Relock { lock });
            }
            Move::Hold(_) if quirk == Some(Quirk::HoldDoesNothing) => {}
            Move::Hold(_) if !self.limits.hold_opens => kept.armed = true,
            Move::Hold(until) => self.hold(lock, until),
            Move::Release if quirk == Some(Quirk::ReleaseDoesNothing) => {}
            Move::Release
                if quirk == Some(Quirk::ReleaseOpensNormal)
                    && kept.pulse.is_none()
                    && matches!(kept.hold, Hold::None) =>
            {
                kept.hold = Hold::Released;
            }
            // What a hold only kept open stays so until it is locked.
            Move::Release if !self.limits.hold_opens => kept.armed = false,
            Move::Release | Move::Lock => (kept.pulse, kept.hold) = (None, Hold::None),
        }
        self.tell(format!("lock {}: {}", self.lock_name(lock), describe(how)));
        self.note_bolt(lock);
        Ok(())
    }

    fn hold(&mut self, lock: u32, until: Option<Instant>) {
        let ends = match (self.quirk, until) {
            (Some(Quirk::HoldNeverEnds), _) | (_, None) => None,
            (Some(Quirk::HoldEndsEarly), Some(until)) => Some(self.now + until.since(self.now) / 3),
            (_, Some(until)) => Some(until),
        };
        if let Some(kept) = self.places.locks.get_mut(lock as usize) {
            kept.hold = ends.map_or(Hold::Released, Hold::Until);
        }
        if let Some(ends) = ends {
            self.plan(ends, Due::HoldEnd { lock });
        }
    }

    pub(super) fn relock(&mut self, lock: u32) {
        let now = self.now;
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return };
        if kept.pulse.is_some_and(|until| until <= now) {
            kept.pulse = None;
            self.tell(format!("lock {} locks again", self.lock_name(lock)));
        }
        self.note_bolt(lock);
    }

    pub(super) fn end_hold(&mut self, lock: u32) {
        let now = self.now;
        let Some(kept) = self.places.locks.get_mut(lock as usize) else { return };
        if matches!(kept.hold, Hold::Until(until) if until <= now) {
            kept.hold = Hold::None;
            self.tell(format!("the hold of lock {} ends", self.lock_name(lock)));
        }
        self.note_bolt(lock);
    }

    /// Writes down how the bolt is now, where that differs from before.
    fn note_bolt(&mut self, lock: u32) {
        /// Most changes that are kept.
        const KEPT: usize = 2_000;
        let bolt = self.bolt(lock);
        let before = self.bolts.iter().rev().find(|(of, ..)| *of == lock);
        if before.map_or(Word::Locked, |(.., bolt)| *bolt) == bolt {
            return;
        }
        if self.bolts.len() == KEPT {
            self.bolts.pop_front();
        }
        self.bolts.push_back((lock, self.now, bolt));
        self.happened_at(EventKind::Bolt, lock);
    }

    /// How a bolt was at an instant, and every change since, in order.
    pub fn bolt_history(&mut self, lock: u32, since: Instant) -> Vec<(Instant, Word)> {
        self.settle();
        let changes = || self.bolts.iter().filter(|(of, ..)| *of == lock);
        let before = changes().rfind(|(_, at, _)| *at <= since).map_or(Word::Locked, |(.., bolt)| *bolt);
        let later = changes().filter(|(_, at, _)| *at > since).map(|(_, at, bolt)| (*at, *bolt));
        std::iter::once((since, before)).chain(later).collect()
    }

    /// The bolt as it stands at the world's present.
    pub(super) fn bolt(&self, lock: u32) -> Word {
        let Some(kept) = self.places.locks.get(lock as usize) else { return Word::Unknown };
        let held = match kept.hold {
            Hold::None => false,
            Hold::Until(until) => self.now < until,
            Hold::Released => true,
        };
        let pulsed = kept.pulse.is_some_and(|until| self.now < until);
        if held || pulsed { Word::Unlocked } else { Word::Locked }
    }
}

fn describe(how: Move) -> &'static str {
    match how {
        Move::Pulse(_) => "opens for a moment",
        Move::Hold(_) => "is held open",
        Move::Release => "returns to normal",
        Move::Lock => "locks",
    }
}
