//! The vendor's clock, compared with ours by the `Date` of its answers.

use std::time::Duration;

use super::under_way::Scene;
use crate::harness::result::{Exchange, Received};
use crate::simulator::Notice;
use crate::vendors::vocabulary::Instant;

/// Below this a difference is no news: `Date` counts whole seconds, and an
/// answer takes its time.
const TOLERANCE: Duration = Duration::from_secs(60);

/// What is known of the vendor's clock.
#[derive(Debug, Default)]
pub(super) struct Skew {
    /// Exchanges that were looked at.
    mark: usize,
    differs: bool,
}

/// Looks at the answers since the last look; a clock that differs is told once.
pub(super) fn compare(scene: &Scene) {
    let differs = {
        let mut skew = scene.skew();
        let fresh = scene.recorder.since(skew.mark);
        skew.mark += fresh.len();
        let Some(by) = fresh.iter().rev().find_map(difference) else { return };
        let differs = by > TOLERANCE;
        let before = std::mem::replace(&mut skew.differs, differs);
        (differs && !before).then_some(by)
    };
    if let Some(by) = differs {
        let text =
            format!("the vendor's clock and ours differ by {} s; PINs open by the vendor's", by.as_secs());
        scene.tell_of_vendor(Notice::ClockDiffers, text);
    }
}

fn difference(exchange: &Exchange) -> Option<Duration> {
    let Received::Answer { headers, .. } = &exchange.response else { return None };
    let (_, date) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let theirs = Instant::from_timestamp(jiff::fmt::rfc2822::parse(date).ok()?.timestamp());
    let ours = exchange.at + Duration::from_millis(exchange.took_ms);
    Some(theirs.since(ours).max(ours.since(theirs)))
}
