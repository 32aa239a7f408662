//! A function as a short plan of exchanges.

use std::time::Duration;

use crate::vendors::vocabulary::{Field, Word};

/// What a vendor says of a function.
#[derive(Clone, Debug, PartialEq)]
pub enum Support {
    /// It has a plan.
    Supported(Plan),
    /// It is declared absent, with the vendor's reason.
    Unsupported {
        /// The reason, in the vendor's words.
        reason: String,
    },
    /// The profile does not mention it.
    Unmentioned,
}

impl Support {
    /// The operations that the plan uses, each once, in order.
    pub fn operations(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if let Support::Supported(plan) = self {
            plan.collect_operations(&mut names);
        }
        names
    }
}

/// The steps of a function, in order. Facts read from one answer fill the
/// requests after it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step. Twelve verbs is the most that the format may ever have.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `call`: one exchange.
    Call {
        /// The operation.
        operation: String,
        /// What makes it safe to send again after a lost answer.
        repeat: Repeat,
        /// The operation that takes it back when a later step fails.
        undo: Option<String>,
        /// The listing of groups that name their locks: those of the group that is
        /// asked for are kept, and each lock is told with its group.
        among: Option<String>,
        /// The yes or no that the call's outcome tells: yes where it succeeds, no
        /// where it is refused as offline, which then is no failure.
        tells: Option<Field>,
    },
    /// `poll`: asks until a word is reached.
    Poll {
        /// The operation.
        operation: String,
        /// When it is over.
        until: PollUntil,
        /// Time between two questions.
        every: Duration,
        /// Time after which the plan gives up.
        within: Duration,
    },
    /// `find`: lists until an item agrees with what is known.
    Find {
        /// The listing operation.
        operation: String,
        /// The fields in which the item must agree.
        by: Vec<Field>,
        /// Time between two listings.
        every: Duration,
        /// Time after which the plan gives up.
        within: Duration,
    },
    /// `each`: repeats its steps for every lock of the scope.
    Each {
        /// The steps.
        steps: Vec<Step>,
    },
    /// `later`: an exchange after a time, kept by the caller's own timer.
    Later {
        /// The operation.
        operation: String,
        /// The field that says after how long (`hold.seconds`).
        after: Field,
    },
    /// `wait`: a pause.
    Wait {
        /// How long.
        span: Duration,
    },
}

/// When a poll is over.
#[derive(Clone, Debug, PartialEq)]
pub struct PollUntil {
    /// The field that is watched (`job.state`, `access.state`).
    pub field: Field,
    /// The words that mean success.
    pub done: Vec<Word>,
    /// The words that mean failure.
    pub failed: Vec<Word>,
}

/// What makes an exchange safe to send again when its answer was lost.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Repeat {
    /// It only reads, or repeating it changes nothing.
    Idempotent,
    /// The vendor refuses a duplicate as a conflict, which then means done.
    Refused {
        /// The listing that gives the id of what exists.
        operation: Option<String>,
        /// The fields in which the item must agree.
        by: Vec<Field>,
    },
    /// What exists can be found by listing, which is done before repeating.
    Find {
        /// The listing operation.
        operation: String,
        /// The fields in which the item must agree.
        by: Vec<Field>,
    },
    /// Nothing does.
    #[default]
    Unsafe,
}

impl Plan {
    fn collect_operations<'a>(&'a self, names: &mut Vec<&'a str>) {
        for step in &self.steps {
            step.collect_operations(names);
        }
    }
}

impl Step {
    fn collect_operations<'a>(&'a self, names: &mut Vec<&'a str>) {
        let mut add = |name: &'a str| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        match self {
            Step::Call { operation, among, .. } => {
                among.iter().for_each(|among| add(among));
                add(operation);
            }
            Step::Poll { operation, .. } | Step::Find { operation, .. } | Step::Later { operation, .. } => {
                add(operation)
            }
            Step::Each { steps } => steps.iter().for_each(|step| step.collect_operations(names)),
            Step::Wait { .. } => {}
        }
    }
}
