//! The withdrawal of a credential, while guests go on booking.

use std::time::Duration;

use super::PartnerBench;
use super::stays::SOON;
use crate::harness::trial::Stop;

/// Bookings after the one whose call is the first to be refused.
const MORE: usize = 4;
/// For how long after the first refusal hardly any call may follow.
const HALF_HOUR: Duration = Duration::from_secs(1_800);
const MINUTE: Duration = Duration::from_secs(60);
/// How long the first refusal is left alone before others book.
const SETTLED: Duration = Duration::from_secs(300);

/// The longest that all of it may take: until the first call comes, the calls of
/// those who book, and the half hour after the first refusal.
pub(super) const LONGEST: Duration =
    Duration::from_secs(SOON.as_secs() + SETTLED.as_secs() + HALF_HOUR.as_secs() + MINUTE.as_secs());

/// A withdrawal that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Number of the last call before it.
    pub after_call: u64,
}

impl Withdrawal {
    /// Has the first customer's credential refused, and guests book. Whether the
    /// form takes their bookings is the partner's to decide: a system that takes
    /// none while it is locked out is right too.
    pub(super) async fn make(bench: &PartnerBench) -> Result<Self, Stop> {
        bench.mark_log().await;
        let after_call = bench.arrivals().last().map_or(0, |last| last.received.number());
        bench.withdraw_credential();
        let booking = bench.stay()?;
        let door = booking.rooms.first().cloned();
        drop(bench.try_book(booking).await?);
        if let Some(door) = door {
            bench.until(SOON, |bench| !bench.arrivals_at(&door).is_empty()).await;
        }
        bench.pass(SETTLED).await;
        for _ in 0..MORE {
            drop(bench.try_book(bench.stay()?).await?);
        }
        // What is judged is the half hour after the first refusal.
        let arrivals = bench.arrivals().into_iter().filter(|one| one.received.number() > after_call);
        let refused = arrivals.filter(|one| one.status() == Some(401)).map(|one| one.at()).min();
        let watched = refused.map_or(HALF_HOUR, |at| (at + HALF_HOUR).since(bench.now()));
        bench.pass(watched + MINUTE).await;
        Ok(Self { after_call })
    }
}
