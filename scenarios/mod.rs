//! What happens in a simulated world: scripts (data) and their language.
//!
//! A scenario is a fleet, a seed, and what happens when. It says nothing of a
//! vendor, so that one scenario serves every profile:
//!
//! ```toml
//! schema = "lockstep.scenario/1"
//! title = "a lock goes offline and comes back"
//!
//! [fleet]
//! locks = 20
//! groups = 4
//!
//! [[events]]
//! after = "30 s"
//! then = { go_offline = { lock = 1 } }
//! ```
//!
//! Locks are named by their number in the fleet, from 1. `after` counts from the
//! start of the world, on the world's clock. Beside events there are guests with
//! their stays, and what must have happened in the end: a scenario is a test.
//! `scenarios/README.md` describes the whole language.

mod at;
mod claims;
mod compile;
mod embedded;
mod event;
mod expect;
mod guest;
mod happenings;
mod load;
mod moment;
mod parties;
mod range;
#[cfg(test)]
mod readme;
mod schema;
#[cfg(test)]
mod tests;
mod written;
mod wrong;

pub use event::{ClockError, Disturbance, Event, FaultPlan, Happening};
pub use expect::{Claim, Count, Expectation, Notice};
pub use guest::{Guest, Stay};
pub use load::{Scenario, VendorRules, Watch};
pub use schema::json_schema;
