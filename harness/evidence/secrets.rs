//! The secrets that a run knew, for the last look at its finished report.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::vendors::vocabulary::Secret;

/// Every secret that a run came to know: credentials and issued tokens. Clones
/// share them, so that whoever starts a run still has them when it is over.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<Vec<Secret>>>);

impl Secrets {
    /// Takes note of one.
    pub fn learn(&self, secret: &Secret) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(secret) {
            known.push(secret.clone());
        }
    }

    /// All of them so far.
    pub fn all(&self) -> Vec<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all()).finish()
    }
}
