//! Abilities within functions: what the answers carry, how lists are read.

use super::hints;
use super::seen::{Seen, ids};
use crate::harness::result::{Capability, Presence};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::vocabulary::{Field, Function};

/// An ability that an answer shows by what it carries.
struct Carried {
    name: &'static str,
    title: &'static str,
    /// The function in whose answers it is looked for.
    function: Function,
    /// The fields by which a profile declares it.
    fields: &'static [Field],
    /// How vendors call it, without case and punctuation.
    called: &'static [&'static str],
}

const CARRIED: [Carried; 7] = [
    Carried {
        name: "reachability",
        title: "Tells whether a lock can be reached",
        function: Function::GetLockStatus,
        fields: &[Field::LockReachable],
        called: hints::REACHABLE,
    },
    Carried {
        name: "battery",
        title: "Tells the battery",
        function: Function::GetLockStatus,
        fields: &[Field::LockBattery, Field::LockBatteryLow],
        called: hints::BATTERY,
    },
    Carried {
        name: "door",
        title: "Tells the door",
        function: Function::GetLockStatus,
        fields: &[Field::LockDoor],
        called: hints::DOOR,
    },
    Carried {
        name: "bolt",
        title: "Tells the bolt",
        function: Function::GetLockStatus,
        fields: &[Field::LockState],
        called: hints::BOLT,
    },
    Carried {
        name: "last_seen",
        title: "Tells when a lock was last heard of",
        function: Function::GetLockStatus,
        fields: &[Field::LockLastSeen],
        called: hints::LAST_SEEN,
    },
    Carried {
        name: "group_of_lock",
        title: "Tells the group of each lock",
        function: Function::ListLocks,
        fields: &[Field::GroupId],
        called: hints::GROUP,
    },
    Carried {
        name: "location_of_lock",
        title: "Tells where each lock is",
        function: Function::ListLocks,
        fields: &[Field::LockLocation],
        called: hints::LOCATION,
    },
];

/// Every ability.
pub(super) fn all(dialect: &Dialect, seen: &Seen<'_>) -> Vec<Capability> {
    let mut all: Vec<Capability> = CARRIED.iter().map(|ability| carried(dialect, seen, ability)).collect();
    all.push(group_filter(dialect, seen));
    all.extend(lists(dialect).into_iter().map(|(function, operation)| paging(seen, function, operation)));
    all.extend(refreshing(dialect, seen));
    all
}

fn operations(dialect: &Dialect, function: Function) -> Vec<&Operation> {
    dialect.function(function).operations().into_iter().filter_map(|name| dialect.operation(name)).collect()
}

fn carried(dialect: &Dialect, seen: &Seen<'_>, ability: &Carried) -> Capability {
    let operations = operations(dialect, ability.function);
    let telling: Vec<&&Operation> = operations
        .iter()
        .filter(|operation| ability.fields.iter().any(|field| operation.answers_with(field)))
        .collect();
    let make = |declared, observed, note: String, evidence| {
        Capability::new(ability.name, ability.title, declared, observed, note, evidence)
    };
    let concluded = concluded(dialect, seen, ability);
    if let Some(shown) = concluded.filter(|_| telling.is_empty()) {
        let (observed, note) = if shown.is_empty() {
            (Presence::Unknown, "no call was seen whose outcome tells it")
        } else {
            (Presence::Yes, "told by whether a call succeeds")
        };
        return make(Presence::Yes, observed, note.to_owned(), shown);
    }
    if telling.is_empty() {
        let found =
            operations.iter().find_map(|operation| hints::undeclared(operation, seen, ability.called));
        return match found {
            Some((member, shown)) => make(
                Presence::No,
                Presence::Yes,
                format!("answers carry `{member}`, which the profile does not show"),
                shown,
            ),
            None => make(
                Presence::No,
                Presence::Unknown,
                "the profile shows no such field".to_owned(),
                Vec::new(),
            ),
        };
    }
    let shown = ids(telling.iter().flat_map(|operation| seen.successes(operation.name())));
    let (observed, note) = if shown.is_empty() {
        (Presence::Unknown, "no documented answer was seen")
    } else {
        (Presence::Yes, "the answers have the documented shape")
    };
    make(Presence::Yes, observed, note.to_owned(), shown)
}

/// The exchanges whose outcome tells an ability's field, where a plan concludes
/// it from outcomes (`tells`, `otherwise`); `None` where none does.
fn concluded(dialect: &Dialect, seen: &Seen<'_>, ability: &Carried) -> Option<Vec<String>> {
    let support = dialect.function(ability.function);
    let mut shown = Vec::new();
    let mut concludes = false;
    for field in ability.fields {
        for (guard, step) in support.concluding(field) {
            concludes = true;
            for operation in step.operations() {
                if guard.tells.has(field) {
                    shown.extend(seen.successes(operation));
                }
                shown.extend(guard.failures_telling(field).flat_map(|kind| seen.failures(operation, kind)));
            }
        }
    }
    concludes.then(|| ids(shown))
}

fn group_filter(dialect: &Dialect, seen: &Seen<'_>) -> Capability {
    let declared = dialect.asks_with(Function::ListLocks, &Field::GroupId);
    let filtering =
        operations(dialect, Function::ListLocks).into_iter().filter(|op| op.asks_with(&Field::GroupId));
    let shown = ids(filtering.flat_map(|operation| seen.successes(operation.name())));
    let (declared, observed, note) = match (declared, shown.is_empty()) {
        (true, false) => {
            (Presence::Yes, Presence::Yes, "lists of one group were answered; LV-21 judges what they hold")
        }
        (true, true) => (Presence::Yes, Presence::Unknown, "no list was answered"),
        (false, _) => (Presence::No, Presence::Unknown, "no request names a group"),
    };
    Capability::new("group_filter", "Filters locks by group", declared, observed, note.to_owned(), shown)
}

/// The lists that there are, each once.
fn lists(dialect: &Dialect) -> Vec<(Function, &Operation)> {
    [Function::ListAccessGroups, Function::ListLocks, Function::ListPinAccess]
        .into_iter()
        .filter_map(|function| Some((function, *operations(dialect, function).last()?)))
        .collect()
}

fn paging(seen: &Seen<'_>, function: Function, operation: &Operation) -> Capability {
    let name = format!("paging_{}", function.as_str());
    let title = format!("{}: page by page", function.title());
    let shown = ids(seen.successes(operation.name()));
    let (declared, observed, note, shown) = if operation.paging().is_some() {
        let observed = if shown.is_empty() { Presence::Unknown } else { Presence::Yes };
        (Presence::Yes, observed, "read page by page, to the end".to_owned(), shown)
    } else if let Some((member, shown)) = hints::undeclared(operation, seen, hints::PAGES) {
        let note = format!("answers carry `{member}`, and the profile declares one page");
        (Presence::No, Presence::Yes, note, shown)
    } else {
        (Presence::No, Presence::Unknown, "one page, by the profile".to_owned(), Vec::new())
    };
    Capability::new(&name, &title, declared, observed, note, shown)
}

fn refreshing(dialect: &Dialect, seen: &Seen<'_>) -> Option<Capability> {
    let token = dialect.operation(dialect.auth.token_operation.as_deref()?)?;
    let declared = dialect.auth.refresh_operation.as_deref();
    let (declared, observed, note, shown) = match declared {
        Some(refresh) => {
            let shown = ids(seen.successes(refresh));
            let observed = if shown.is_empty() { Presence::Unknown } else { Presence::Yes };
            (Presence::Yes, observed, "tokens are renewed by a refresh token".to_owned(), shown)
        }
        None => match hints::undeclared(token, seen, hints::REFRESH) {
            Some((member, shown)) => {
                let note = format!("the token comes with `{member}`, which the profile does not use");
                (Presence::No, Presence::Yes, note, shown)
            }
            None => (Presence::No, Presence::Unknown, "tokens are got anew".to_owned(), Vec::new()),
        },
    };
    Some(Capability::new(
        "token_refresh",
        "Renews tokens without credentials",
        declared,
        observed,
        note,
        shown,
    ))
}
