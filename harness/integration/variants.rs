//! Computed PINs: whole windows, and another variant for each further guest.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Integration;
use super::failure::{CallFailure, Failed};
use crate::vendors::profile::Rounding;
use crate::vendors::vocabulary::{FailureKind, Instant, LockId, Window};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many PINs were had for each lock and window.
#[derive(Default)]
pub(super) struct Variants(Mutex<BTreeMap<(LockId, Instant, Instant), u32>>);

impl Integration {
    /// The window as it may be sent: widened to the vendor's unit where it
    /// refuses what is finer, and to the same hour at both ends where that is asked for.
    pub(super) fn whole_algo_window(&self, window: Window) -> Window {
        let Some(limits) =
            self.shared.dialect.limits.algo_pin.as_ref().filter(|limits| limits.rounded == Rounding::Reject)
        else {
            return window;
        };
        let unit = limits.rounding.unwrap_or(Duration::from_secs(1));
        let whole = Window::new(window.from.floor(unit), window.until.ceil(unit));
        let span = whole.until.since(whole.from);
        match limits.equal_hours_from {
            Some(least) if span >= least => {
                let days = span.as_secs().div_ceil(DAY.as_secs());
                Window::new(whole.from, whole.from + Duration::from_secs(days * DAY.as_secs()))
            }
            _ => whole,
        }
    }

    /// The variant for the next guest with this lock and window: the same one
    /// again would be the first guest's PIN.
    pub(super) fn next_variant(&self, lock: &LockId, window: Window) -> Result<i64, CallFailure> {
        let most = self.shared.dialect.limits.algo_pin.as_ref().map_or(1, |limits| limits.variants);
        if most < 2 {
            return Ok(1);
        }
        let mut had = self.shared.variants.0.lock().unwrap_or_else(PoisonError::into_inner);
        let had = had.entry((lock.clone(), window.from, window.until)).or_insert(0);
        if *had >= most {
            let why = format!("the vendor computes {most} PINs for one lock and window, and all were had");
            return Err(*Failed::unsent("", FailureKind::Full, why).failure);
        }
        *had += 1;
        Ok(i64::from(*had))
    }
}
