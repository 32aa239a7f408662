//! After a quiet while one call goes ahead of the others. Pure.
//!
//! Credentials may have been withdrawn meanwhile, and are then shown once, however
//! many calls are due. A refusal of them is answered at once: who is answered late
//! holds up nobody, for what is due is due by the retry rule.

use std::time::Duration;

use crate::vendors::vocabulary::Instant;

/// Calls that are under way at once, at most.
const AT_ONCE: usize = 128;
/// For how long credentials that were accepted are taken to be still.
const STILL_ACCEPTED: Duration = Duration::from_secs(60);
/// How long the others wait for the call that goes ahead: less than the retry
/// rule's gaps leave at their ends.
const AHEAD: Duration = Duration::from_secs(3);

/// The call that goes ahead, by when it began.
#[derive(Debug, Default)]
pub(super) struct Ahead(Option<Instant>);

impl Ahead {
    /// How many calls may be under way at once, and until when it is so few.
    /// `accepted` is when Inlet last accepted the credentials, `idle` whether
    /// nothing is under way.
    pub fn places(&mut self, accepted: Instant, idle: bool, now: Instant) -> (usize, Option<Instant>) {
        let fresh = now.since(accepted) <= STILL_ACCEPTED;
        if fresh || idle {
            self.0 = None;
        }
        let over = *self.0.get_or_insert(now) + AHEAD;
        if fresh || over <= now { (AT_ONCE, None) } else { (1, Some(over)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_ahead_and_holds_the_others_up_for_no_longer_than_the_rule_leaves() {
        let at = |second: i64| Instant::from_epoch_ms(second * 1_000);
        let (never, mut ahead) = (Instant::from_epoch_ms(i64::MIN), Ahead::default());
        assert_eq!(ahead.places(never, true, at(1_000)), (1, Some(at(1_003))));
        assert_eq!(ahead.places(never, false, at(1_002)), (1, Some(at(1_003))));
        assert_eq!(ahead.places(never, false, at(1_003)), (AT_ONCE, None));
        // It was accepted, and is for a minute.
        assert_eq!(ahead.places(at(1_004), false, at(1_064)), (AT_ONCE, None));
        assert_eq!(ahead.places(at(1_004), true, at(1_065)), (1, Some(at(1_068))));
        // Whoever waits in vain for something to do has not gone ahead yet.
        assert_eq!(ahead.places(at(1_004), true, at(2_000)), (1, Some(at(2_003))));
    }
}
