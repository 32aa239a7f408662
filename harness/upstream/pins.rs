//! PINs: made once, found again, changed, and looked for where it is not known
//! whether they were made.

use super::{Held, VendorUpstream, contact, told};
use crate::harness::integration::{AccessChange, PinAccess, PinRequest, Scope};
use crate::simulator::{Given, UpstreamFailure, Wanted};
use crate::vendors::vocabulary::FailureKind;

impl VendorUpstream {
    pub(super) async fn give_pin(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        let unclear = match self.held().get(&wanted.reference) {
            Some(Held::Pin(access, _)) => return Ok(given(access)),
            Some(Held::Unknown(before)) => Some(before.clone()),
            _ => None,
        };
        if let Some(before) = unclear {
            match self.find(&before).await? {
                // The vendor tells the PIN: it is the one that was asked for.
                Some(access) if access.typed.is_some() && before == *wanted => {
                    let given = given(&access);
                    self.keep(&wanted.reference, Held::Pin(Box::new(access), wanted.clone()));
                    return Ok(given);
                }
                Some(access) => self.remove(&access, &before).await?,
                None => {}
            }
        }
        self.create_pin(wanted).await
    }

    async fn create_pin(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        let request = PinRequest {
            user: contact(wanted),
            scope: Scope::Locks(vec![wanted.lock.clone()]),
            window: wanted.window,
            pin: None,
            name: wanted.reference.clone(),
        };
        match self.integration.create_pin_access(&request).await {
            Ok(access) => {
                let given = given(&access);
                self.keep(&wanted.reference, Held::Pin(Box::new(access), wanted.clone()));
                Ok(given)
            }
            Err(failure) => {
                self.note(wanted, &failure);
                Err(told(&failure, &wanted.lock))
            }
        }
    }

    /// Changes a PIN where the vendor can; else withdraws it and makes another.
    pub(super) async fn change_pin(
        &self,
        access: PinAccess,
        before: &Wanted,
        wanted: &Wanted,
    ) -> Result<Given, UpstreamFailure> {
        let moved = (before.lock != wanted.lock).then(|| Scope::Locks(vec![wanted.lock.clone()]));
        let window = (before.window != wanted.window).then_some(wanted.window);
        let change = AccessChange { window, scope: moved };
        match self.integration.change_pin_access(&access, &change).await {
            Ok(changed) => {
                let given = given(&changed);
                self.keep(&wanted.reference, Held::Pin(Box::new(changed), wanted.clone()));
                Ok(given)
            }
            Err(failure) if matches!(failure.kind, FailureKind::Unsupported | FailureKind::Invalid) => {
                self.keep(&wanted.reference, Held::Pin(Box::new(access.clone()), before.clone()));
                self.remove(&access, before).await?;
                self.held().remove(&wanted.reference);
                self.create_pin(wanted).await
            }
            Err(failure) => {
                // Whichever window holds now, it is still this access.
                self.keep(&wanted.reference, Held::Pin(Box::new(access), before.clone()));
                Err(told(&failure, &wanted.lock))
            }
        }
    }

    /// Withdraws what a call without an answer may have made.
    pub(super) async fn withdraw_unknown(&self, wanted: &Wanted) -> Result<(), UpstreamFailure> {
        match self.find(wanted).await? {
            Some(access) => self.remove(&access, wanted).await,
            None => Ok(()),
        }
    }

    /// The PIN that bears the reference at its lock. Where the vendor shows no
    /// list, or does not know the lock, there is nothing to find.
    async fn find(&self, wanted: &Wanted) -> Result<Option<PinAccess>, UpstreamFailure> {
        let name = self.integration.name_sent(&wanted.reference);
        match self.integration.list_pin_access(&wanted.lock).await {
            Ok(listed) => Ok(listed.into_iter().find(|access| access.name.as_deref() == Some(name.as_str()))),
            Err(failure) if matches!(failure.kind, FailureKind::Unsupported | FailureKind::NotFound) => {
                Ok(None)
            }
            Err(failure) => Err(told(&failure, &wanted.lock)),
        }
    }

    /// Withdraws a PIN; one that is gone need not be.
    pub(super) async fn remove(&self, access: &PinAccess, wanted: &Wanted) -> Result<(), UpstreamFailure> {
        let failure = match self.integration.remove_pin_access(access).await {
            Ok(()) => return Ok(()),
            Err(failure) if failure.kind == FailureKind::NotFound => return Ok(()),
            Err(failure) => failure,
        };
        let irrevocable = self.integration.dialect().limits.pin.irrevocable.is_some();
        if irrevocable && failure.kind != FailureKind::UpstreamTimeout {
            let why =
                format!("lock {}: its lock system withdraws no PIN; it ends with its period", wanted.lock);
            return Err(UpstreamFailure::new(FailureKind::Unsupported, why));
        }
        Err(told(&failure, &wanted.lock))
    }
}

fn given(access: &PinAccess) -> Given {
    Given { typed: access.typed.clone(), invitation: None }
}
