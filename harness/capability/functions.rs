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

/// A function that is not declared although the profile describes how it is asked for.
fn undeclared(
    dialect: &Dialect,
    seen: &Seen<'_>,
    function: Function,
) -> (Presence, Option<String>, Vec<String>) {
    let Some(operation) = unused(dialect).into_iter().find(|operation| serves(operation) == Some(function))
    else {
        return (Presence::Unknown, None, Vec::new());
    };
    let name = operation.name();
    let shown = ids(seen.successes(name));
    if shown.is_empty() {
        let note =
            format!("the profile describes `{name}`, which no function uses; it was not seen to succeed");
        return (Presence::Unknown, Some(note), shown);
    }
    (Presence::Yes, Some(format!("`{name}` succeeds, and no function uses it")), shown)
}

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
    let function = asks(operation.meaning())?;
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

/// The function that an exchange of a meaning serves by itself.
fn asks(meaning: Meaning) -> Option<Function> {
    match meaning {
        Meaning::ListGroups => Some(Function::ListAccessGroups),
        Meaning::ListLocks => Some(Function::ListLocks),
        Meaning::GetLock => Some(Function::GetLockStatus),
        Meaning::SetPin => Some(Function::CreatePinAccess),
        Meaning::RemovePin => Some(Function::RemovePinAccess),
        Meaning::CreateMobile => Some(Function::CreateMobileAccess),
        Meaning::RemoveMobile => Some(Function::RemoveMobileAccess),
        Meaning::Unlock => Some(Function::Unlock),
        Meaning::HoldOpen => Some(Function::HoldOpen),
        Meaning::ReleaseHold => Some(Function::ReturnToNormal),
        Meaning::AlgoPin => Some(Function::AlgoPin),
        Meaning::ListPins => Some(Function::ListPinAccess),
        Meaning::UpdatePin => Some(Function::ChangePinAccess),
        Meaning::ListMobile => Some(Function::ListMobileAccess),
        _ => None,
    }
}
