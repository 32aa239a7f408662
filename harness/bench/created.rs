//! What a run created, and how it is taken back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::harness::integration::{CallFailure, Integration, MobileAccess, PinAccess};
use crate::harness::result::Leftover;
use crate::vendors::vocabulary::{FailureKind, Function, LockId, Word};

/// The longest that taking one thing back may take on the machine's own clock.
const EACH_WITHIN: Duration = Duration::from_secs(60);

/// Something that must not outlive the run.
#[derive(Clone, Debug, PartialEq)]
pub enum Created {
    /// A PIN.
    Pin(PinAccess),
    /// A mobile key.
    Mobile(MobileAccess),
    /// A lock that was unlocked or held open.
    Actuated(LockId),
}

/// Everything that a run created; clones share it.
#[derive(Clone, Default)]
pub struct Creations(Arc<Mutex<Vec<Created>>>);

impl Creations {
    /// Keeps one in mind.
    pub fn add(&self, created: Created) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(created);
    }

    /// Takes all of them, the youngest first.
    pub fn take(&self) -> Vec<Created> {
        let mut all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.reverse();
        all.dedup();
        all
    }
}

/// Takes back what was created; what could not be is listed with why.
pub async fn clean(inlet: &Integration, creations: &Creations) -> Vec<Leftover> {
    let mut leftovers = Vec::new();
    for created in creations.take() {
        let work = inlet.clocks().harness.drive(undo(inlet, &created));
        let outcome = match tokio::time::timeout(EACH_WITHIN, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err("the vendor did not answer in time".to_owned()),
        };
        if let Err(why) = outcome {
            leftovers.push(left(&created, why));
        }
    }
    leftovers
}

async fn undo(inlet: &Integration, created: &Created) -> Result<(), String> {
    match created {
        Created::Pin(access) => gone(inlet.remove_pin_access(access).await),
        Created::Mobile(access) => gone(inlet.remove_mobile_access(access).await),
        Created::Actuated(lock) => back_to_normal(inlet, lock).await,
    }
}

/// Removed, or not there any more.
fn gone(outcome: Result<(), CallFailure>) -> Result<(), String> {
    match outcome {
        Ok(()) => Ok(()),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(()),
        Err(failure) => Err(failure.to_string()),
    }
}

async fn back_to_normal(inlet: &Integration, lock: &LockId) -> Result<(), String> {
    if inlet.dialect().supports(Function::ReturnToNormal) {
        return inlet.return_to_normal(lock).await.map_err(|failure| failure.to_string());
    }
    match inlet.get_lock_status(lock).await {
        Ok(status) if status.bolt == Some(Word::Locked) => Ok(()),
        Ok(_) => Err("the vendor has no return to normal and does not say that it is locked".to_owned()),
        Err(failure) => Err(failure.to_string()),
    }
}

fn left(created: &Created, why: String) -> Leftover {
    let (what, id, place) = match created {
        Created::Pin(access) => ("PIN access", access.id.to_string(), access.name.clone()),
        Created::Mobile(access) => ("mobile key", access.id.to_string(), None),
        Created::Actuated(lock) => ("hold", lock.to_string(), Some(lock.to_string())),
    };
    Leftover { what: what.to_owned(), id, place: place.unwrap_or_default(), why }
}
