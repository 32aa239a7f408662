//! The test bench: a subject, Inlet's side of it, and the instruments around it.
//!
//! A step asks the bench for what it needs ("an offline lock", "somebody who
//! types this PIN"); the bench takes it from the simulated world or from the
//! subject file, or says what is missing. Steps never ask which it is.

use std::time::Duration;

use crate::harness::evidence::Recorder;
use crate::harness::integration::Integration;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{CredentialId, GroupId, Instant, LockId, Pin, Word};

/// Something that a step needs and the subject does not have. The verdict is
/// then inconclusive, with this as its reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// What happened at a door when somebody tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Whether it opened.
    pub opened: bool,
    /// Why, or who says so.
    pub why: String,
}

/// How the answer to the next fitting call is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// No answer comes until the caller gives up.
    Withheld,
    /// The connection is reset.
    Reset,
}

/// A subject with everything around it, for one scenario.
pub struct Bench {}

impl Bench {
    /// Inlet's side, retries off.
    pub fn inlet(&self) -> &Integration {
        todo!()
    }

    /// What the vendor says of itself.
    pub fn dialect(&self) -> &Dialect {
        todo!()
    }

    /// The evidence so far.
    pub fn recorder(&self) -> &Recorder {
        todo!()
    }

    /// The present at the subject.
    pub fn now(&self) -> Instant {
        todo!()
    }

    /// Lets time pass at the subject: at once in a simulated world, really (and
    /// only up to a bound) on a foreign target, else missing.
    pub async fn pass(&self, span: Duration) -> Result<(), Missing> {
        let _ = span;
        todo!()
    }

    /// Every group there is, where the bench knows it better than the vendor
    /// says (the simulated world, or the subject file).
    pub fn known_groups(&self) -> Option<Vec<GroupId>> {
        todo!()
    }

    /// Every lock there is, likewise.
    pub fn known_locks(&self) -> Option<Vec<LockId>> {
        todo!()
    }

    /// A group with some but not all locks, and the locks that are truly in it
    /// where that is known (else what the vendor's own metadata says).
    pub fn partial_group(&self) -> Result<(GroupId, Option<Vec<LockId>>), Missing> {
        todo!()
    }

    /// A group without locks.
    pub fn empty_group(&self) -> Result<GroupId, Missing> {
        todo!()
    }

    /// The `nth` lock (from 0) that may be used freely.
    pub fn free_lock(&self, nth: usize) -> Result<LockId, Missing> {
        let _ = nth;
        todo!()
    }

    /// A lock that cannot be reached.
    pub fn offline_lock(&self) -> Result<LockId, Missing> {
        todo!()
    }

    /// A lock with a low battery.
    pub fn low_battery_lock(&self) -> Result<LockId, Missing> {
        todo!()
    }

    /// An id that no lock of the subject has.
    pub fn unknown_lock(&self) -> LockId {
        todo!()
    }

    /// An id that no group of the subject has.
    pub fn unknown_group(&self) -> GroupId {
        todo!()
    }

    /// Cuts a free lock off, or brings it back; missing on a foreign target.
    pub async fn set_reachable(&self, lock: &LockId, reachable: bool) -> Result<(), Missing> {
        let _ = (lock, reachable);
        todo!()
    }

    /// Opens, closes, or leaves a door ajar.
    pub async fn set_door(&self, lock: &LockId, door: Word) -> Result<(), Missing> {
        let _ = (lock, door);
        todo!()
    }

    /// Somebody types keys at a lock.
    pub async fn type_keys(&self, lock: &LockId, keys: &Pin) -> Result<Tried, Missing> {
        let _ = (lock, keys);
        todo!()
    }

    /// Somebody presents a mobile key at a lock.
    pub async fn present(&self, lock: &LockId, credential: &CredentialId) -> Result<Tried, Missing> {
        let _ = (lock, credential);
        todo!()
    }

    /// How the bolt truly is: the simulated world's truth, or a person's word.
    pub async fn bolt(&self, lock: &LockId) -> Result<Word, Missing> {
        let _ = lock;
        todo!()
    }

    /// Loses the answer to the next call of `operation`, after or before the
    /// vendor has carried it out. The returned integration must be used.
    pub async fn lose_answer(
        &self,
        operation: &str,
        loss: Loss,
        carried_out: bool,
    ) -> Result<Integration, Missing> {
        let _ = (operation, loss, carried_out);
        todo!()
    }

    /// Where an invitation may go.
    pub fn tester_email(&self) -> Result<String, Missing> {
        todo!()
    }

    /// Whether the subject is the simulated vendor.
    pub fn is_simulated(&self) -> bool {
        todo!()
    }

    /// Whether the subject is reached over loopback.
    pub fn is_loopback(&self) -> bool {
        todo!()
    }

    /// The address that calls go to, for criteria on the connection.
    pub fn api_url(&self) -> &str {
        todo!()
    }

    /// Keeps in mind that something was created, so that it is removed at the
    /// end whatever happens, by the function that removes it.
    pub fn created_pin(&self, access: &crate::harness::integration::PinAccess) {
        let _ = access;
        todo!()
    }

    /// Likewise for a mobile key.
    pub fn created_mobile(&self, access: &crate::harness::integration::MobileAccess) {
        let _ = access;
        todo!()
    }

    /// Likewise for a hold or an unlock: the lock is brought back to normal.
    pub fn actuated(&self, lock: &LockId) {
        let _ = lock;
        todo!()
    }

    /// A name for the `nth` thing of this scenario; bears the run's name.
    pub fn name(&self, what: &str) -> String {
        let _ = what;
        todo!()
    }
}
