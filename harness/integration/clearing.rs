//! Refusals that pass by themselves: the vendor says within which time the
//! identical call succeeds, so it is sent again until then.

use std::time::Duration;

use super::Integration;
use super::failure::Failed;
use super::trace::Trace;
use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::Facts;

/// Time between two attempts.
const EVERY: Duration = Duration::from_secs(5);

impl Integration {
    /// One exchange; the identical one again for as long as it is refused for a
    /// reason that passes by itself. Such a refusal did nothing, so this is safe
    /// for any call. Who disregards the rate limit wants to see refusals.
    pub(super) async fn cleared(
        &self,
        operation: &Operation,
        facts: &Facts,
        trace: &Trace,
    ) -> Result<Facts, Failed> {
        let clock = &self.shared.clocks.subject;
        let first = clock.now();
        loop {
            let outcome = self.authenticated(operation, facts, trace).await;
            let within = outcome.as_ref().err().and_then(|failed| failed.clears_within);
            let left = within.map(|within| (first + within).since(clock.now()));
            match left {
                Some(left) if self.paced && !left.is_zero() => clock.sleep(EVERY.min(left)).await,
                _ => return outcome,
            }
        }
    }
}
