//! Accesses that are given in two calls: first to a person, then at a place.

use super::accesses::{Scope, Stage};
use super::{Call, Refusal, World};
use crate::vendors::vocabulary::{Facts, FailureKind, Field};

impl World {
    /// The access of a user that holds nowhere yet, where a request asks for its
    /// place.
    pub(super) fn unplaced(&self, asked: &Facts) -> Result<Option<usize>, Refusal> {
        let places = asked.has(&Field::LockId) || asked.has(&Field::GroupId);
        if !places || !asked.has(&Field::UserId) {
            return Ok(None);
        }
        let Some(user) = self.asked_user(asked)? else { return Ok(None) };
        let nowhere =
            |index: &usize| self.accesses.get(*index).is_some_and(|access| access.scope == Scope::Nowhere);
        Ok(self.accesses.of_user(&user).into_iter().find(nowhere))
    }

    /// The access of a user that holds already where a request without a window
    /// asks to place one: who has been let in is in, however often it is asked.
    pub(super) fn placed(&self, asked: &Facts) -> Result<Option<usize>, Refusal> {
        let places = asked.has(&Field::LockId) || asked.has(&Field::GroupId);
        let dated = asked.has(&Field::AccessFrom) || asked.has(&Field::AccessUntil);
        if !places || dated || !asked.has(&Field::UserId) {
            return Ok(None);
        }
        let Some(user) = self.asked_user(asked)? else { return Ok(None) };
        let scope = self.asked_scope(asked)?;
        let there = |index: &usize| self.accesses.get(*index).is_some_and(|access| access.scope == scope);
        Ok(self.accesses.of_user(&user).into_iter().find(there))
    }

    /// Gives such an access its place; a PIN that it has already sets out.
    pub(super) fn place_access(&mut self, index: usize, asked: &Facts) -> Result<Facts, Refusal> {
        let scope = self.asked_scope(asked)?;
        self.accesses.rescope(index, scope);
        let has_pin = self.accesses.get(index).is_some_and(|access| access.pin.is_some());
        if has_pin {
            if let Some(access) = self.accesses.get_mut(index) {
                access.stage = Stage::Sending;
            }
            let after = self.arrival_delay();
            self.dispatch_pin(index, after);
        }
        Ok(self.access_facts(index))
    }

    /// Whether there is a seat for another person. Where the vendor makes the
    /// person all the same, it does so here, and says which.
    pub(super) fn check_seats(&mut self, call: Call, asked: &Facts) -> Result<(), Refusal> {
        let Some(seats) = self.limits.seats.filter(|_| call.makes_user) else { return Ok(()) };
        // A seat is freed by removal alone: what is over still takes one.
        if self.accesses.all().len() < seats as usize {
            return Ok(());
        }
        let mut refusal = Refusal::new(FailureKind::Payment, "every seat of the subscription is taken");
        if call.leaves_unpaid {
            refusal.told = self.make_unpaid(call, asked)?;
        }
        Err(refusal)
    }

    /// Makes an access that never opens.
    fn make_unpaid(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let mut access = self.new_access(call, asked, true)?;
        access.stage = Stage::Failed;
        let index = self.accesses.add(access);
        Ok(self.access_facts(index))
    }
}
