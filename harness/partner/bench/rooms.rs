//! Doors, each used once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::harness::criterion::CriterionId;
use crate::vendors::partner::Room;

/// Doors by customer.
pub(super) struct Rooms {
    customers: BTreeMap<String, usize>,
    free: Mutex<Vec<Vec<String>>>,
    /// For which criterion each was taken, where it was for one.
    taken: Mutex<BTreeMap<String, Option<CriterionId>>>,
}

impl Rooms {
    /// Doors that nobody has used, for each customer.
    pub(super) fn new(doors: Vec<Vec<String>>) -> Self {
        let named = |(customer, doors): (usize, &Vec<String>)| -> Vec<(String, usize)> {
            doors.iter().map(|door| (door.clone(), customer)).collect()
        };
        let customers = doors.iter().enumerate().flat_map(named).collect();
        let free = doors.into_iter().map(|doors| doors.into_iter().rev().collect()).collect();
        Self { customers, free: Mutex::new(free), taken: Mutex::default() }
    }

    /// A door of a customer, for a scenario of a criterion.
    pub(super) fn take(&self, customer: usize, criterion: Option<&CriterionId>) -> Option<Room> {
        let door = self.free.lock().unwrap_or_else(PoisonError::into_inner).get_mut(customer)?.pop()?;
        self.taken().insert(door.clone(), criterion.cloned());
        Some(Room(door))
    }

    /// The criterion for which a door was taken.
    pub(super) fn criterion_of(&self, door: &str) -> Option<CriterionId> {
        self.taken().get(door).cloned().flatten()
    }

    /// Whether a door was taken at all; of no other was anything booked.
    pub(super) fn is_taken(&self, door: &str) -> bool {
        self.taken().contains_key(door)
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<String, Option<CriterionId>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn customer_of(&self, door: &str) -> Option<usize> {
        self.customers.get(door).copied()
    }
}
