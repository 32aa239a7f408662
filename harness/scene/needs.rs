//! What a scenario asks of a vendor, held against what the vendor has.

use std::sync::Arc;

use super::watch::LOW;
use crate::simulator::{Claim, Disturbance, FaultPlan, Happening, Notice, Scenario, Stay};
use crate::vendors::dialect::{Dialect, Operation, Support};
use crate::vendors::vocabulary::{EventKind, FailureKind, Field, Function, Meaning, Word};

/// Why a scenario says nothing about a vendor; `None` where it does.
pub(super) fn missing(dialect: &Dialect, scenario: &Scenario) -> Option<String> {
    let of_group = scenario.guests.iter().any(|guest| matches!(guest.stays, Stay::Group(_)));
    functions(scenario)
        .into_iter()
        .find_map(|function| unsupported(dialect, function))
        .or_else(|| {
            (of_group && !dialect.asks_with(Function::CreatePinAccess, &Field::GroupId))
                .then(|| "the vendor gives no PIN for a group".to_owned())
        })
        .or_else(|| irrevocable(dialect, scenario))
        .or_else(|| scenario.events.iter().find_map(|event| of_event(dialect, scenario, &event.then)))
        .or_else(|| untold(dialect, scenario).map(str::to_owned))
        .or_else(|| of_vendor(dialect, scenario))
        .or_else(|| scenario.expect.iter().find_map(|expectation| of_claim(dialect, &expectation.that)))
}

/// Why listening to the vendor would say nothing: it has no callbacks, or none for
/// locks that go and return, of which the scenario waits to hear.
fn untold(dialect: &Dialect, scenario: &Scenario) -> Option<&'static str> {
    let goes = |happening: &Happening| {
        matches!(
            happening,
            Happening::GoOffline(_)
                | Happening::ComeBack(_)
                | Happening::BridgeDies(_)
                | Happening::BridgeReturns(_)
        )
    };
    let Some(callbacks) = dialect.callbacks.as_ref().filter(|_| scenario.listens) else {
        return scenario.listens.then_some("the vendor tells nothing by itself");
    };
    let told = callbacks.events().any(|(_, kinds)| kinds.contains(&EventKind::Reachability));
    let waits = !told && scenario.events.iter().any(|event| goes(&event.then));
    waits.then_some("the vendor does not tell by itself that a lock is gone or back")
}

/// Why a stay that is called off cannot be taken back at this vendor.
fn irrevocable(dialect: &Dialect, scenario: &Scenario) -> Option<String> {
    let is_cancelled = scenario.guests.iter().any(|guest| guest.cancelled.is_some());
    let reason = dialect.limits.pin.irrevocable.as_ref().filter(|_| is_cancelled);
    reason.map(|reason| format!("PINs cannot be withdrawn: {reason}"))
}

/// What Inlet asks for in a scenario.
fn functions(scenario: &Scenario) -> Vec<Function> {
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
    functions
}

fn unsupported(dialect: &Dialect, function: Function) -> Option<String> {
    match dialect.function(function) {
        Support::Supported(_) => None,
        Support::Unsupported { reason } => Some(format!("{} is not supported: {reason}", function.as_str())),
        Support::Unmentioned => Some(format!("the profile does not mention {}", function.as_str())),
    }
}

fn of_event(dialect: &Dialect, scenario: &Scenario, then: &Happening) -> Option<String> {
    match then {
        Happening::Fault(plan) => of_fault(dialect, scenario, plan),
        Happening::Door { is, .. } if scenario.watch.is_some() => of_door(dialect, *is),
        Happening::ExpireTokens if dialect.auth.token_operation.is_none() => no_tokens(),
        _ => None,
    }
}

/// Whether the state of a lock can say a door's. One that stands ajar is an open
/// one that stays open, which the watch finds out by looking again; that one was
/// forced nobody can know but the vendor.
fn of_door(dialect: &Dialect, is: Word) -> Option<String> {
    let support = dialect.function(Function::GetLockStatus);
    let words = if is == Word::Ajar { vec![Word::Ajar, Word::Open] } else { vec![is] };
    let mut operations = support.operations().into_iter().filter_map(|name| dialect.operation(name));
    let says = operations
        .any(|operation| words.iter().any(|word| operation.can_answer_with(&Field::LockDoor, *word)));
    (!says).then(|| format!("the vendor does not tell that a door is {}", is.as_str()))
}

fn no_tokens() -> Option<String> {
    Some("the vendor gives out no tokens".to_owned())
}

fn of_fault(dialect: &Dialect, scenario: &Scenario, plan: &FaultPlan) -> Option<String> {
    let creation = creation(dialect);
    let fits = |operation: &&Operation| {
        (!plan.creation || creation == operation.meaning())
            && plan.operation.as_deref().is_none_or(|name| name == operation.name())
            && plan.meaning.is_none_or(|meaning| meaning == operation.meaning())
    };
    let struck: Vec<&Operation> = called(dialect, scenario).into_iter().filter(fits).collect();
    if struck.is_empty() {
        let meaning = plan.meaning.map(|meaning| meaning.as_str());
        let named = plan.operation.as_deref().or(meaning).unwrap_or("anything");
        return Some(format!("the vendor has no call for {named}"));
    }
    let kind = match plan.by {
        Disturbance::Refuse(kind) => kind,
        Disturbance::RateLimit(_) => FailureKind::RateLimited,
        _ => return None,
    };
    let documents = |operation: &&Operation| operation.documented_failures().contains(&kind);
    (!struck.iter().any(documents)).then(|| undocumented(&named(plan), kind))
}

/// What the call that makes an access means at this vendor.
fn creation(dialect: &Dialect) -> Meaning {
    let assigns = dialect.operations().iter().any(|operation| operation.meaning() == Meaning::AssignAccess);
    if assigns { Meaning::AssignAccess } else { Meaning::SetPin }
}

/// What Inlet's plans call in this scenario, with what they need to speak at all.
fn called<'a>(dialect: &'a Dialect, scenario: &Scenario) -> Vec<&'a Operation> {
    let planned: Vec<&str> = functions(scenario)
        .into_iter()
        .flat_map(|function| dialect.function(function).operations())
        .collect();
    let begins = |operation: &Operation| {
        let means = operation.meaning();
        matches!(means, Meaning::GetToken | Meaning::RefreshToken | Meaning::OpenSession)
    };
    let all = dialect.operations().iter();
    all.filter(|operation| planned.contains(&operation.name()) || begins(operation)).collect()
}

/// The scenario as it can be played at this vendor: where no call that Inlet
/// makes documents a timeout of something behind the vendor, the answer does
/// not come, which is how such a timeout shows there.
pub(super) fn as_played(dialect: &Dialect, scenario: Arc<Scenario>) -> Arc<Scenario> {
    let tells =
        |operation: &Operation| operation.documented_failures().contains(&FailureKind::UpstreamTimeout);
    let is_timeout = |then: &Happening| {
        matches!(then, Happening::Fault(FaultPlan { by: Disturbance::Timeout { .. }, .. }))
    };
    let mut is_asked = scenario.events.iter();
    if !is_asked.any(|event| is_timeout(&event.then)) || called(dialect, &scenario).into_iter().all(tells) {
        return scenario;
    }
    let mut played = Scenario::clone(&scenario);
    for event in &mut played.events {
        if let Happening::Fault(FaultPlan { by, .. }) = &mut event.then
            && let Disturbance::Timeout { carried_out } = *by
        {
            *by = Disturbance::Silence { carried_out };
        }
    }
    Arc::new(played)
}

/// The calls on the way to a PIN, which is what Inlet asks for in scenarios.
const MAKING: &str = "that makes a PIN";

/// The calls that a fault strikes, in words.
fn named(plan: &FaultPlan) -> String {
    match (&plan.operation, plan.meaning) {
        (Some(operation), _) => format!("of `{operation}`"),
        (None, Some(meaning)) if !matches!(meaning, Meaning::SetPin | Meaning::AssignAccess) => {
            format!("for {}", meaning.as_str())
        }
        (None, None) if !plan.creation => "that Inlet makes".to_owned(),
        _ => MAKING.to_owned(),
    }
}

/// Other calls of the vendor may well document it: the calls are named.
fn undocumented(calls: &str, kind: FailureKind) -> String {
    format!("no call {calls} documents an error that means {}", kind.as_str())
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
    asked.find(|kind| !documents(dialect, *kind)).map(|kind| undocumented(MAKING, kind))
}

/// Whether some call on the way to a PIN documents that failure.
fn documents(dialect: &Dialect, kind: FailureKind) -> bool {
    let support = dialect.function(Function::CreatePinAccess);
    let mut operations = support.operations().into_iter().filter_map(|name| dialect.operation(name));
    operations.any(|operation| operation.documented_failures().contains(&kind))
}

fn of_claim(dialect: &Dialect, claim: &Claim) -> Option<String> {
    let told = |fields: &[Field], what: &str| {
        let tells = fields.iter().any(|field| status_tells(dialect, field));
        (!tells).then(|| format!("the vendor tells nothing of {what}"))
    };
    match claim {
        Claim::Failed { with, .. } if *with != FailureKind::UpstreamTimeout && !documents(dialect, *with) => {
            Some(undocumented(MAKING, *with))
        }
        Claim::Calls { meaning: Some(meaning), times, .. } if times.least > 0 => {
            let has = dialect.operations().iter().any(|operation| operation.meaning() == *meaning);
            (!has).then(|| format!("the vendor has no call for {}", meaning.as_str()))
        }
        Claim::Told { notice, .. } => match notice {
            Notice::Unreachable | Notice::ReachableAgain => told(&[Field::LockReachable], "reachability"),
            Notice::BatteryLow => told(&[Field::LockBattery, Field::LockBatteryLow], "batteries")
                .or_else(|| tells_no_low_battery(dialect)),
            Notice::DoorAjar | Notice::DoorForced => told(&[Field::LockDoor], "doors"),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a battery can be told as low: a vendor may know words for full ones alone.
fn tells_no_low_battery(dialect: &Dialect) -> Option<String> {
    let support = dialect.function(Function::GetLockStatus);
    let mut operations = support.operations().into_iter().filter_map(|name| dialect.operation(name));
    let tells = operations.any(|operation| operation.can_answer_with_charge(LOW - 1));
    (!tells).then(|| "the vendor has no word for a battery that is low".to_owned())
}

/// Whether the plan of the status tells a field, by an answer or by the outcome of a step.
fn status_tells(dialect: &Dialect, field: &Field) -> bool {
    let support = dialect.function(Function::GetLockStatus);
    !support.concluding(field).is_empty() || dialect.answers_with(Function::GetLockStatus, field)
}
