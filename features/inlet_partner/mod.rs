//! The programme `inlet-partner`: how a booking system uses Inlet's API.

mod asked;
mod calls;
mod changes;
mod clocks;
mod contact;
mod embedded;
mod errors;
mod escalation;
mod kept_codes;
mod kinds;
mod leaks;
mod load;
mod log;
mod malformed;
mod named;
mod periods;
mod retry;
mod retry_rule;
mod text;
mod told;
mod told_times;
mod typed;
mod uses;
mod wanted;
mod world;

pub use world::InletPartner;

use std::time::Duration;

use cucumber::step::Collection;
use jiff::Zoned;

use super::criteria;
use crate::harness::runner::Suite;
use crate::vendors::partner::Booking;
use crate::vendors::vocabulary::{Instant, Window};

/// How long a call may take that should come soon.
const SOON: Duration = Duration::from_secs(900);
/// How far an access period may go beyond the stay at either end.
const LEEWAY: Duration = Duration::from_secs(3_600);

/// Everything that judges a partner.
///
/// A test reads the embedded criteria. Could they not be read all the same, the
/// suite would be left without any, and such a suite judges nobody.
pub fn suite() -> Suite<InletPartner> {
    Suite {
        programme: "inlet-partner",
        criteria: criteria::load(include_str!("criteria.toml")).unwrap_or_default(),
        features: embedded::FEATURES,
        steps: steps(),
    }
}

/// Every step definition, by topic.
fn steps() -> Collection<InletPartner> {
    let topics: [fn(Collection<InletPartner>) -> Collection<InletPartner>; 14] = [
        calls::steps,
        uses::steps,
        periods::steps,
        clocks::steps,
        errors::steps,
        kept_codes::steps,
        log::steps,
        retry::steps,
        escalation::steps,
        contact::steps,
        text::steps,
        changes::steps,
        kinds::steps,
        load::steps,
    ];
    topics.into_iter().fold(Collection::new(), |collection, topic| topic(collection))
}

/// The instant of a moment in a zone.
fn instant(at: &Zoned) -> Instant {
    Instant::from_timestamp(at.timestamp())
}

/// Whether a period is that of a stay, or goes beyond it by the leeway at most.
fn covers(window: Window, stay: &Booking) -> bool {
    let (begins, ends) = (instant(&stay.from), instant(&stay.until));
    window.from <= begins
        && window.until >= ends
        && begins.since(window.from) <= LEEWAY
        && window.until.since(ends) <= LEEWAY
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod own;
#[cfg(test)]
mod rehearsal;
