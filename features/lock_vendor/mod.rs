//! The programme `lock-vendor`: what a lock system must do for Inlet.

mod actuation;
mod algo_pin;
mod arrange;
mod credentials;
mod criteria;
mod embedded;
mod errors;
mod examples;
mod expect;
mod groups;
mod load;
mod locks;
mod mobile;
mod pin_rules;
mod pins;
mod removal;
mod resilience;
mod statement;
mod status;
mod validity;
mod world;

pub use criteria::{CriteriaError, load as load_criteria};
pub use world::LockVendor;

use cucumber::step::Collection;

use crate::harness::runner::Suite;

/// Everything that judges a lock vendor. Errors where the embedded criteria
/// cannot be read, which a test excludes.
pub fn suite() -> Result<Suite<LockVendor>, CriteriaError> {
    Ok(Suite {
        programme: "lock-vendor",
        criteria: criteria::embedded()?,
        features: embedded::FEATURES,
        steps: steps(),
    })
}

/// Every step definition, by topic.
fn steps() -> Collection<LockVendor> {
    let topics: [fn(Collection<LockVendor>) -> Collection<LockVendor>; 16] = [
        statement::steps,
        examples::steps,
        credentials::steps,
        groups::steps,
        locks::steps,
        status::steps,
        pins::steps,
        validity::steps,
        pin_rules::steps,
        removal::steps,
        mobile::steps,
        actuation::steps,
        algo_pin::steps,
        resilience::steps,
        errors::steps,
        load::steps,
    ];
    topics.into_iter().fold(Collection::new(), |collection, topic| topic(collection))
}

#[cfg(test)]
mod tests;
