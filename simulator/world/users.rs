//! People that the vendor knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Refusal, World};
use crate::vendors::vocabulary::{Facts, Field};

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// The vendor's id.
    pub id: Arc<str>,
    /// Our reference.
    pub reference: Option<Box<str>>,
    /// Display name.
    pub name: Box<str>,
    /// Where invitations go.
    pub email: Option<Box<str>>,
}

/// Everybody, by id and by reference.
#[derive(Clone, Debug, Default)]
pub struct Users {
    by_id: HashMap<Arc<str>, User>,
    by_reference: HashMap<Box<str>, Arc<str>>,
}

impl Users {
    /// The user of that id.
    pub fn get(&self, id: &str) -> Option<&User> {
        self.by_id.get(id)
    }

    /// The user of that reference.
    pub fn referred(&self, reference: &str) -> Option<&User> {
        self.by_reference.get(reference).and_then(|id| self.by_id.get(id))
    }

    fn put(&mut self, user: User) {
        if let Some(reference) = &user.reference {
            self.by_reference.insert(reference.clone(), user.id.clone());
        }
        self.by_id.insert(user.id.clone(), user);
    }

    fn take(&mut self, id: &str) -> Option<User> {
        let user = self.by_id.remove(id)?;
        if let Some(reference) = &user.reference {
            self.by_reference.remove(reference);
        }
        Some(user)
    }
}

impl World {
    pub(super) fn upsert_user(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let known = match (asked.text(&Field::UserId), asked.text(&Field::UserReference)) {
            (Some(id), _) => Some(self.users.get(id).cloned().ok_or_else(|| Refusal::not_found("user", id))?),
            (None, Some(reference)) => self.users.referred(reference).cloned(),
            (None, None) => None,
        };
        let mut user = known.unwrap_or_else(|| {
            let reference = asked.text(&Field::UserReference).map(Into::into);
            User { id: self.make_id("user"), reference, name: "".into(), email: None }
        });
        if let Some(name) = asked.text(&Field::UserName) {
            user.name = self.keep_name(name);
        }
        if let Some(email) = asked.text(&Field::UserEmail) {
            user.email = Some(email.into());
        }
        let told = user_facts(&user);
        self.users.put(user);
        Ok(told)
    }

    /// Makes a person together with an access.
    pub(super) fn make_user(&mut self, asked: &Facts) -> Arc<str> {
        let id = self.make_id("user");
        let name = self.keep_name(asked.text(&Field::UserName).unwrap_or_default());
        let reference = asked.text(&Field::UserReference).map(Into::into);
        let email = asked.text(&Field::UserEmail).map(Into::into);
        self.users.put(User { id: id.clone(), reference, name, email });
        id
    }

    pub(super) fn delete_user(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let id = self.asked_user(asked)?.ok_or_else(|| Refusal::invalid("the request names no user"))?;
        self.users.take(&id);
        for access in self.accesses.of_user(&id) {
            self.take_from_lock(access);
        }
        self.remove_mobiles_of(&id);
        Ok(Facts::new())
    }

    /// The user that a request names by id or by reference, if it names one.
    pub(super) fn asked_user(&self, asked: &Facts) -> Result<Option<Arc<str>>, Refusal> {
        if let Some(id) = asked.text(&Field::UserId) {
            let user = self.users.get(id).ok_or_else(|| Refusal::not_found("user", id))?;
            return Ok(Some(user.id.clone()));
        }
        Ok(asked
            .text(&Field::UserReference)
            .and_then(|name| self.users.referred(name))
            .map(|user| user.id.clone()))
    }

    /// A name, cut to what the vendor keeps.
    pub(super) fn keep_name(&self, name: &str) -> Box<str> {
        match self.limits.name_length {
            Some(most) => name.chars().take(most as usize).collect::<String>().into(),
            None => name.into(),
        }
    }
}

/// What the vendor tells of a user.
pub(super) fn user_facts(user: &User) -> Facts {
    let mut facts = Facts::new().with_text(Field::UserId, &user.id).with_text(Field::UserName, &user.name);
    if let Some(reference) = &user.reference {
        facts = facts.with_text(Field::UserReference, reference);
    }
    if let Some(email) = &user.email {
        facts = facts.with_text(Field::UserEmail, email);
    }
    facts
}
