//! The clock of the partner's own machine, which may jump.

use std::sync::OnceLock;
use std::time::Duration;

use super::quirk::Quirk;
use crate::vendors::vocabulary::{Clock, Instant};

/// How far it jumps ahead.
const HOUR: Duration = Duration::from_secs(3_600);
/// How long after its occasion it jumps: in the midst of a wait between attempts.
const SOON: Duration = Duration::from_secs(100);
/// How long it stays ahead, before it jumps back.
const AHEAD: Duration = Duration::from_secs(1_200);

/// A clock that shows the world's time, but for a while.
pub(super) struct OwnClock {
    world: Clock,
    quirk: Option<Quirk>,
    jumps_at: OnceLock<Instant>,
}

impl OwnClock {
    pub fn new(world: Clock, quirk: Option<Quirk>) -> Self {
        Self { world, quirk, jumps_at: OnceLock::new() }
    }

    /// Lets a clock that is one to jump do so soon; the first time alone counts.
    pub fn shake(&self) {
        self.jumps_at.get_or_init(|| self.world.now() + SOON);
    }

    /// What people read, in the log and in messages.
    pub fn shown(&self) -> Instant {
        let jumps = matches!(self.quirk, Some(Quirk::ClockJumps | Quirk::ShownTimeJumps));
        let now = self.world.now();
        if jumps { now + self.ahead(now) } else { now }
    }

    /// What waits are counted by.
    pub fn now(&self) -> Instant {
        let now = self.world.now();
        if self.quirk == Some(Quirk::ClockJumps) { now + self.ahead(now) } else { now }
    }

    fn ahead(&self, now: Instant) -> Duration {
        let jumped = self.jumps_at.get().filter(|at| now >= **at && now.since(**at) < AHEAD);
        if jumped.is_some() { HOUR } else { Duration::ZERO }
    }

    /// Waits until it counts an instant, without moving time on: whoever drives
    /// time does.
    pub async fn until(&self, at: Instant) {
        loop {
            let left = at.since(self.now());
            if left.is_zero() {
                return;
            }
            let step = if self.quirk == Some(Quirk::ClockJumps) { left.min(SOON / 10) } else { left };
            self.world.wait_passively(step).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_LATER: i64 = 3_600_000;

    #[tokio::test]
    async fn it_jumps_ahead_and_back_once_it_was_shaken() {
        let start = Instant::from_epoch_ms(1_803_891_600_000);
        for (quirk, counts, shows) in [
            (None, 0, 0),
            (Some(Quirk::ClockJumps), HOUR_LATER, HOUR_LATER),
            (Some(Quirk::ShownTimeJumps), 0, HOUR_LATER),
        ] {
            let world = Clock::stepped(start);
            let own = OwnClock::new(world.clone(), quirk);
            let off = |at: Instant| at.epoch_ms() - world.now().epoch_ms();
            own.shake();
            assert_eq!((off(own.now()), off(own.shown())), (0, 0));
            world.advance(SOON).await;
            assert_eq!((off(own.now()), off(own.shown())), (counts, shows), "{quirk:?}");
            world.advance(AHEAD).await;
            own.shake();
            assert_eq!((off(own.now()), off(own.shown())), (0, 0));
        }
    }
}
