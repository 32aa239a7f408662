//! The programme `lock-vendor`: what a lock system must do for Inlet.

mod actuation;
mod algo_pin;
mod arrange;
mod credentials;
mod declared_rules;
mod effective;
mod embedded;
mod errors;
mod examples;
mod expect;
mod groups;
mod listing;
mod load;
mod locks;
mod lost_mobiles;
mod lost_pins;
mod mobile;
mod pin_rules;
mod pins;
mod removal;
mod resilience;
mod retry_rule;
mod statement;
mod status;
mod trials;
mod validity;
mod world;

pub use world::LockVendor;

use cucumber::step::Collection;

use super::criteria;
use crate::harness::runner::Suite;

/// Everything that judges a lock vendor.
///
/// A test reads the embedded criteria. Could they not be read all the same, the
/// suite would be left without any, and such a suite judges nobody.
pub fn suite() -> Suite<LockVendor> {
    Suite {
        programme: "lock-vendor",
        criteria: criteria::load(include_str!("criteria.toml")).unwrap_or_default(),
        features: embedded::FEATURES,
        steps: steps(),
    }
}

/// Every step definition, by topic.
fn steps() -> Collection<LockVendor> {
    let topics: [fn(Collection<LockVendor>) -> Collection<LockVendor>; 18] = [
        statement::steps,
        examples::steps,
        credentials::steps,
        groups::steps,
        locks::steps,
        status::steps,
        pins::steps,
        validity::steps,
        pin_rules::steps,
        declared_rules::steps,
        removal::steps,
        mobile::steps,
        actuation::steps,
        algo_pin::steps,
        resilience::steps,
        errors::steps,
        load::steps,
        effective::steps,
    ];
    topics.into_iter().fold(Collection::new(), |collection, topic| topic(collection))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod pinned;

#[cfg(test)]
mod rehearsal;
