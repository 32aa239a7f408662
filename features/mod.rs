//! The criteria in Gherkin, with their step definitions beside them.
//!
//! A folder for each programme: what is asked (`criteria.toml`), one feature for
//! each criterion, and the steps by topic.

mod criteria;
mod inlet_partner;
mod lock_vendor;

pub use inlet_partner::{InletPartner, suite as inlet_partner};
pub use lock_vendor::{LockVendor, suite as lock_vendor};
