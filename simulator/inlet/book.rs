//! The book of accesses.

use std::collections::{BTreeMap, HashMap};
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
    /// Links that open, by their secret part.
    links: HashMap<String, String>,
    dice: Dice,
}

impl Book {
    pub fn new(seed: u64) -> Self {
        Self {
            accesses: BTreeMap::new(),
            open: HashMap::new(),
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
        self.open.retain(|_, open| open != reference_id);
    }

    /// Grants that nobody asks for any more, with what they may have made.
    pub fn given_up(&mut self, now: Instant) -> Vec<String> {
        let given_up: Vec<String> = self
            .open
            .values()
            .filter(|reference_id| {
                self.accesses
                    .get(*reference_id)
                    .is_some_and(|access| access.in_hand == 0 && now.since(access.asked) >= GIVEN_UP_AFTER)
            })
            .cloned()
            .collect();
        self.open.retain(|_, open| !given_up.contains(open));
        for reference_id in &given_up {
            if let Some(access) = self.accesses.get_mut(reference_id) {
                access.state = AccessState::Abandoned;
            }
        }
        given_up
    }

    /// When the next grant is given up, where nobody asks for it again.
    pub fn next_given_up(&self) -> Option<Instant> {
        let open = self.open.values().filter_map(|reference_id| self.accesses.get(reference_id));
        open.map(|access| access.asked + GIVEN_UP_AFTER).min()
    }
}
