//! Inlet's side: every function over any dialect.
//!
//! An [`Integration`] asks a vendor for a function by running the plan that the
//! vendor's profile gives for it. It knows no vendor. Retries, paging, tokens,
//! deadlines and limits are the same for all.

mod failure;
mod model;

pub use failure::{CallFailure, Escalation};
pub use model::{
    AccessChange, AccessGroup, Contact, Hold, Lock, LockStatus, MobileAccess, MobileRequest, PinAccess,
    PinRequest, Scope,
};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::harness::evidence::Recorder;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, GroupId, LockId, Pin, RunName, Secret, Window};

/// Where and as whom the vendor is spoken to.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Address of each server of the profile, by its name; no slash at the end.
    pub servers: BTreeMap<String, String>,
    /// Secrets, by the profile's names.
    pub secrets: BTreeMap<String, Secret>,
    /// Settings, by the profile's names.
    pub settings: BTreeMap<String, String>,
}

/// The clocks of an integration. Against a simulated vendor both are the
/// world's. Against a foreign one the subject's is real, while the harness's is
/// stepped, so that retries after a provoked fault take no time.
#[derive(Clone, Debug)]
pub struct Clocks {
    /// Deadlines and pauses between retries.
    pub harness: Clock,
    /// The subject's time: validity windows, polling, token lifetimes.
    pub subject: Clock,
}

/// Deadlines of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// From sending to the end of the answer.
    pub read: Duration,
    /// On the machine's own clock, whatever the others say: after this an
    /// exchange is given up as hanging.
    pub watchdog: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            watchdog: Duration::from_secs(30),
        }
    }
}

/// Whether upstream timeouts are retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// Every failure is the caller's at once.
    Off,
    /// Inlet's rule (API integration guide, 3.2 step 4): every 3–5 minutes,
    /// jittered, for at least 30 minutes or until success, then escalation.
    InletRule {
        /// Seed of the jitter.
        seed: u64,
    },
}

/// Inlet's side of one vendor.
pub struct Integration {}

impl Integration {
    /// An integration over `dialect`. `run` names everything that it creates;
    /// every exchange goes to `recorder`, masked.
    pub fn new(
        dialect: Arc<Dialect>,
        connection: Connection,
        clocks: Clocks,
        timeouts: Timeouts,
        run: RunName,
        recorder: Recorder,
    ) -> Result<Self, CallFailure> {
        let _ = (dialect, connection, clocks, timeouts, run, recorder);
        todo!()
    }

    /// The same integration under another rule of retrying; sessions are shared.
    #[must_use]
    pub fn with_retries(&self, retries: Retries) -> Self {
        let _ = retries;
        todo!()
    }

    /// The same integration with other credentials and a session of its own.
    #[must_use]
    pub fn with_secrets(&self, secrets: BTreeMap<String, Secret>) -> Self {
        let _ = secrets;
        todo!()
    }

    /// The same integration that sends its calls without any credential.
    #[must_use]
    pub fn without_credentials(&self) -> Self {
        todo!()
    }

    /// The same integration through other addresses (a fault proxy's).
    #[must_use]
    pub fn with_servers(&self, servers: BTreeMap<String, String>) -> Self {
        let _ = servers;
        todo!()
    }

    /// The dialect.
    pub fn dialect(&self) -> &Arc<Dialect> {
        todo!()
    }

    /// The clocks.
    pub fn clocks(&self) -> &Clocks {
        todo!()
    }

    /// Every group, over all pages.
    pub async fn list_access_groups(&self) -> Result<Vec<AccessGroup>, CallFailure> {
        todo!()
    }

    /// Every lock, or those of one group, over all pages.
    pub async fn list_locks(&self, group: Option<&GroupId>) -> Result<Vec<Lock>, CallFailure> {
        let _ = group;
        todo!()
    }

    /// Reachability, battery, door and bolt of one lock.
    pub async fn get_lock_status(&self, lock: &LockId) -> Result<LockStatus, CallFailure> {
        let _ = lock;
        todo!()
    }

    /// A time-limited PIN.
    pub async fn create_pin_access(&self, request: &PinRequest) -> Result<PinAccess, CallFailure> {
        let _ = request;
        todo!()
    }

    /// The PINs of a lock.
    pub async fn list_pin_access(&self, lock: &LockId) -> Result<Vec<PinAccess>, CallFailure> {
        let _ = lock;
        todo!()
    }

    /// Changes window or scope of a PIN; the PIN stays.
    pub async fn change_pin_access(
        &self,
        access: &PinAccess,
        change: &AccessChange,
    ) -> Result<PinAccess, CallFailure> {
        let _ = (access, change);
        todo!()
    }

    /// Withdraws a PIN.
    pub async fn remove_pin_access(&self, access: &PinAccess) -> Result<(), CallFailure> {
        let _ = access;
        todo!()
    }

    /// A key in the vendor's own app.
    pub async fn create_mobile_access(&self, request: &MobileRequest) -> Result<MobileAccess, CallFailure> {
        let _ = request;
        todo!()
    }

    /// The keys of the same user or lock as `access`.
    pub async fn list_mobile_access(&self, access: &MobileAccess) -> Result<Vec<MobileAccess>, CallFailure> {
        let _ = access;
        todo!()
    }

    /// Withdraws a key.
    pub async fn remove_mobile_access(&self, access: &MobileAccess) -> Result<(), CallFailure> {
        let _ = access;
        todo!()
    }

    /// Opens for a moment.
    pub async fn unlock(&self, lock: &LockId) -> Result<(), CallFailure> {
        let _ = lock;
        todo!()
    }

    /// Keeps a lock open for a period. Where the vendor has no such call the
    /// plan's own timer ends it, as long as the returned hold is kept running
    /// with [`Integration::keep_hold`].
    pub async fn hold_open(&self, lock: &LockId, period: Duration) -> Result<Hold, CallFailure> {
        let _ = (lock, period);
        todo!()
    }

    /// Waits out a hold on the subject's clock and carries out what its plan
    /// has left for the end (nothing, where the vendor ends it by itself).
    pub async fn keep_hold(&self, hold: Hold) -> Result<(), CallFailure> {
        let _ = hold;
        todo!()
    }

    /// Ends a hold.
    pub async fn return_to_normal(&self, lock: &LockId) -> Result<(), CallFailure> {
        let _ = lock;
        todo!()
    }

    /// A PIN computed for a window, as the guest types it.
    pub async fn algo_pin(&self, lock: &LockId, window: Window) -> Result<(Pin, Window), CallFailure> {
        let _ = (lock, window);
        todo!()
    }
}
