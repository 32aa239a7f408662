//! Whether the locks and groups of the subject file are there, and as their
//! part asks. What the subject itself may be telling wrongly is no fault of the
//! file: it is said to be in doubt, and left to the criteria.

use std::collections::BTreeSet;

use super::ask::Round;
use super::diagnosis::{Check, Heading};
use super::statics::nameless;
use crate::harness::criterion::Need;
use crate::harness::integration::{Lock, LockStatus};
use crate::harness::subject::{Given, Subject};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{FailureKind, Function, GroupId, LockId};

/// What to do about an id that the account does not have.
const ELSEWHERE: &str = "write the id of a lock or group that this account has in this environment (`lockstep run PROFILE \
                         --only LV-20` lists what it has)";

/// Every part, in the order of the subject file.
pub(super) fn look(dialect: &Dialect, subject: &Subject, round: &Round<'_>) -> Vec<Check> {
    if subject.given == Given::AsAddress {
        return vec![nameless(Heading::Fixtures)];
    }
    let roles = &subject.roles;
    let mut checks = Vec::new();
    if roles.free_locks.len() < 2 {
        let seen = match roles.free_locks.len() {
            0 => "the subject file names no free lock",
            _ => "the subject file names one free lock; some criteria need a second",
        };
        checks.push(unnamed("locks.free", seen));
    }
    for lock in &roles.free_locks {
        checks.push(present(lock, "locks.free", round).unwrap_or_else(|| free(lock, dialect, round)));
    }
    match &roles.offline_lock {
        None => {
            checks.push(unnamed("locks.offline", "the subject file names no lock that cannot be reached"))
        }
        Some(lock) => {
            checks.push(present(lock, "locks.offline", round).unwrap_or_else(|| offline(lock, round)));
        }
    }
    match &roles.low_battery_lock {
        None => {
            checks.push(unnamed("locks.low_battery", "the subject file names no lock with a low battery"))
        }
        Some(lock) => {
            let threshold = dialect.limits.low_battery;
            let judged = || low(lock, round, threshold);
            checks.push(present(lock, "locks.low_battery", round).unwrap_or_else(judged));
        }
    }
    if dialect.supports(Function::ListAccessGroups) {
        checks.extend(groups(subject, round));
    }
    checks
}

/// Whether every lock that may be moved belongs to the account.
pub(super) fn allowed(subject: &Subject, round: &Round<'_>) -> Check {
    if round.locks.is_none() {
        return Check::unseen(Heading::AllowList, "the locks of the account could not be listed");
    }
    let strangers: Vec<&str> =
        subject.roles.actuation.iter().filter(|lock| !round.is_known(lock)).map(LockId::as_str).collect();
    if strangers.is_empty() {
        let count = subject.roles.actuation.len();
        return Check::ok(Heading::AllowList, format!("{count} locks may be moved, all of this account"));
    }
    let seen = format!("allow_actuation names {}, which the account does not have", strangers.join(", "));
    Check::wrong(Heading::AllowList, seen, ELSEWHERE)
}

fn unnamed(of: &str, seen: &str) -> Check {
    let todo = format!("name one as {of}; without it the criteria that need it are inconclusive");
    Check::unseen(Heading::Fixtures, seen).of(of).todo(todo)
}

/// What is wrong with a lock that is not there; `None` where it is.
fn present(lock: &LockId, of: &str, round: &Round<'_>) -> Option<Check> {
    if round.is_known(lock) {
        return None;
    }
    let asked = round.states.get(lock);
    if round.locks.is_none() && !matches!(asked, Some(Err(FailureKind::NotFound))) {
        let why = format!("lock {lock}: neither the list of locks nor its own state could be had");
        return Some(Check::unseen(Heading::Fixtures, why).of(of));
    }
    let count = round.locks.as_ref().map_or(0, Vec::len);
    let seen = format!("lock {lock} is not among the {count} locks of the account");
    Some(Check::wrong(Heading::Fixtures, seen, ELSEWHERE).of(of).stopping())
}

fn state<'r>(lock: &LockId, round: &'r Round<'_>) -> Option<&'r LockStatus> {
    round.states.get(lock).and_then(|state| state.as_ref().ok())
}

fn free(lock: &LockId, dialect: &Dialect, round: &Round<'_>) -> Check {
    let listed = round.locks.iter().flatten().find(|known| known.id == *lock);
    let mute = listed.is_some_and(|known| known.keypad == Some(false));
    if mute && dialect.supports(Function::CreatePinAccess) {
        let seen = format!("lock {lock} has no keypad, by its own data, so that no PIN is tried on it");
        return Check::wrong(Heading::Fixtures, seen, "name a lock with a keypad").of("locks.free");
    }
    let away = state(lock, round).is_some_and(|state| state.reachable == Some(false))
        || matches!(round.states.get(lock), Some(Err(FailureKind::Offline)));
    if away {
        let todo = "bring the lock within reach, or name another one; if it is within reach, the subject tells it \
                    wrongly, which LV-30 asks about";
        let seen = format!("lock {lock} is told to be out of reach");
        return Check::wrong(Heading::Fixtures, seen, todo).of("locks.free").doubting(Need::FreeLock);
    }
    let seen = match state(lock, round) {
        Some(_) => format!("lock {lock} is there and within reach"),
        None => format!("lock {lock} is there"),
    };
    Check::ok(Heading::Fixtures, seen).of("locks.free")
}

fn offline(lock: &LockId, round: &Round<'_>) -> Check {
    match state(lock, round).map(|state| state.reachable) {
        Some(Some(true)) => {
            let seen = format!("lock {lock} is told to be within reach");
            let todo = "cut it off (take its batteries or its bridge away), or name another one; if it truly cannot be \
                        reached, the subject tells it wrongly, which LV-31 asks about";
            let check = Check::wrong(Heading::Fixtures, seen, todo);
            check.of("locks.offline").doubting(Need::OfflineLock)
        }
        Some(Some(false)) => Check::ok(Heading::Fixtures, format!("lock {lock} is told to be out of reach"))
            .of("locks.offline"),
        _ => Check::ok(Heading::Fixtures, format!("lock {lock} is there")).of("locks.offline"),
    }
}

fn low(lock: &LockId, round: &Round<'_>, threshold: u8) -> Check {
    let told = state(lock, round).and_then(|state| match (state.battery_low, state.battery) {
        (Some(low), _) => Some(low),
        (None, Some(percent)) => Some(percent <= threshold),
        (None, None) => None,
    });
    match told {
        Some(false) => {
            let seen = format!("the battery of lock {lock} is told to be good");
            let todo = "put worn batteries in, or name another one; if they are truly low, the subject tells it wrongly, \
                        which LV-34 asks about";
            let check = Check::wrong(Heading::Fixtures, seen, todo);
            check.of("locks.low_battery").doubting(Need::LowBatteryLock)
        }
        Some(true) => {
            let seen = format!("the battery of lock {lock} is told to be low");
            Check::ok(Heading::Fixtures, seen).of("locks.low_battery")
        }
        None => Check::ok(Heading::Fixtures, format!("lock {lock} is there")).of("locks.low_battery"),
    }
}

fn groups(subject: &Subject, round: &Round<'_>) -> Vec<Check> {
    let roles = &subject.roles;
    let mut checks = Vec::new();
    match &roles.partial_group {
        None => {
            checks.push(unnamed("groups.partial", "the subject file names no group with some of the locks"))
        }
        Some((group, locks)) => {
            checks.push(absent(group, "groups.partial", round).unwrap_or_else(|| partial(group, round)));
            let named = locks.iter().flatten();
            checks.extend(named.filter_map(|lock| member(lock, group, round)));
        }
    }
    match &roles.empty_group {
        None => checks.push(unnamed("groups.empty", "the subject file names no group without locks")),
        Some(group) => {
            checks.push(absent(group, "groups.empty", round).unwrap_or_else(|| empty(group, round)));
        }
    }
    checks
}

fn absent(group: &GroupId, of: &str, round: &Round<'_>) -> Option<Check> {
    let Some(groups) = &round.groups else {
        return Some(Check::unseen(Heading::Fixtures, "the groups could not be listed").of(of));
    };
    if groups.iter().any(|known| known.id == *group) {
        return None;
    }
    let seen = format!("group {group} is not among the {} groups of the account", groups.len());
    Some(Check::wrong(Heading::Fixtures, seen, ELSEWHERE).of(of).stopping())
}

/// The locks that say of themselves that they are in the group, where any lock says its group.
fn by_themselves<'r>(group: &GroupId, round: &'r Round<'_>) -> Option<Vec<&'r Lock>> {
    let locks = round.locks.as_ref()?;
    let says = locks.iter().any(|lock| lock.group.is_some());
    says.then(|| locks.iter().filter(|lock| lock.group.as_ref() == Some(group)).collect())
}

/// Whether the list of one group is that of all, so that it may be no answer to the question.
fn is_unfiltered(inside: &[Lock], round: &Round<'_>) -> bool {
    let ids = |locks: &[Lock]| locks.iter().map(|lock| lock.id.clone()).collect::<BTreeSet<_>>();
    round.locks.as_ref().is_some_and(|all| ids(all) == ids(inside))
}

fn partial(group: &GroupId, round: &Round<'_>) -> Check {
    let of = "groups.partial";
    let Some(inside) = round.inside.get(group) else {
        return Check::unseen(Heading::Fixtures, format!("the locks of group {group} could not be listed"))
            .of(of);
    };
    let own = by_themselves(group, round);
    let todo = "put some but not all locks into the group, or name another one";
    if inside.is_empty() && own.as_ref().is_none_or(Vec::is_empty) {
        let check = Check::wrong(Heading::Fixtures, format!("group {group} has no lock"), todo);
        return check.of(of).doubting(Need::PartialGroup);
    }
    if is_unfiltered(inside, round) {
        let all = own.is_some_and(|own| own.len() == inside.len());
        let seen = format!("group {group} is told to hold every lock of the account");
        return if all {
            Check::wrong(Heading::Fixtures, seen, todo).of(of).doubting(Need::PartialGroup)
        } else {
            let why =
                format!("{seen}: either it does, or the subject does not filter, which LV-21 asks about");
            Check::unseen(Heading::Fixtures, why).of(of)
        };
    }
    Check::ok(Heading::Fixtures, format!("group {group} is there, with {} locks", inside.len())).of(of)
}

/// What is wrong with a lock that is named as one of the group's.
fn member(lock: &LockId, group: &GroupId, round: &Round<'_>) -> Option<Check> {
    let of = "groups.partial.locks";
    if let Some(missing) = present(lock, of, round) {
        return Some(missing);
    }
    let own = by_themselves(group, round)?;
    let inside = round.inside.get(group)?;
    let said = own.iter().any(|known| known.id == *lock) || inside.iter().any(|known| known.id == *lock);
    (!said).then(|| {
        let seen =
            format!("lock {lock} is not in group {group}, by the list of the group and by its own word");
        let todo = "name the locks that are truly in the group, or put this one into it";
        Check::wrong(Heading::Fixtures, seen, todo).of(of).doubting(Need::PartialGroup)
    })
}

fn empty(group: &GroupId, round: &Round<'_>) -> Check {
    let of = "groups.empty";
    let Some(inside) = round.inside.get(group) else {
        return Check::unseen(Heading::Fixtures, format!("the locks of group {group} could not be listed"))
            .of(of);
    };
    let own = by_themselves(group, round);
    let truly = own.as_ref().is_some_and(|own| !own.is_empty());
    if inside.is_empty() && !truly {
        return Check::ok(Heading::Fixtures, format!("group {group} is there and has no lock")).of(of);
    }
    let seen = format!("group {group} is told to hold {} locks", inside.len());
    if truly || (own.is_none() && !is_unfiltered(inside, round)) {
        let todo = "take the locks out of the group, or name another one";
        return Check::wrong(Heading::Fixtures, seen, todo).of(of).doubting(Need::EmptyGroup);
    }
    let why = format!("{seen}, though no lock says so: the subject may not filter, which LV-21 asks about");
    Check::unseen(Heading::Fixtures, why).of(of)
}
