//! What a scenario makes and moves, kept in mind so that it is undone.

use super::created::{self, Created, Intent};
use super::{Bench, Missing, Side};
use crate::harness::integration::{
    CallFailure, Integration, MobileAccess, MobileRequest, PinAccess, PinRequest,
};
use crate::vendors::vocabulary::{Function, LockId};

impl Bench {
    /// Asks for a PIN by `inlet` (the bench's own, or one that repeats or loses
    /// answers). The creation is kept in mind before it is sent, so that it is
    /// taken back at the end whatever becomes of the call.
    pub async fn create_pin(
        &self,
        inlet: &Integration,
        request: &PinRequest,
    ) -> Result<PinAccess, CallFailure> {
        let intent = Intent::new("PIN access", inlet.name_sent(&request.name), &request.scope);
        let intent = self.created.intend(intent);
        let result = inlet.create_pin_access(request).await;
        match &result {
            Ok(access) => {
                let user = inlet.user_made(Function::CreatePinAccess, &access.facts);
                self.created.became(intent, user, Created::Pin(access.clone()));
            }
            Err(failure) => self.created.failed(intent, failure),
        }
        result
    }

    /// Likewise for a mobile key.
    pub async fn create_mobile(
        &self,
        inlet: &Integration,
        request: &MobileRequest,
    ) -> Result<MobileAccess, CallFailure> {
        let intent = Intent::new("mobile key", inlet.name_sent(&request.name), &request.scope);
        let intent = self.created.intend(intent);
        let result = inlet.create_mobile_access(request).await;
        match &result {
            Ok(access) => {
                let user = inlet.user_made(Function::CreateMobileAccess, &access.facts);
                self.created.became(intent, user, Created::Mobile(access.clone()));
            }
            Err(failure) => self.created.failed(intent, failure),
        }
        result
    }

    /// Keeps in mind that a change has led to another access.
    pub fn created_pin(&self, access: &PinAccess) {
        self.created.add(Created::Pin(access.clone()));
    }

    /// Unlocks a lock, and keeps in mind to bring it back to normal unless the
    /// vendor clearly refuses, which moves nothing.
    pub async fn unlock(&self, lock: &LockId) -> Result<(), CallFailure> {
        let moved = Created::Actuated(lock.clone());
        self.created.add(moved.clone());
        let result = self.inlet.unlock(lock).await;
        if result.as_ref().is_err_and(created::is_clear_refusal) {
            self.created.forget(&moved);
        }
        result
    }

    /// To be asked before a lock is unlocked, held open or returned to normal:
    /// whether that is allowed at all. Every lock of the simulated vendor may be
    /// moved, else those that the subject file names; the integration refuses
    /// to move another one, whoever asks.
    pub fn may_actuate(&self, lock: &LockId) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(_) => Ok(()),
            Side::Foreign(foreign) if foreign.roles().actuation.contains(lock) => Ok(()),
            Side::Foreign(_) => Err(Missing(format!(
                "lock {lock} may not be moved: add \"{lock}\" to allow_actuation in the subject file"
            ))),
        }
    }

    /// Likewise, and keeps in mind that the lock is brought back to normal.
    pub fn actuates(&self, lock: &LockId) -> Result<(), Missing> {
        self.may_actuate(lock)?;
        self.created.add(Created::Actuated(lock.clone()));
        Ok(())
    }
}
