//! What a scenario asks of a vendor, held against what the vendor has.

use crate::simulator::{Claim, Disturbance, FaultPlan, Happening, Notice, Scenario, Stay};
use crate::vendors::dialect::{Dialect, Operation, Support};
use crate::vendors::vocabulary::{FailureKind, Field, Function, Meaning};

/// Why a scenario says nothing about a vendor; `None` where it does.
pub(super) fn missing(dialect: &Dialect, scenario: &Scenario) -> Option<String> {
    let mut functions = Vec::new();
    if !scenario.guests.is_empty() {
        functions.push(Function::CreatePinAccess);
    }
    if scenario.guests.iter().any(|guest| guest.cancelled.is_some()) {
        functions.push(Function::RemovePinAccess);
    }
    if scenario.watch.is_some() {
        functions.push(Function::GetLockStatus);
    }
    let tells = dialect.callbacks.is_some();
    let of_group = scenario.guests.iter().any(|guest| matches!(guest.stays, Stay::Group(_)));
    functions
        .into_iter()
        .find_map(|function| unsupported(dialect, function))
        .or_else(|| {
            (of_group && !dialect.asks_with(Function::CreatePinAccess, &Field::GroupId))
                .then(|| "the vendor gives no PIN for a group".to_owned())
        })
        .or_else(|| scenario.events.iter().find_map(|event| of_event(dialect, &event.then)))
        .or_else(|| (scenario.listens && !tells).then(|| "the vendor tells nothing by itself".to_owned()))
        .or_else(|| of_vendor(dialect, scenario))
        .or_else(|| scenario.expect.iter().find_map(|expectation| of_claim(dialect, &expectation.that)))
}

fn unsupported(dialect: &Dialect, function: Function) -> Option<String> {
    match dialect.function(function) {
        Support::Supported(_) => None,
        Support::Unsupported { reason } => Some(format!("{} is not supported: {reason}", function.as_str())),
        Support::Unmentioned => Some(format!("the profile does not mention {}", function.as_str())),
    }
}

fn of_event(dialect: &Dialect, then: &Happening) -> Option<String> {
    match then {
        Happening::Fault(plan) => of_fault(dialect, plan),
        Happening::ExpireTokens if dialect.auth.token_operation.is_none() => no_tokens(),
        _ => None,
    }
}

fn no_tokens() -> Option<String> {
    Some("the vendor gives out no tokens".to_owned())
}

fn of_fault(dialect: &Dialect, plan: &FaultPlan) -> Option<String> {
    let creates =
        |operation: &Operation| matches!(operation.meaning(), Meaning::AssignAccess | Meaning::SetPin);
    let fits = |operation: &&Operation| {
        (!plan.creation || creates(operation))
            && plan.operation.as_deref().is_none_or(|name| name == operation.name())
            && plan.meaning.is_none_or(|meaning| meaning == operation.meaning())
    };
    let struck: Vec<&Operation> = dialect.operations().iter().filter(fits).collect();
    if struck.is_empty() {
        let meaning = plan.meaning.map(|meaning| meaning.as_str());
        let named = plan.operation.as_deref().or(meaning).unwrap_or("anything");
        return Some(format!("the vendor has no call for {named}"));
    }
    let kind = match plan.by {
        Disturbance::Refuse(kind) => kind,
        Disturbance::RateLimit(_) => FailureKind::RateLimited,
        Disturbance::Timeout { .. } => FailureKind::UpstreamTimeout,
        _ => return None,
    };
    let documents = |operation: &&Operation| operation.documented_failures().contains(&kind);
    (!struck.iter().all(documents)).then(|| undocumented(kind))
}

fn undocumented(kind: FailureKind) -> String {
    format!("the vendor documents no error that means {}", kind.as_str())
}

fn of_vendor(dialect: &Dialect, scenario: &Scenario) -> Option<String> {
    let rules = &scenario.vendor;
    if rules.token_life.is_some() && dialect.auth.token_operation.is_none() {
        return no_tokens();
    }
    let kinds = [
        (rules.rate.is_some(), FailureKind::RateLimited),
        (rules.codes_per_lock.is_some(), FailureKind::Full),
    ];
    let mut asked = kinds.into_iter().filter(|(asked, _)| *asked).map(|(_, kind)| kind);
    asked.find(|kind| !documents(dialect, *kind)).map(undocumented)
}

/// Whether some call on the way to a PIN documents that failure.
fn documents(dialect: &Dialect, kind: FailureKind) -> bool {
    let support = dialect.function(Function::CreatePinAccess);
    let mut operations = support.operations().into_iter().filter_map(|name| dialect.operation(name));
    operations.any(|operation| operation.documented_failures().contains(&kind))
}

fn of_claim(dialect: &Dialect, claim: &Claim) -> Option<String> {
    let told = |fields: &[Field], what: &str| {
        let tells = fields.iter().any(|field| dialect.answers_with(Function::GetLockStatus, field));
        (!tells).then(|| format!("the vendor tells nothing of {what}"))
    };
    match claim {
        Claim::Failed { with, .. } if *with != FailureKind::UpstreamTimeout && !documents(dialect, *with) => {
            Some(undocumented(*with))
        }
        Claim::Calls { meaning: Some(meaning), times, .. } if times.least > 0 => {
            let has = dialect.operations().iter().any(|operation| operation.meaning() == *meaning);
            (!has).then(|| format!("the vendor has no call for {}", meaning.as_str()))
        }
        Claim::Told { notice, .. } => match notice {
            Notice::Unreachable | Notice::ReachableAgain => told(&[Field::LockReachable], "reachability"),
            Notice::BatteryLow => told(&[Field::LockBattery, Field::LockBatteryLow], "batteries"),
            Notice::DoorAjar | Notice::DoorForced => told(&[Field::LockDoor], "doors"),
            _ => None,
        },
        _ => None,
    }
}
