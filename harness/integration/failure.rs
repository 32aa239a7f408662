//! How a call fails.

use std::fmt;

use crate::harness::result::TransportFailure;
use crate::vendors::dialect::{Deviation, Mismatch};
use crate::vendors::vocabulary::{FailureKind, Instant};

/// A call that did not succeed, with everything that a judge needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct CallFailure {
    /// Why, in the words shared by all vendors.
    pub kind: FailureKind,
    /// The vendor's own words, or ours where there was no answer.
    pub message: String,
    /// The operation of the profile that failed; empty before the first.
    pub operation: String,
    /// The exchanges of the call, oldest first.
    pub exchanges: Vec<String>,
    /// Why there was no answer, where there was none.
    pub transport: Option<TransportFailure>,
    /// How the answer differs from the documentation (kind `protocol`).
    pub mismatch: Option<Mismatch>,
    /// What was told to support, where Inlet's rule had run out.
    pub escalation: Option<Escalation>,
    /// What a compensation could not take back.
    pub not_undone: Vec<String>,
}

/// A message to support after 30 minutes without success (API integration
/// guide, 3.2 step 4).
#[derive(Clone, Debug, PartialEq)]
pub struct Escalation {
    /// When it was due.
    pub at: Instant,
    /// Attempts until then.
    pub attempts: u32,
    /// Time, lock, reference and error, for a person.
    pub message: String,
}

/// Documented members that an answer lacks or types otherwise; collected
/// beside successes for LV-03.
pub type Deviations = Vec<(String, Deviation)>;

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.message)
    }
}

impl std::error::Error for CallFailure {}
