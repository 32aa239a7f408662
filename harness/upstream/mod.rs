//! The lock system behind the simulated Inlet: our integration, speaking to a
//! vendor through its profile.
//!
//! So an upstream timeout, an offline lock, a full lock and a lock whose codes
//! cannot be withdrawn come from the vendor. The integration's own rule of
//! repeating stays off: what times out is told to the partner, whose rule it is
//! to repeat. An access is named by Inlet's `ReferenceId`, which is all that the
//! vendor learns of a guest.

mod holds;
mod pins;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

use crate::harness::integration::{
    CallFailure, Contact, Integration, MobileAccess, MobileRequest, PinAccess, Retries, Scope,
};
use crate::simulator::{Answering, Given, LockUpstream, UpstreamFailure, Wanted};
use crate::vendors::inlet::Mode;
use crate::vendors::vocabulary::{FailureKind, LockId};

/// A vendor as Inlet's lock system.
pub struct VendorUpstream {
    integration: Integration,
    held: Arc<Mutex<HashMap<String, Held>>>,
}

/// What is known of an access at the vendor.
enum Held {
    /// A call that may have made it was not answered; it is at this lock, if anywhere.
    Unknown(Wanted),
    /// A PIN.
    Pin(Box<PinAccess>, Wanted),
    /// A mobile key.
    Mobile(Box<MobileAccess>, Wanted),
    /// The door is kept open, or will be, by a task that can be stopped.
    Open(Wanted, AbortHandle),
    /// Nothing is made at the vendor: a link is Inlet's own.
    Link,
}

impl VendorUpstream {
    /// Lock system of what an integration speaks to.
    pub fn new(integration: &Integration) -> Self {
        Self { integration: integration.with_retries(Retries::Off), held: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, reference: &str, held: Held) {
        self.held().insert(reference.to_owned(), held);
    }

    /// Keeps in mind that a call may have been carried out.
    fn note(&self, wanted: &Wanted, failure: &CallFailure) {
        if is_unclear(failure) {
            self.keep(&wanted.reference, Held::Unknown(wanted.clone()));
        }
    }

    async fn give_mobile(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        if let Some(Held::Mobile(access, _)) = self.held().get(&wanted.reference) {
            return Ok(Given { invitation: access.invitation.clone(), typed: None });
        }
        let request = MobileRequest {
            user: Contact { email: Some(alias(wanted)), ..contact(wanted) },
            scope: Scope::Locks(vec![wanted.lock.clone()]),
            window: wanted.window,
            name: wanted.reference.clone(),
        };
        match self.integration.create_mobile_access(&request).await {
            Ok(access) => {
                let given = Given { invitation: access.invitation.clone(), typed: None };
                self.keep(&wanted.reference, Held::Mobile(Box::new(access), wanted.clone()));
                Ok(given)
            }
            Err(failure) => {
                self.note(wanted, &failure);
                Err(told(&failure, &wanted.lock))
            }
        }
    }

    /// A link opens by pulses; that its lock answers is seen before it is given out.
    async fn give_link(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        let status = self.integration.get_lock_status(&wanted.lock).await;
        let status = status.map_err(|failure| told(&failure, &wanted.lock))?;
        if status.reachable == Some(false) {
            return Err(UpstreamFailure::new(
                FailureKind::Offline,
                format!("lock {} cannot be reached", wanted.lock),
            ));
        }
        self.keep(&wanted.reference, Held::Link);
        Ok(Given::default())
    }

    async fn change_access(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        let held = self.held().remove(&wanted.reference);
        match held {
            Some(Held::Pin(access, before)) => self.change_pin(*access, &before, wanted).await,
            Some(Held::Mobile(access, before)) => {
                self.keep(&wanted.reference, Held::Mobile(access, before));
                self.withdraw_access(&wanted.reference).await?;
                self.give_mobile(wanted).await
            }
            Some(Held::Open(before, task)) => {
                self.keep(&wanted.reference, Held::Open(before, task));
                self.withdraw_access(&wanted.reference).await?;
                self.hold(wanted).await
            }
            Some(Held::Unknown(before)) => {
                self.keep(&wanted.reference, Held::Unknown(before));
                self.withdraw_access(&wanted.reference).await?;
                self.give_access(wanted).await
            }
            Some(Held::Link) => self.give_link(wanted).await,
            None => self.give_access(wanted).await,
        }
    }

    async fn give_access(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        match wanted.mode {
            Mode::Code => self.give_pin(wanted).await,
            Mode::Unlock => self.hold(wanted).await,
            Mode::MobileKey => self.give_mobile(wanted).await,
            Mode::UrlKey => self.give_link(wanted).await,
        }
    }

    async fn withdraw_access(&self, reference: &str) -> Result<(), UpstreamFailure> {
        let held = self.held().remove(reference);
        let (outcome, held) = match held {
            None | Some(Held::Link) => return Ok(()),
            Some(Held::Pin(access, wanted)) => {
                (self.remove(&access, &wanted).await, Held::Pin(access, wanted))
            }
            Some(Held::Mobile(access, wanted)) => {
                let outcome = self.integration.remove_mobile_access(&access).await;
                (outcome.map_err(|failure| told(&failure, &wanted.lock)), Held::Mobile(access, wanted))
            }
            Some(Held::Open(wanted, task)) => {
                let outcome = self.release(&wanted, &task).await;
                (outcome, Held::Open(wanted, task))
            }
            Some(Held::Unknown(wanted)) => (self.withdraw_unknown(&wanted).await, Held::Unknown(wanted)),
        };
        match outcome {
            // What is gone already need not be withdrawn.
            Err(failure) if failure.kind != FailureKind::NotFound => {
                self.keep(reference, held);
                Err(failure)
            }
            _ => Ok(()),
        }
    }
}

impl LockUpstream for VendorUpstream {
    fn give<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given> {
        Box::pin(self.give_access(wanted))
    }

    fn change<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given> {
        Box::pin(self.change_access(wanted))
    }

    fn withdraw<'a>(&'a self, reference: &'a str) -> Answering<'a, ()> {
        Box::pin(self.withdraw_access(reference))
    }

    fn pulse<'a>(&'a self, lock: &'a LockId) -> Answering<'a, ()> {
        Box::pin(async move { self.integration.unlock(lock).await.map_err(|failure| told(&failure, lock)) })
    }
}

impl Drop for VendorUpstream {
    fn drop(&mut self) {
        for held in self.held().values() {
            if let Held::Open(_, task) = held {
                task.abort();
            }
        }
    }
}

/// An opaque reference stands for the guest, also where a vendor wants a name.
fn contact(wanted: &Wanted) -> Contact {
    Contact { reference: wanted.reference.clone(), name: Some(wanted.reference.clone()), email: None }
}

/// An address that is nobody's (RFC 2606), for vendors that send an invitation:
/// Inlet passes on what they answer, and they learn no guest's address.
fn alias(wanted: &Wanted) -> String {
    format!("{}@guests.invalid", wanted.reference)
}

/// Whether a call that failed may have been carried out all the same.
fn is_unclear(failure: &CallFailure) -> bool {
    let lost =
        matches!(failure.kind, FailureKind::UpstreamTimeout | FailureKind::Protocol | FailureKind::Server);
    (lost && !failure.unsent) || !failure.not_undone.is_empty()
}

/// The failure in Inlet's words: the vendor's own stay out of what a partner
/// reads, but for the kind.
fn told(failure: &CallFailure, lock: &LockId) -> UpstreamFailure {
    let why = match failure.kind {
        FailureKind::UpstreamTimeout => "the lock system did not answer in time",
        FailureKind::Offline => "the lock cannot be reached",
        FailureKind::Full => "the lock has no room for another access",
        FailureKind::NotFound => "the lock system knows no such lock or access",
        FailureKind::Conflict => "the lock system has something in its place already",
        FailureKind::Invalid => "the lock system does not take such an access",
        FailureKind::Unsupported => "the lock system cannot do this",
        FailureKind::Busy | FailureKind::RateLimited => "the lock system is busy",
        FailureKind::Credentials | FailureKind::Forbidden | FailureKind::Payment => {
            "the lock system does not let Inlet in"
        }
        FailureKind::Server | FailureKind::Protocol => "the lock system failed",
    };
    UpstreamFailure::new(failure.kind, format!("lock {lock}: {why}"))
}
