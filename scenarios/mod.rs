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
//! start of the world, on the world's clock.

mod embedded;
mod event;
mod load;

pub use event::{Disturbance, Event, Happening};
pub use load::Scenario;
