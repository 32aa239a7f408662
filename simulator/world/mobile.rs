//! Keys in the vendor's own app.

use std::collections::HashMap;
use std::sync::Arc;

use super::accesses::Scope;
use super::{Call, Quirk, Refusal, World};
use crate::simulator::Variation;
use crate::vendors::profile::SameUser;
use crate::vendors::vocabulary::{Datum, Days, Facts, Field, Instant, LockId, Window, Word};

/// A mobile credential.
#[derive(Clone, Debug)]
pub struct Mobile {
    /// The vendor's id.
    pub id: Arc<str>,
    /// Whose it is.
    pub user: Option<Arc<str>>,
    /// Our reference for somebody whom the vendor does not know as a user.
    pub reference: Option<Box<str>>,
    /// Where the invitation went.
    pub email: Option<Box<str>>,
    /// Its name.
    pub name: Box<str>,
    /// Where it opens.
    pub scope: Scope,
    /// When it opens.
    pub window: Window,
    /// The weekdays on which it opens, in UTC.
    pub days: Days,
    /// The link that was sent.
    pub invitation: Box<str>,
    /// Whether it was presented once.
    pub active: bool,
    /// How often it still opens; always unless said.
    pub left: Option<u32>,
    /// When it opens no more, once it is withdrawn.
    pub gone_at: Option<Instant>,
}

/// Every mobile credential, withdrawn ones included, in order.
#[derive(Clone, Debug, Default)]
pub struct Mobiles {
    all: Vec<Mobile>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Mobiles {
    /// The credential of that id, withdrawn or not.
    pub fn any(&self, id: &str) -> Option<&Mobile> {
        self.by_id.get(id).and_then(|index| self.all.get(*index))
    }

    /// The credentials that are not withdrawn, in order.
    pub fn current(&self) -> impl Iterator<Item = &Mobile> {
        self.all.iter().filter(|key| key.gone_at.is_none())
    }

    fn current_mut(&mut self, id: &str) -> Option<&mut Mobile> {
        let index = *self.by_id.get(id)?;
        self.all.get_mut(index).filter(|key| key.gone_at.is_none())
    }

    /// Ends what the same user, known by id or by address, holds in the same place.
    fn replace(&mut self, user: &Option<Arc<str>>, email: Option<&str>, scope: Scope, now: Instant) {
        let same = |key: &&mut Mobile| {
            let person =
                user.is_some() && key.user == *user || email.is_some() && key.email.as_deref() == email;
            key.scope == scope && person
        };
        for key in self.all.iter_mut().filter(same) {
            key.gone_at.get_or_insert(now);
        }
    }

    fn add(&mut self, key: Mobile) {
        self.by_id.insert(key.id.clone(), self.all.len());
        self.all.push(key);
    }
}

impl World {
    pub(super) fn create_mobile(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let user = self.asked_user(asked)?;
        let scope = self.asked_scope(asked)?;
        let unit = self.window_unit();
        let window =
            self.admit_window(self.asked_window(asked, &Field::MobileFrom, &Field::MobileUntil, unit))?;
        let name = self.keep_name(asked.text(&Field::AccessName).unwrap_or_default());
        let id = self.make_id("mobile");
        let invitation = format!("https://invitation.example/{}", self.dice.text()).into();
        let email: Option<Box<str>> = asked.text(&Field::UserEmail).map(Into::into);
        if self.limits.mobile.same_user == SameUser::Replace {
            self.mobiles.replace(&user, email.as_deref(), scope, self.now);
        }
        let reference = asked.text(&Field::UserReference).map(Into::into);
        self.mobiles.add(Mobile {
            id: id.clone(),
            user,
            reference,
            email,
            name,
            scope,
            window,
            days: super::access::asked_days(asked),
            invitation,
            active: false,
            left: call.terms.uses,
            gone_at: None,
        });
        self.tell(format!("mobile credential {id} is sent"));
        let mut facts = self.mobiles.any(&id).map(|key| self.mobile_facts(key)).unwrap_or_default();
        if call.starts_job {
            self.tell_job(&mut facts, super::jobs::Work::Nothing);
        }
        Ok(facts)
    }

    pub(super) fn remove_mobile(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let id = asked
            .text(&Field::MobileId)
            .ok_or_else(|| Refusal::invalid("the request names no credential"))?;
        let gone_at = self.now + self.mobile_removal();
        let key = self.mobiles.current_mut(id).ok_or_else(|| Refusal::not_found("mobile credential", id))?;
        key.gone_at = Some(gone_at);
        self.tell(format!("mobile credential {id} is withdrawn"));
        let mut facts =
            Facts::new().with_text(Field::MobileId, id).with(Field::MobileState, Datum::Word(Word::Removed));
        if call.starts_job {
            self.tell_job(&mut facts, super::jobs::Work::Nothing);
        }
        Ok(facts)
    }

    /// The locks of the credential that a request names.
    pub fn locks_of_mobile(&self, asked: &Facts) -> Vec<LockId> {
        let key = asked.text(&Field::MobileId).and_then(|id| self.mobiles.any(id));
        let locks = key.map(|key| self.locks_in(key.scope)).unwrap_or_default();
        locks.into_iter().map(|lock| LockId::new(&*self.lock_name(lock))).collect()
    }

    fn mobile_removal(&self) -> std::time::Duration {
        let documented = self.limits.delays.removal;
        if self.is(Quirk::MobileRemovalTooLate) {
            return documented * 4 + std::time::Duration::from_secs(600);
        }
        match self.variation {
            Some(Variation::SlowButLegal) => documented.saturating_sub(std::time::Duration::from_secs(1)),
            _ => documented / 2,
        }
    }

    pub(super) fn remove_mobiles_of(&mut self, user: &str) {
        let gone_at = self.now + self.mobile_removal();
        for key in self.mobiles.all.iter_mut().filter(|key| key.user.as_deref() == Some(user)) {
            key.gone_at.get_or_insert(gone_at);
        }
    }

    /// A credential has opened: it is known to be in use, and counts one use.
    pub(super) fn use_mobile(&mut self, id: &str) {
        if let Some(key) = self.mobiles.current_mut(id) {
            key.active = true;
            key.left = key.left.map(|left| left.saturating_sub(1));
        }
    }

    pub(super) fn list_mobile(&self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let user = self.asked_user(asked)?;
        if user.is_none() && asked.has(&Field::UserReference) {
            return Err(Refusal::not_found("user", asked.text(&Field::UserReference).unwrap_or_default()));
        }
        let lock = asked.text(&Field::LockId).map(|_| self.asked_lock(asked)).transpose()?;
        let items = self.mobile_items(call, user.as_ref(), lock);
        let page = self.page(call, asked, items.len(), &format!("mobile/{user:?}/{lock:?}"))?;
        let mut facts = page.facts;
        facts.items = items.get(page.range).unwrap_or_default().to_vec();
        Ok(facts)
    }

    /// The mobile credentials of a user, at a lock, as they are listed.
    pub(super) fn mobile_items(&self, call: Call, user: Option<&Arc<str>>, lock: Option<u32>) -> Vec<Facts> {
        let fits = |key: &&Mobile| {
            (key.gone_at.is_none() || call.tells_removed || self.is(Quirk::RemovedMobileListed))
                && (user.is_none() || key.user.as_ref() == user)
                && lock.is_none_or(|lock| self.locks_in(key.scope).contains(&lock))
        };
        let tell = |key: &Mobile| {
            let mut told = self.mobile_facts(key);
            if call.tells_removed && key.gone_at.is_some() && !self.is(Quirk::RemovedMobileListed) {
                told.set(Field::MobileState, Datum::Word(Word::Removed));
            }
            told
        };
        self.mobiles.all.iter().filter(fits).map(tell).collect()
    }

    fn mobile_facts(&self, key: &Mobile) -> Facts {
        let state = if key.active { Word::Active } else { Word::Pending };
        let mut facts = Facts::new()
            .with_text(Field::MobileId, &key.id)
            .with_text(Field::MobileInvitation, &key.invitation)
            .with_text(Field::AccessName, &key.name)
            .with(Field::MobileFrom, Datum::Instant(key.window.from))
            .with(Field::MobileUntil, Datum::Instant(key.window.until))
            .with(Field::AccessDays, Datum::Days(key.days))
            .with(Field::MobileState, Datum::Word(state));
        if super::windows::is_endless(key.window) {
            facts.remove(&Field::MobileUntil);
        }
        if let Some(user) = key.user.as_deref().and_then(|id| self.users.get(id)) {
            facts.merge(&super::users::user_facts(user));
        }
        if let Some(reference) = &key.reference {
            facts = facts.with_text(Field::UserReference, reference);
        }
        if let Some(email) = &key.email {
            facts = facts.with_text(Field::UserEmail, email);
        }
        self.scope_facts(key.scope, &mut facts);
        facts
    }
}
