//! The effective capability statement: what the vendor declares, what its
//! answers showed, and what therefore holds, with the exchanges that show it.
//!
//! Only what was seen is called observed. A function counts as there when every
//! exchange of its plan succeeded at least once, and as absent when an exchange
//! that it cannot do without was never answered otherwise than "there is no such
//! thing". An ability that nobody declares counts as there when answers carry
//! it, or when a reading call that the profile describes succeeds although no
//! function uses it, or only others do; what would change something is never tried
//! for that. A function
//! whose main criterion failed is not relied on, whatever its exchanges showed.

mod abilities;
mod functions;
mod hints;
mod judged;
mod locks;
mod seen;

pub use functions::{Unused, undeclared_operations, unused_reads};
pub use judged::judged;
pub use locks::limited_locks;

use super::result::{Capability, Exchange};
use crate::vendors::dialect::Dialect;

/// Every function and ability, declared against observed. `made_up` are ids that
/// were made up to be nobody's: that they are not found says nothing.
pub fn effective(dialect: &Dialect, exchanges: &[Exchange], made_up: &[String]) -> Vec<Capability> {
    let seen = seen::Seen::new(exchanges, made_up);
    let mut all = functions::all(dialect, &seen);
    all.extend(abilities::all(dialect, &seen));
    all
}

#[cfg(test)]
mod tests;
