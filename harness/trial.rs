//! One scenario under way: the criterion, the bench, and how a step ends it.

use std::sync::Arc;

use super::bench::{Bench, Missing};
use super::criterion::Criterion;
use super::integration::CallFailure;
use crate::vendors::vocabulary::FailureKind;

/// Why a step ended its scenario. A step that returns `Ok` held.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The subject does not meet the criterion.
    Fail(Shortfall),
    /// It could not be told; the reason says what was missing.
    Inconclusive(String),
    /// The criterion turned out not to apply; the reason says why.
    NotApplicable(String),
    /// The harness itself failed.
    Error(String),
}

/// What was expected and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// One sentence for a business reader.
    pub summary: String,
    /// What the criterion expects.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// What we had sent, where it helps.
    pub sent: Option<String>,
    /// The exchanges that show it; empty means those since the scenario began.
    pub evidence: Vec<String>,
    /// The kind of failure of a call that had to succeed, where that is what was
    /// observed: some kinds may be the configuration's fault and not the subject's.
    pub refused: Option<FailureKind>,
}

/// How a step ends.
pub type Step = Result<(), Stop>;

/// The context that the runner hands to the world of each scenario.
pub struct Trial<B = Bench> {
    /// The criterion that is judged.
    pub criterion: Arc<Criterion>,
    /// The subject and its instruments.
    pub bench: Arc<B>,
    /// What a passing scenario wants to say ("130 locks over 3 pages").
    pub remarks: Arc<std::sync::Mutex<Vec<String>>>,
    /// Noteworthy things that do not fail the criterion: they make it a warning.
    pub warnings: Arc<std::sync::Mutex<Vec<Shortfall>>>,
}

impl<B> Clone for Trial<B> {
    fn clone(&self) -> Self {
        Self {
            criterion: Arc::clone(&self.criterion),
            bench: Arc::clone(&self.bench),
            remarks: Arc::clone(&self.remarks),
            warnings: Arc::clone(&self.warnings),
        }
    }
}

impl Stop {
    /// The subject falls short.
    pub fn fail(
        summary: impl Into<String>,
        expected: impl Into<String>,
        observed: impl Into<String>,
    ) -> Self {
        Self::Fail(Shortfall {
            summary: summary.into(),
            expected: expected.into(),
            observed: observed.into(),
            sent: None,
            evidence: Vec::new(),
            refused: None,
        })
    }

    /// A call that had to succeed did not. A subject that could not be reached
    /// says nothing about conformance, nor does a call that our side could not
    /// send, nor a refusal as one call too many, which may be the load of
    /// another client: those are inconclusive.
    pub fn unexpected(doing: &str, failure: &CallFailure) -> Self {
        if failure.unsent {
            return Self::Inconclusive(format!("{doing} could not be sent: {}", failure.message));
        }
        if failure.kind == FailureKind::RateLimited {
            return Self::Inconclusive(format!("{doing} was refused as one call too many: {failure}"));
        }
        let unreachable = failure.transport.is_some_and(|why| {
            use super::result::TransportFailure as T;
            matches!(why, T::Unresolved | T::Refused | T::ConnectTimeout | T::Certificate)
        });
        if unreachable {
            return Self::Inconclusive(format!("{doing}: {}", failure.message));
        }
        let summary = match failure.kind {
            FailureKind::Protocol => format!("{doing} was not answered as documented"),
            _ => format!("{doing} failed"),
        };
        Self::Fail(Shortfall {
            summary,
            expected: "success as documented".to_owned(),
            observed: failure.to_string(),
            sent: None,
            evidence: Vec::new(),
            refused: Some(failure.kind),
        })
    }
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Self {
        Self::Inconclusive(missing.0)
    }
}
