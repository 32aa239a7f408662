//! The criteria in Gherkin, with their step definitions beside them.
//!
//! A folder for each programme: what is asked (`criteria.toml`), one feature for
//! each criterion, and the steps by topic.

pub mod inlet_partner;
mod lock_vendor;

pub use lock_vendor::{LockVendor, suite as lock_vendor};
