//! Where certifications are kept: an embedded SQLite file.
//!
//! Events are added and never changed; triggers in the database refuse both
//! change and removal, and every event carries a digest over itself and the one
//! before it, so that a history that was edited by other means is told when it
//! is read. An event is judged and added within one transaction that holds the
//! write lock from its first read on: two processes at once wait for each other,
//! and what was told as done survives a crash.

mod chain;
mod migrations;
mod store;

pub use store::{History, Register, RegisterError};

#[cfg(test)]
mod tests;
