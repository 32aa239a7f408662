//! Doors, each used once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::vendors::partner::Room;

/// Doors by customer.
pub(super) struct Rooms {
    customers: BTreeMap<String, usize>,
    free: Mutex<Vec<Vec<String>>>,
}

impl Rooms {
    /// Doors that nobody has used, for each customer.
    pub(super) fn new(doors: Vec<Vec<String>>) -> Self {
        let named = |(customer, doors): (usize, &Vec<String>)| -> Vec<(String, usize)> {
            doors.iter().map(|door| (door.clone(), customer)).collect()
        };
        let customers = doors.iter().enumerate().flat_map(named).collect();
        let free = doors.into_iter().map(|doors| doors.into_iter().rev().collect()).collect();
        Self { customers, free: Mutex::new(free) }
    }

    pub(super) fn take(&self, customer: usize) -> Option<Room> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.get_mut(customer)?.pop().map(Room)
    }

    pub(super) fn customer_of(&self, door: &str) -> Option<usize> {
        self.customers.get(door).copied()
    }
}
