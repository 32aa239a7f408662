//! What is set up before anybody gets access: a session's place, groups made by
//! the caller, and the times at which they hold.

use super::accesses::{Scope, Stage};
use super::{Refusal, World};
use crate::vendors::vocabulary::{Days, Facts, Field};

impl World {
    /// Tells what a session stands on. Two places are listed, of which the
    /// caller's is the second: who takes the first without looking is wrong.
    pub(super) fn open_session(&self, _asked: &Facts) -> Facts {
        let mut facts = Facts::new();
        facts.items = vec![Facts::new(), Facts::new()];
        facts
    }

    /// Makes a group without locks. Where the vendor's groups need a schedule it
    /// has none yet.
    pub(super) fn create_group(&mut self, asked: &Facts) -> Facts {
        let id = self.make_id("group-made");
        let name = asked.text(&Field::GroupName).map_or_else(|| id.to_string(), str::to_owned);
        self.places.add_group(id.clone(), name.as_str().into(), !self.needs_schedule);
        self.tell(format!("group {id} is made"));
        Facts::new().with_text(Field::GroupId, &id).with_text(Field::GroupName, name)
    }

    /// Puts a lock into a group, beside the group that it stands in already.
    pub(super) fn add_lock(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let group = self.asked_group(asked)?;
        self.places.join(lock, group);
        self.send_group(group);
        Ok(Facts::new().with_text(Field::LockId, &*self.lock_name(lock)))
    }

    /// Says when a group holds, beside what was said before. Its PINs set out for
    /// the locks then.
    pub(super) fn set_schedule(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let group = self.asked_group(asked)?;
        if let Some(kept) = self.places.groups.get_mut(group as usize) {
            kept.scheduled = true;
            kept.days = kept.days.and(super::access::asked_days(asked));
        }
        self.send_group(group);
        Ok(Facts::new())
    }

    fn asked_group(&self, asked: &Facts) -> Result<u32, Refusal> {
        let id = asked.text(&Field::GroupId).ok_or_else(|| Refusal::invalid("the request names no group"))?;
        self.places.group(id).ok_or_else(|| Refusal::not_found("group", id))
    }

    /// Sends the PINs of a group that has changed.
    fn send_group(&mut self, group: u32) {
        for access in self.accesses.all() {
            let waits = self.accesses.get(access).is_some_and(|access| {
                access.scope == Scope::Group(group) && access.pin.is_some() && access.stage == Stage::Sending
            });
            if waits {
                let after = self.arrival_delay();
                self.dispatch_pin(access, after);
            }
        }
    }

    /// Whether PINs of that scope set out for its locks at all.
    pub(super) fn is_rolled_out(&self, scope: Scope) -> bool {
        match scope {
            Scope::Lock(_) => true,
            Scope::Group(group) => {
                self.places.groups.get(group as usize).is_some_and(|group| group.scheduled)
            }
            Scope::Nowhere => false,
        }
    }

    /// The weekdays on which an access of that scope can open at all.
    pub(super) fn days_of(&self, scope: Scope) -> Days {
        match scope {
            Scope::Group(group) => {
                self.places.groups.get(group as usize).map_or(Days::NONE, |group| group.days)
            }
            Scope::Lock(_) | Scope::Nowhere => Days::ALL,
        }
    }

    /// How long ago came to be what a request is about: an access or a user.
    /// `None` where it is about neither, or names none that is there.
    pub fn age_of(&self, asked: &Facts) -> Option<std::time::Duration> {
        let access = asked.text(&Field::AccessId).and_then(|id| self.accesses.find(id));
        let user = asked.text(&Field::UserId);
        let access = access.or_else(|| user.and_then(|user| self.accesses.of_user(user).first().copied()));
        self.accesses.get(access?).map(|access| self.now.since(access.made))
    }
}
