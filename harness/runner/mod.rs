//! Runs the criteria of a suite against a subject.
//!
//! ```text
//! features ─► suite (load, lint) ─► scenario (one at a time) ─► judge (criteria) ─► decision (run)
//! ```
//!
//! Only this module and the step definitions know cucumber-rs. How a plain
//! function becomes a step is told in [`step`].

mod decision;
mod hook;
mod judge;
mod lint;
mod scenario;
mod sentence;
pub mod step;
mod suite;
mod waiver;
mod waiver_file;

pub use decision::{Decided, Grounds, decide};
pub use hook::Quiet;
pub use judge::{Applicability, Reached, applicability, judge};
pub use scenario::{Ran, run_case, verdict_of};
pub use step::{Callable, pattern, run_step};
pub use suite::{Case, Suite};
pub use waiver::{WaiverState, apply as apply_waivers};
pub use waiver_file::{Waiver, read as read_waivers};

pub use cucumber::World;

use super::bench::Waited;
use super::trial::Trial;
use crate::vendors::vocabulary::Clock;

/// The step definitions over a world.
pub type Steps<W> = cucumber::step::Collection<W>;

/// A world of steps that can be given its context.
pub trait Attach: World {
    /// What the steps of its programme work with.
    type Bench: Instruments;

    /// Hands the context over before the first step.
    fn attach(&mut self, trial: Trial<Self::Bench>);
}

/// What the runner asks of the bench of any programme.
pub trait Instruments: Send + Sync + 'static {
    /// The clock that a scenario's steps drive.
    fn clock(&self) -> &Clock;

    /// How long was rightly waited, for the watchdog.
    fn waited(&self) -> Waited;
}
