//! Functions, declared against observed.

use super::seen::{Seen, ids};
use crate::harness::result::{Capability, Presence};
use crate::vendors::dialect::{Dialect, Operation, Step, Support};
use crate::vendors::vocabulary::{FailureKind, Field, Function, Meaning};

/// Every function.
pub(super) fn all(dialect: &Dialect, seen: &Seen<'_>) -> Vec<Capability> {
    Function::ALL.iter().map(|function| one(dialect, seen, *function)).collect()
}

fn one(dialect: &Dialect, seen: &Seen<'_>, function: Function) -> Capability {
    let support = dialect.function(function);
    let (declared, observed, note, evidence) = match support {
        Support::Supported(_) => {
            let provided = provided_for(support);
            let mut operations = support.operations();
            operations.retain(|operation| !provided.contains(operation));
            let (observed, note, evidence) = carried_out(&operations, seen);
            (Presence::Yes, observed, note, evidence)
        }
        Support::Unsupported { reason } => {
            let (observed, note, evidence) = undeclared(dialect, seen, function);
            (Presence::No, observed, note.unwrap_or_else(|| reason.clone()), evidence)
        }
        Support::Unmentioned => {
            let (observed, note, evidence) = undeclared(dialect, seen, function);
            let unsaid = "the statement does not mention it".to_owned();
            (Presence::No, observed, note.unwrap_or(unsaid), evidence)
        }
    };
    let line = Capability::new(function.as_str(), function.title(), declared, observed, note, evidence);
    let irrevocable = dialect.limits.pin.irrevocable.as_ref();
    match irrevocable.filter(|_| function == Function::RemovePinAccess && declared == Presence::Yes) {
        Some(reason) if line.contradiction().is_none() => {
            line.useless(format!("PINs cannot be withdrawn: {reason}"))
        }
        _ => line,
    }
}

/// The operations whose absence the plan itself provides for (`otherwise`).
fn provided_for(support: &Support) -> Vec<&str> {
    let Support::Supported(plan) = support else { return Vec::new() };
    let guarded = plan.steps.iter().filter_map(|step| match step {
        Step::Guarded { guard, step } => Some((guard, step)),
        _ => None,
    });
    let absent = |kind: &FailureKind| matches!(kind, FailureKind::NotFound | FailureKind::Unsupported);
    guarded
        .filter(|(guard, _)| guard.otherwise.iter().any(|(kind, _)| absent(kind)))
        .flat_map(|(_, step)| step.operations())
        .collect()
}

/// What became of the exchanges of a declared function.
fn carried_out(operations: &[&str], seen: &Seen<'_>) -> (Presence, String, Vec<String>) {
    for operation in operations {
        let absences = seen.absences(operation);
        if let Some(first) = absences.first() {
            let note = format!(
                "`{operation}` was never answered otherwise than that it is not there ({})",
                status(first)
            );
            return (Presence::No, note, ids(absences));
        }
    }
    let open: Vec<&str> =
        operations.iter().copied().filter(|operation| seen.successes(operation).next().is_none()).collect();
    let shown = ids(operations.iter().filter_map(|operation| seen.successes(operation).next()));
    match open.as_slice() {
        [] => (Presence::Yes, "every exchange of it succeeded".to_owned(), shown),
        open => (Presence::Unknown, format!("not seen to succeed: {}", open.join(", ")), shown),
    }
}

fn status(exchange: &crate::harness::result::Exchange) -> String {
    match &exchange.response {
        crate::harness::result::Received::Answer { status, .. } => format!("status {status}"),
        crate::harness::result::Received::Nothing { .. } => "no answer".to_owned(),
    }
}

/// A function that is not declared although the profile describes how it is asked
/// for: by a call that no function uses, or by one that others read with.
fn undeclared(
    dialect: &Dialect,
    seen: &Seen<'_>,
    function: Function,
) -> (Presence, Option<String>, Vec<String>) {
    let idle = unused(dialect);
    let unused = idle.iter().find(|operation| serves(operation) == Some(function));
    let named = idle.iter().map(|operation| operation.name()).collect::<Vec<_>>();
    let lent = dialect
        .operations()
        .iter()
        .filter(|operation| !named.contains(&operation.name()) && reads(operation) == Some(function));
    let known = unused.map(|operation| (operation.name(), "no function uses it"));
    let lent = lent.map(|operation| (operation.name(), "only other functions use it"));
    for (name, use_of_it) in known.into_iter().chain(lent) {
        let shown = ids(seen.successes(name));
        if !shown.is_empty() {
            return (Presence::Yes, Some(format!("`{name}` succeeds, and {use_of_it}")), shown);
        }
    }
    let note = known.map(|(name, _)| {
        format!("the profile describes `{name}`, which no function uses; it was not seen to succeed")
    });
    (Presence::Unknown, note, Vec::new())
}

/// The function that an operation serves by reading alone, so that whoever is
/// answered has it, whatever it is asked for. A lock that is told without any state
/// of it is no status.
pub(super) fn reads(operation: &Operation) -> Option<Function> {
    let answers = |fields: &[Field]| fields.iter().any(|field| operation.answers_with(field));
    let tells = match operation.meaning() {
        Meaning::ListGroups => answers(&[Field::GroupId]),
        Meaning::ListLocks => answers(&[Field::LockId]),
        Meaning::GetLock => answers(STATES),
        Meaning::ListPins => true,
        Meaning::ListMobile => answers(&[Field::MobileId]),
        _ => false,
    };
    if tells { serves(operation) } else { None }
}

/// What a status tells of a lock.
const STATES: &[Field] =
    &[Field::LockReachable, Field::LockBattery, Field::LockBatteryLow, Field::LockDoor, Field::LockState];

/// An operation that the profile describes and no function uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Its name.
    pub operation: String,
    /// The function that it would serve.
    pub function: Function,
}

impl Unused {
    /// What is wrong with that, in words.
    pub fn told(&self) -> String {
        let Self { operation, function } = self;
        format!(
            "the profile describes `{operation}`, which serves “{}”, and declares no such function",
            function.title()
        )
    }
}

/// The operations that no function uses and that would serve one which is not
/// declared: either the function is there, or the description tells too much.
pub fn undeclared_operations(dialect: &Dialect) -> Vec<Unused> {
    unserved(dialect, |_| true)
}

/// Those that only read: asking them changes nothing.
pub fn unused_reads(dialect: &Dialect) -> Vec<Unused> {
    unserved(dialect, |meaning| {
        matches!(meaning, Meaning::ListGroups | Meaning::ListLocks | Meaning::GetLock | Meaning::ListPins)
    })
}

fn unserved(dialect: &Dialect, counts: impl Fn(Meaning) -> bool) -> Vec<Unused> {
    let operations = unused(dialect).into_iter().filter(|operation| counts(operation.meaning()));
    let undeclared = operations.filter_map(|operation| {
        let function = serves(operation).filter(|function| !dialect.supports(*function))?;
        Some(Unused { operation: operation.name().to_owned(), function })
    });
    undeclared.collect()
}

/// The operations that no plan and no session uses, not even to find or to take
/// back what was made.
fn unused(dialect: &Dialect) -> Vec<&Operation> {
    let mut used: Vec<&str> = Vec::new();
    for function in Function::ALL {
        used.extend(dialect.function(*function).operations());
        if let Support::Supported(plan) = dialect.function(*function) {
            plan.steps.iter().for_each(|step| step.lend_a_hand(&mut used));
        }
    }
    used.extend(dialect.session.iter().flat_map(|session| &session.plan.steps).flat_map(Step::operations));
    used.extend(dialect.auth.token_operation.as_deref());
    used.extend(dialect.auth.refresh_operation.as_deref());
    dialect.operations().iter().filter(|operation| !used.contains(&operation.name())).collect()
}

/// The function that an operation serves by itself. A list that tells of no
/// lock's or user's PINs, as one of everybody at a site, is a means of others.
fn serves(operation: &Operation) -> Option<Function> {
    let function = operation.meaning().serves()?;
    (function != Function::ListPinAccess || lists_pins(operation)).then_some(function)
}

/// Whether it is asked for a lock or a user, or tells the lock of each, and
/// answers with what makes a PIN access.
fn lists_pins(operation: &Operation) -> bool {
    let asked = [Field::LockId, Field::UserId].iter().any(|field| operation.asks_with(field));
    let told = [Field::AccessId, Field::AccessName, Field::AccessFrom, Field::AccessUntil, Field::AccessPin];
    (asked || operation.answers_with(&Field::LockId))
        && told.iter().any(|field| operation.answers_with(field))
}
