//! Lockstep: a programmable simulator of lock-vendor APIs, the integration
//! against them, and the harness that certifies them.
//!
//! The rooms, in the order in which they may know each other (see
//! `ARCHITECTURE.md` for the map and its invariants):

/// How a counterpart speaks: profiles (data), the dialect engine that reads
/// them, and the words that every room shares.
pub mod vendors;

/// What happens in a simulated world: scripts (data) and their language.
pub mod scenarios;

/// The simulated systems: world, faults, misbehaviours, servers, control.
pub mod simulator;

/// Our side of the wire: the integration, evidence, verdicts and the runner.
pub mod harness;

/// The criteria in Gherkin, with their step definitions beside them.
pub mod features;

/// The report model's writers: JSON, HTML, JUnit, Markdown, badge.
pub mod reports;
