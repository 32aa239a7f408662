//! "Is it my configuration?", answered before a run.
//!
//! ```text
//! subject file ─► a few harmless reads ─► what stood in the way? ─► checks, each with what to do
//! ```
//!
//! The doctor reads what every run reads first (a token, groups, locks, the
//! state of the locks that the subject file names) and creates, moves and
//! removes nothing. It puts what stands in the way under one heading, from the
//! network inwards, and says of the headings behind it that they could not be
//! looked at.
//!
//! **Configuration is not conformance.** What a wrong address, credential or
//! test lock explains is never held against the subject; and what only the
//! subject can have done wrong (one function that is not there among others
//! that are, an answer of another shape) is never blamed on the configuration:
//! it is left to the criteria.

mod ask;
mod budget;
mod clock;
mod diagnosis;
mod doubt;
mod examination;
mod fixtures;
mod network;
mod noted;
mod rate;
mod refused;
mod servers;
mod settings;
mod statics;
mod stranger;
mod trouble;

pub use diagnosis::{Check, Diagnosis, Heading, Outcome, SCHEMA};
pub(crate) use doubt::Doubt;
pub use examination::{examine, refused};
pub(crate) use trouble::{is_gateway_page, is_maintenance};

#[cfg(test)]
mod tests;
