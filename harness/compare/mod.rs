//! Two reports against each other: what got worse, what was mended, what else
//! is different.
//!
//! ```text
//! report, report ─► criteria, scenarios, abilities, decision ─► regressions · fixes · changes
//! ```
//!
//! The rule: what was shown and is shown no more is a regression, whatever the
//! cause. A fix is only what is met now and was not; what merely stopped being
//! asked, judged or declared is a change and mends nothing. Times, ports, names
//! of runs and ids differ between any two runs and are no difference.
//!
//! Reports of different programmes or subjects are not compared at all: the
//! answer would say nothing.

mod comparison;
mod criteria;
mod difference;
mod normal;
mod standing;
mod text;

pub use comparison::{Comparison, NotComparable, compare};
pub use difference::Difference;
pub use text::text;

#[cfg(test)]
mod tests;
