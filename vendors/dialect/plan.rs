//! A function as a short plan of exchanges.

use std::time::Duration;

use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Word};

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

    /// The steps whose outcome makes a field known (`tells`, `otherwise`).
    pub fn concluding(&self, field: &Field) -> Vec<(&Guard, &Step)> {
        let mut found = Vec::new();
        if let Support::Supported(plan) = self {
            plan.steps.iter().for_each(|step| step.concluding(field, &mut found));
        }
        found
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
    /// `find`: lists until an item agrees with what is known, or until none does.
    Find {
        /// The listing operation.
        operation: String,
        /// The fields in which the item, or one within it, must agree.
        by: Vec<Field>,
        /// The fields that the item itself must have.
        has: Vec<Field>,
        /// What the item itself must say.
        says: Facts,
        /// `gone`: whether it is over once no item agrees, rather than once one does.
        gone: bool,
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
    /// `once`: steps that are carried out once for each value of a field; what
    /// their answers told is kept for every later call.
    Once {
        /// The steps.
        steps: Vec<Step>,
        /// The field (`lock.id`).
        per: Field,
    },
    /// A step that is carried out under a condition, or whose outcome tells more
    /// than its answer.
    Guarded {
        /// The condition, and what the outcome tells.
        guard: Guard,
        /// The step.
        step: Box<Step>,
    },
    /// `unsupported`: the end, for a lock or a case that the vendor does not serve.
    Unsupported {
        /// The reason, in the vendor's words.
        reason: String,
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

/// What stands around a step.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Guard {
    /// `when`: the step is left out unless this holds.
    pub when: Option<Condition>,
    /// `tells`: what is known once it has succeeded.
    pub tells: Facts,
    /// `otherwise`: what is known where it failed so; the plan then goes on.
    pub otherwise: Vec<(FailureKind, Facts)>,
}

/// A condition on what is known when its step comes.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The length of a window.
    Window {
        /// Its start.
        from: Field,
        /// Its end.
        until: Field,
        /// The shortest that fits.
        at_least: Option<Duration>,
        /// The first that is too long.
        below: Option<Duration>,
    },
    /// A field with one of these texts or words.
    Is {
        /// The field.
        field: Field,
        /// The texts.
        texts: Vec<String>,
    },
    /// A field that is known, or is not.
    Known {
        /// The field.
        field: Field,
        /// Which of both.
        known: bool,
    },
}

impl Guard {
    /// The failures by which a field becomes known.
    pub fn failures_telling<'a>(&'a self, field: &'a Field) -> impl Iterator<Item = FailureKind> + 'a {
        self.otherwise.iter().filter(|(_, facts)| facts.has(field)).map(|(kind, _)| *kind)
    }
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::Window { from, until, at_least, below } => {
                let (Some(from), Some(until)) = (facts.instant(from), facts.instant(until)) else {
                    return false;
                };
                let span = until.since(from);
                at_least.is_none_or(|least| span >= least) && below.is_none_or(|below| span < below)
            }
            Self::Is { field, texts } => {
                let value = match facts.get(field) {
                    Some(Datum::Word(word)) => Some(word.as_str()),
                    Some(Datum::Bool(answer)) => Some(if *answer { "true" } else { "false" }),
                    value => value.and_then(Datum::as_text),
                };
                value.is_some_and(|value| texts.iter().any(|text| text == value))
            }
            Self::Known { field, known } => facts.has(field) == *known,
        }
    }

    /// The fields that it looks at.
    pub fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Window { from, until, .. } => vec![from, until],
            Self::Is { field, .. } | Self::Known { field, .. } => vec![field],
        }
    }
}

/// What a session begins with, once for each token.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionPlan {
    /// The steps.
    pub plan: Plan,
    /// The fields whose values stay for the session. Without any, the session
    /// itself is changed at the vendor, who refuses calls that come before.
    pub keeps: Vec<Field>,
    /// The domains in which a server may be whose address the vendor tells, beside
    /// those of the servers that are called anyway.
    pub domains: Vec<String>,
}

impl SessionPlan {
    /// The operations that it uses.
    pub fn operations(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.plan.collect_operations(&mut names);
        names
    }
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
    /// Whether it takes what a listing shows to be free: nobody else may take the
    /// same before it is done.
    pub fn takes_what_is_free(&self) -> bool {
        self.steps.iter().any(Step::takes_what_is_free)
    }

    fn collect_operations<'a>(&'a self, names: &mut Vec<&'a str>) {
        for step in &self.steps {
            step.collect_operations(names);
        }
    }
}

impl Step {
    /// The operations that the step uses, each once, in order.
    pub fn operations(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_operations(&mut names);
        names
    }

    /// Adds the operations that help the step out: what finds after a lost answer
    /// what was made, and what takes it back.
    pub fn lend_a_hand<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Step::Call { repeat, undo, .. } => {
                names.extend(undo.as_deref());
                if let Repeat::Find { operation, .. } | Repeat::Refused { operation: Some(operation), .. } =
                    repeat
                {
                    names.push(operation);
                }
            }
            Step::Each { steps } | Step::Once { steps, .. } => {
                steps.iter().for_each(|step| step.lend_a_hand(names));
            }
            Step::Guarded { step, .. } => step.lend_a_hand(names),
            _ => {}
        }
    }

    /// Whether it waits until the vendor says that something is done.
    pub fn waits_until_done(&self) -> bool {
        match self {
            Self::Poll { .. } | Self::Find { .. } => true,
            Self::Guarded { step, .. } => step.waits_until_done(),
            _ => false,
        }
    }

    /// Whether it, or a step within it, takes what a listing shows to be free.
    pub fn takes_what_is_free(&self) -> bool {
        match self {
            Self::Find { says, .. } => says.iter().next().is_some(),
            Self::Each { steps } | Self::Once { steps, .. } => steps.iter().any(Self::takes_what_is_free),
            Self::Guarded { step, .. } => step.takes_what_is_free(),
            _ => false,
        }
    }

    fn concluding<'a>(&'a self, field: &Field, found: &mut Vec<(&'a Guard, &'a Step)>) {
        match self {
            Self::Guarded { guard, step } => {
                if guard.tells.has(field) || guard.failures_telling(field).next().is_some() {
                    found.push((guard, step));
                }
                step.concluding(field, found);
            }
            Self::Each { steps } | Self::Once { steps, .. } => {
                steps.iter().for_each(|step| step.concluding(field, found));
            }
            _ => {}
        }
    }

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
            Step::Guarded { step, .. } => step.collect_operations(names),
            Step::Each { steps } | Step::Once { steps, .. } => {
                steps.iter().for_each(|step| step.collect_operations(names))
            }
            Step::Wait { .. } | Step::Unsupported { .. } => {}
        }
    }
}
