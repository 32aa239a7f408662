//! The exchanges of one call, in the order in which they were sent.

use std::sync::{Arc, Mutex, PoisonError};

/// Collects the ids of the exchanges of a call; clones write to the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace(Arc<Mutex<Vec<String>>>);

impl Trace {
    /// Takes note of an exchange that is about to be sent.
    pub fn note(&self, exchange: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange.to_owned());
    }

    /// The last one.
    pub fn last(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    /// All of them.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
