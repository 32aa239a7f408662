//! Doors that are kept unlocked for a period.

use std::time::Duration;

use tokio::task::AbortHandle;

use super::{Held, VendorUpstream, told};
use crate::harness::integration::{Hold, Integration};
use crate::simulator::{Given, UpstreamFailure, Wanted};
use crate::vendors::vocabulary::{FailureKind, Window};

/// A hold that the vendor would not begin or end is tried again after so long.
const AGAIN: Duration = Duration::from_secs(240);

impl VendorUpstream {
    /// Opens at once where the period has begun, so that the partner learns what
    /// the vendor says of it; else when it begins, after a look at the lock.
    pub(super) async fn hold(&self, wanted: &Wanted) -> Result<Given, UpstreamFailure> {
        if let Some(Held::Open(..)) = self.held().get(&wanted.reference) {
            return Ok(Given::default());
        }
        let now = self.integration.clocks().subject.now();
        let hold = if now >= wanted.window.from {
            let period = wanted.window.until.since(now);
            let hold = self.integration.hold_open(&wanted.lock, period).await;
            Some(hold.map_err(|failure| told(&failure, &wanted.lock))?)
        } else {
            let status = self.integration.get_lock_status(&wanted.lock).await;
            status.map_err(|failure| told(&failure, &wanted.lock))?;
            None
        };
        let task = tokio::spawn(keep_open(self.integration.clone(), wanted.clone(), hold));
        self.keep(&wanted.reference, Held::Open(wanted.clone(), task.abort_handle()));
        Ok(Given::default())
    }

    /// Ends a hold before its time, whether or not it has begun.
    pub(super) async fn release(&self, wanted: &Wanted, task: &AbortHandle) -> Result<(), UpstreamFailure> {
        if self.integration.clocks().subject.now() >= wanted.window.from {
            let ended = self.integration.return_to_normal(&wanted.lock).await;
            ended.map_err(|failure| told(&failure, &wanted.lock))?;
        }
        task.abort();
        Ok(())
    }
}

/// Begins the hold when its period begins, and ends it when that ends, where the
/// vendor does not. Time is not moved on for it: it only follows.
async fn keep_open(integration: Integration, wanted: Wanted, mut hold: Option<Hold>) {
    let clock = integration.clocks().subject.clone();
    let Window { from, until } = wanted.window;
    clock.wait_passively(from.since(clock.now())).await;
    while hold.is_none() && clock.now() < until {
        match integration.hold_open(&wanted.lock, until.since(clock.now())).await {
            Ok(begun) => hold = Some(begun),
            Err(failure) if failure.kind == FailureKind::Unsupported => return,
            Err(_) => clock.wait_passively(AGAIN).await,
        }
    }
    if !hold.is_some_and(|hold| hold.ends_by_us) {
        return;
    }
    clock.wait_passively(until.since(clock.now())).await;
    while let Err(failure) = integration.return_to_normal(&wanted.lock).await {
        if failure.kind == FailureKind::Unsupported {
            return;
        }
        clock.wait_passively(AGAIN).await;
    }
}
