//! What a run tells while it is under way: one closed set of events, which the
//! command line, a log or a page consume.

use std::time::Duration;

use super::criterion::CriterionId;
use super::verdict::Verdict;

/// What happens in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The run begins.
    Started {
        /// The name of the run.
        run: String,
        /// Criteria that are to be judged.
        planned: usize,
    },
    /// A reading call is made to see whether the configuration is right.
    Examining {
        /// What the call is to do.
        what: String,
    },
    /// No more is asked for that.
    Examined,
    /// The configuration keeps the run from asking the subject anything.
    Blocked {
        /// What in it, and what to do.
        why: String,
    },
    /// A criterion is taken up.
    CriterionStarted {
        /// Which.
        id: CriterionId,
        /// What it asks.
        text: String,
    },
    /// A scenario is over.
    ScenarioEnded {
        /// Of which criterion.
        id: CriterionId,
        /// Its name.
        scenario: String,
        /// How it ended.
        verdict: Verdict,
    },
    /// The subject's own time passes, which nobody can hurry; told each second.
    Waiting {
        /// How much of the run's time is left at most, beside what a person does in it.
        left: Duration,
        /// What the whole run takes at most.
        of: Duration,
    },
    /// A criterion is judged.
    CriterionEnded {
        /// Which.
        id: CriterionId,
        /// The judgement.
        verdict: Verdict,
        /// Why.
        reason: String,
    },
    /// The run was asked to stop; what was created is being taken back.
    Interrupted {
        /// By whom or what.
        why: String,
    },
    /// What the run created is being taken back.
    CleaningUp,
    /// The run is over.
    Finished {
        /// The decision.
        verdict: Verdict,
        /// What the run took on the machine's own clock.
        took: Duration,
    },
}
