//! The partner's log: what it hands in, and what a reviewer reads.

use std::sync::{Arc, Mutex, PoisonError};

use crate::vendors::vocabulary::Instant;

/// Lines with their times. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    /// Adds a line.
    pub(super) fn note(&self, at: Instant, line: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{at} {line}"));
    }

    /// The whole log.
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}
