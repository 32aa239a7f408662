//! The book of accesses.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::access::{Access, AccessState};
use super::upstream::Given;
use crate::simulator::world::Dice;
use crate::vendors::inlet::{GrantAccess, Mode};
use crate::vendors::vocabulary::{Instant, Secret};

/// A grant without success that is not asked for again for so long is given up
/// (chosen: `abandoned-grant`).
pub(super) const GIVEN_UP_AFTER: Duration = Duration::from_secs(600);

/// Every access, by its `ReferenceId`.
#[derive(Debug)]
pub(super) struct Book {
    accesses: BTreeMap<String, Access>,
    /// Grants without a success so far, by customer and content.
    open: HashMap<(String, GrantAccess), String>,
    /// By what each of those was asked for.
    content: HashMap<String, (String, GrantAccess)>,
    /// Those of them that nobody is carrying out, by when each is given up.
    idle: BTreeSet<(Instant, String)>,
    /// Links that open, by their secret part.
    links: HashMap<String, String>,
    dice: Dice,
}

impl Book {
    pub fn new(seed: u64) -> Self {
        Self {
            accesses: BTreeMap::new(),
            open: HashMap::new(),
            content: HashMap::new(),
            idle: BTreeSet::new(),
            links: HashMap::new(),
            dice: Dice::new(seed, "inlet accesses"),
        }
    }

    pub fn get(&self, reference_id: &str) -> Option<&Access> {
        self.accesses.get(reference_id)
    }

    pub fn get_mut(&mut self, reference_id: &str) -> Option<&mut Access> {
        self.accesses.get_mut(reference_id)
    }

    /// An access of a customer's own: those of others do not exist for it.
    pub fn own(&mut self, customer: &str, reference_id: &str) -> Option<&mut Access> {
        self.accesses.get_mut(reference_id).filter(|access| access.customer == customer)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Access> {
        self.accesses.values()
    }

    /// The access that a grant is for: the same as before, where the same was
    /// asked for and not answered with success (chosen: `same-grant`).
    pub fn open(&mut self, customer: &str, grant: &GrantAccess, now: Instant) -> String {
        let key = (customer.to_owned(), grant.clone());
        if let Some(reference_id) = self.open.get(&key)
            && let Some(access) = self.accesses.get_mut(reference_id)
        {
            self.idle.remove(&given_up_at(access));
            access.asked = now;
            access.in_hand += 1;
            return reference_id.clone();
        }
        let reference_id = self.dice.text();
        let access = Access {
            reference_id: reference_id.clone(),
            customer: customer.to_owned(),
            grant: grant.clone(),
            state: AccessState::Pending,
            given: Given::default(),
            url_key: None,
            answered: false,
            asked: now,
            in_hand: 1,
            turn: Arc::default(),
        };
        self.accesses.insert(reference_id.clone(), access);
        self.content.insert(reference_id.clone(), key.clone());
        self.open.insert(key, reference_id.clone());
        reference_id
    }

    /// The access was made. Whether this is news.
    pub fn made(&mut self, reference_id: &str, given: Given, base: &str) -> bool {
        let link = self.dice.text();
        let Some(access) = self.accesses.get_mut(reference_id) else { return false };
        let is_new = access.state == AccessState::Pending;
        access.given = given;
        if is_new {
            access.state = AccessState::Active;
        }
        if is_new && access.grant.operation == Mode::UrlKey {
            access.url_key = Some(Secret::new(format!("{base}/key/{link}")));
            self.links.insert(link, reference_id.to_owned());
        }
        is_new
    }

    /// The access that a link opens.
    pub fn linked(&self, link: &str) -> Option<&Access> {
        self.links.get(link).and_then(|reference_id| self.accesses.get(reference_id))
    }

    /// The success was told: the same body is another grant from now on.
    pub fn answered(&mut self, reference_id: &str) {
        if let Some(access) = self.accesses.get_mut(reference_id) {
            access.answered = true;
        }
        self.close(reference_id);
    }

    /// The grant is over, however it ended.
    pub fn close(&mut self, reference_id: &str) {
        if let Some(key) = self.content.remove(reference_id) {
            self.open.remove(&key);
        }
        if let Some(access) = self.accesses.get(reference_id) {
            self.idle.remove(&given_up_at(access));
        }
    }

    /// A call for a grant is not carried out any more.
    pub fn let_go(&mut self, reference_id: &str) {
        let Some(access) = self.accesses.get_mut(reference_id) else { return };
        access.in_hand = access.in_hand.saturating_sub(1);
        if access.in_hand == 0 && self.content.contains_key(reference_id) {
            self.idle.insert(given_up_at(access));
        }
    }

    /// Grants that nobody asks for any more, with what they may have made.
    pub fn given_up(&mut self, now: Instant) -> Vec<String> {
        let mut given_up = Vec::new();
        while let Some((at, reference_id)) = self.idle.first().cloned()
            && at <= now
        {
            self.close(&reference_id);
            if let Some(access) = self.accesses.get_mut(&reference_id) {
                access.state = AccessState::Abandoned;
            }
            given_up.push(reference_id);
        }
        given_up
    }

    /// When the next grant is given up, where nobody asks for it again. One that is
    /// being carried out is not, however long that takes.
    pub fn next_given_up(&self) -> Option<Instant> {
        self.idle.first().map(|(at, _)| *at)
    }
}

/// When a grant is given up, with its name.
fn given_up_at(access: &Access) -> (Instant, String) {
    (access.asked + GIVEN_UP_AFTER, access.reference_id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::inlet::Moment;

    fn grant() -> Option<GrantAccess> {
        let (from, to) = ("2027-03-01T18:50:00+01:00", "2027-03-01T20:15:00+01:00");
        Some(GrantAccess::new(Mode::Code, "L-1", Moment::parse(from)?, Moment::parse(to)?))
    }

    /// Whoever waits until the next grant is given up would wait for a moment that
    /// is past, again and again, and let nobody else have a turn.
    #[test]
    fn a_grant_that_is_being_carried_out_is_not_waited_for() {
        let (mut book, now) = (Book::new(1), Instant::from_epoch_ms(0));
        let hour = Duration::from_secs(3_600);
        let grant = grant().expect("a grant");
        let reference_id = book.open("customer", &grant, now);
        assert_eq!((book.next_given_up(), book.given_up(now + hour)), (None, Vec::new()));
        book.let_go(&reference_id);
        assert_eq!(book.next_given_up(), Some(now + GIVEN_UP_AFTER));
        // Twice at once, of which one ends.
        assert_eq!(book.open("customer", &grant, now + hour), reference_id);
        assert_eq!(book.open("customer", &grant, now + hour), reference_id);
        book.let_go(&reference_id);
        assert_eq!((book.next_given_up(), book.given_up(now + hour * 9)), (None, Vec::new()));
        book.let_go(&reference_id);
        assert_eq!(book.given_up(now + hour), Vec::<String>::new());
        assert_eq!(book.given_up(now + hour + GIVEN_UP_AFTER), std::slice::from_ref(&reference_id));
        assert_eq!(book.get(&reference_id).map(|access| access.state), Some(AccessState::Abandoned));
        assert_ne!(book.open("customer", &grant, now + hour * 2), reference_id);
    }

    #[test]
    fn a_grant_that_was_answered_is_over_though_it_was_changed_since() {
        let (mut book, now) = (Book::new(1), Instant::from_epoch_ms(0));
        let grant = grant().expect("a grant");
        let reference_id = book.open("customer", &grant, now);
        book.let_go(&reference_id);
        if let Some(access) = book.get_mut(&reference_id) {
            access.grant.lock_id = "L-2".to_owned();
        }
        book.answered(&reference_id);
        assert_eq!(book.next_given_up(), None);
        assert_ne!(book.open("customer", &grant, now), reference_id);
    }
}
