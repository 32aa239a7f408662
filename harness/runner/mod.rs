//! Runs the criteria of a suite against a subject.
//!
//! Only this module and the step definitions know cucumber-rs. How a plain
//! function becomes a step is told in [`step`].

use std::sync::Arc;

use super::criterion::Criterion;
use super::trial::Trial;

pub mod step;

pub use step::{Callable, pattern, run_step};

/// Everything that judges one programme: handed to the runner by `main`.
pub struct Suite<W> {
    /// `lock-vendor`.
    pub programme: &'static str,
    /// The criteria, in order of id.
    pub criteria: Vec<Arc<Criterion>>,
    /// The features: file name and text.
    pub features: &'static [(&'static str, &'static str)],
    /// The step definitions.
    pub steps: cucumber::step::Collection<W>,
}

/// A world of steps that can be given its context.
pub trait Attach: cucumber::World {
    /// Hands the context over before the first step.
    fn attach(&mut self, trial: Trial);
}
