//! Whether the locks and groups of the subject file are there, and as their
//! part asks. What the subject itself may be telling wrongly is no fault of the
//! file: it is said to be in doubt, and left to the criteria.

use std::collections::BTreeSet;

use super::ask::Round;
use super::diagnosis::{Check, Heading, Outcome};
use super::doubt::Doubt;
use super::statics::nameless;
use crate::harness::criterion::Need;
use crate::harness::integration::{Lock, LockStatus};
use crate::harness::subject::{Given, Subject};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{FailureKind, Function, GroupId, LockId};

/// What to do about an id that the account does not have.
const ELSEWHERE: &str = "write the id of a lock or group that this account has in this environment, or use the \
                         credentials of the account that has it";

/// Ids of one kind that are told, where there are many.
const SOME: usize = 3;

/// Ids of the account that are told, from which people choose.
const SHOWN: usize = 12;

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
    checks.extend(free_locks(dialect, &roles.free_locks, round));
    match &roles.offline_lock {
        None => {
            checks.push(unnamed("locks.offline", "the subject file names no lock that cannot be reached"))
        }
        Some(lock) => {
            checks.push(absent_lock(lock, "locks.offline", round).unwrap_or_else(|| offline(lock, round)));
        }
    }
    match &roles.low_battery_lock {
        None => {
            checks.push(unnamed("locks.low_battery", "the subject file names no lock with a low battery"))
        }
        Some(lock) => {
            let threshold = dialect.limits.low_battery;
            let judged = || low(lock, round, threshold);
            checks.push(absent_lock(lock, "locks.low_battery", round).unwrap_or_else(judged));
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
    let all = round.locks.iter().flatten().map(|lock| lock.id.as_str());
    let seen = format!(
        "allow_actuation names {}, which the account does not have{}",
        strangers.join(", "),
        has(all)
    );
    Check::wrong(Heading::AllowList, seen, ELSEWHERE).stopping()
}

fn unnamed(of: &str, seen: &str) -> Check {
    let todo = format!("name one as {of}; without it the criteria that need it are inconclusive");
    Check::unseen(Heading::Fixtures, seen).of(of).todo(todo)
}

/// What is wrong with locks that are not there; `None` where all are. However
/// many they are, they are told at once.
fn absent_locks<'l>(
    locks: impl IntoIterator<Item = &'l LockId>,
    of: &str,
    round: &Round<'_>,
) -> Option<Check> {
    let unknown: Vec<&LockId> = locks.into_iter().filter(|lock| !round.is_known(lock)).collect();
    let first = unknown.first()?;
    let denied = |lock: &&&LockId| matches!(round.states.get(**lock), Some(Err(FailureKind::NotFound)));
    if round.locks.is_none() && !unknown.iter().any(|lock| denied(&lock)) {
        let why = format!("lock {first}: neither the list of locks nor its own state could be had");
        return Some(Check::unseen(Heading::Fixtures, why).of(of));
    }
    let seen = match &round.locks {
        Some(all) => format!(
            "{} not among the {} locks of the account{}",
            are(&unknown),
            all.len(),
            has(all.iter().map(|lock| lock.id.as_str()))
        ),
        None => format!("{} not known to the account", are(&unknown)),
    };
    Some(Check::wrong(Heading::Fixtures, seen, ELSEWHERE).of(of).stopping())
}

/// What the account has instead, of much the first few; nothing where it has none.
fn has<'i>(ids: impl IntoIterator<Item = &'i str>) -> String {
    let ids: Vec<&str> = ids.into_iter().collect();
    let some = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match ids.len() {
        0 => String::new(),
        all if all <= SHOWN => format!(" ({some})"),
        all => format!(" ({some} and {} more)", all - SHOWN),
    }
}

/// What is wrong with a lock that is not there; `None` where it is.
fn absent_lock(lock: &LockId, of: &str, round: &Round<'_>) -> Option<Check> {
    absent_locks([lock], of, round)
}

/// The locks as the beginning of a sentence, with its verb; of many the first few.
fn are(locks: &[&LockId]) -> String {
    let some: Vec<&str> = locks.iter().take(SOME).map(|lock| lock.as_str()).collect();
    match locks.len() {
        1 => format!("lock {} is", some.join(", ")),
        all if all <= SOME => format!("locks {} are", some.join(", ")),
        all => format!("locks {} and {} more are", some.join(", "), all - SOME),
    }
}

fn state<'r>(lock: &LockId, round: &'r Round<'_>) -> Option<&'r LockStatus> {
    round.states.get(lock).and_then(|state| state.as_ref().ok())
}

/// The free locks: what is wrong with any of them, and how many are as they should be.
fn free_locks(dialect: &Dialect, locks: &[LockId], round: &Round<'_>) -> Vec<Check> {
    let of = "locks.free";
    let mut checks: Vec<Check> = absent_locks(locks, of, round).into_iter().collect();
    let there: Vec<&LockId> = locks.iter().filter(|lock| round.is_known(lock)).collect();
    let (mute, fit): (Vec<&LockId>, Vec<&LockId>) =
        there.into_iter().partition(|lock| is_mute(lock, dialect, round));
    checks.extend(without_keypad(&mute, fit.len()));
    let (away, near): (Vec<&LockId>, Vec<&LockId>) = fit.into_iter().partition(|lock| is_away(lock, round));
    checks.extend(away.into_iter().map(out_of_reach));
    if !near.is_empty() {
        let asked = near.iter().filter(|lock| state(lock, round).is_some()).count();
        let seen = match (asked, near.len()) {
            (0, _) => format!("{} there", are(&near)),
            (asked, all) if asked == all => format!("{} there and within reach", are(&near)),
            (asked, _) => format!("{} there; {asked} were asked, and are within reach", are(&near)),
        };
        checks.push(Check::ok(Heading::Fixtures, seen).of(of));
    }
    checks
}

/// Whether a lock has no keypad, by its own data, for the PINs that the profile offers.
fn is_mute(lock: &LockId, dialect: &Dialect, round: &Round<'_>) -> bool {
    let listed = round.locks.iter().flatten().find(|known| known.id == *lock);
    listed.is_some_and(|known| known.keypad == Some(false)) && dialect.supports(Function::CreatePinAccess)
}

/// Locks without a keypad are passed over by a run, which is no fault as long as
/// enough others are there.
fn without_keypad(mute: &[&LockId], others: usize) -> Option<Check> {
    if mute.is_empty() {
        return None;
    }
    let seen =
        format!("{} without a keypad by the vendor's own data, so that no PIN is tried there", are(mute));
    let check = match others {
        0 => Check::wrong(Heading::Fixtures, seen, "name locks with a keypad"),
        1 => Check::unseen(Heading::Fixtures, seen).todo("name a second lock with a keypad"),
        _ => Check::ok(Heading::Fixtures, seen),
    };
    Some(check.of("locks.free"))
}

fn is_away(lock: &LockId, round: &Round<'_>) -> bool {
    state(lock, round).is_some_and(|state| state.reachable == Some(false))
        || matches!(round.states.get(lock), Some(Err(FailureKind::Offline)))
}

fn out_of_reach(lock: &LockId) -> Check {
    let todo = "bring the lock within reach, or name another one; if it is within reach, the subject tells it \
                wrongly, which LV-30 asks about";
    let seen = format!("lock {lock} is told to be out of reach");
    let question = format!("Lock {lock} is named as one to be used freely. Can it truly be reached?");
    let doubt = Doubt::new(Need::FreeLock, lock, &seen, question);
    Check::wrong(Heading::Fixtures, seen, todo).of("locks.free").doubting(doubt)
}

fn offline(lock: &LockId, round: &Round<'_>) -> Check {
    match state(lock, round).map(|state| state.reachable) {
        Some(Some(true)) => {
            let seen = format!("lock {lock} is told to be within reach");
            let todo = "cut it off (take its batteries or its bridge away), or name another one; if it truly cannot be \
                        reached, the subject tells it wrongly, which LV-31 asks about";
            let question =
                format!("Lock {lock} is named as one that cannot be reached. Is it truly cut off?");
            let doubt = Doubt::new(Need::OfflineLock, lock, &seen, question);
            Check::wrong(Heading::Fixtures, seen, todo).of("locks.offline").doubting(doubt)
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
            let question = format!("Lock {lock} is named as one with a low battery. Is it truly low?");
            let doubt = Doubt::new(Need::LowBatteryLock, lock, &seen, question);
            Check::wrong(Heading::Fixtures, seen, todo).of("locks.low_battery").doubting(doubt)
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
            let whole = absent(group, "groups.partial", round).unwrap_or_else(|| partial(group, round));
            // What is wrong with the group as a whole is not told again for each of its locks.
            let members = match whole.outcome {
                Outcome::Wrong => None,
                _ => members(locks.as_deref().unwrap_or_default(), group, round),
            };
            checks.push(whole);
            checks.extend(members);
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
    let known = has(groups.iter().map(|group| group.id.as_str()));
    let seen = format!("group {group} is not among the {} groups of the account{known}", groups.len());
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
        return in_part(group, format!("group {group} is told to have no lock"), todo);
    }
    if is_unfiltered(inside, round) {
        let all = own.is_some_and(|own| own.len() == inside.len());
        let seen = format!("group {group} is told to hold every lock of the account");
        return if all {
            in_part(group, seen, todo)
        } else {
            let why =
                format!("{seen}: either it does, or the subject does not filter, which LV-21 asks about");
            Check::unseen(Heading::Fixtures, why).of(of)
        };
    }
    Check::ok(Heading::Fixtures, format!("group {group} is there, with {} locks", inside.len())).of(of)
}

/// A group that is told to hold not some but all or none of the locks.
fn in_part(group: &GroupId, seen: String, todo: &str) -> Check {
    let question =
        format!("Group {group} is named as one with some of the locks. Does it truly hold some but not all?");
    let doubt = Doubt::new(Need::PartialGroup, group, &seen, question);
    Check::wrong(Heading::Fixtures, seen, todo).of("groups.partial").doubting(doubt)
}

/// What is wrong with the locks that are named as those of the group.
fn members(locks: &[LockId], group: &GroupId, round: &Round<'_>) -> Option<Check> {
    let of = "groups.partial.locks";
    if let Some(missing) = absent_locks(locks, of, round) {
        return Some(missing);
    }
    let own = by_themselves(group, round)?;
    let inside = round.inside.get(group)?;
    let known = |lock: &LockId| {
        own.iter().any(|known| known.id == *lock) || inside.iter().any(|known| known.id == *lock)
    };
    let strangers: Vec<&LockId> = locks.iter().filter(|lock| !known(lock)).collect();
    if strangers.is_empty() {
        return None;
    }
    let seen = format!(
        "{} not in group {group}, by the list of the group and by what locks say of themselves",
        are(&strangers)
    );
    let todo = "name the locks that are truly in the group, or put these into it";
    let question = format!("Are all the locks of groups.partial truly in group {group}?");
    let doubt = Doubt::new(Need::PartialGroup, group, &seen, question);
    Some(Check::wrong(Heading::Fixtures, seen, todo).of(of).doubting(doubt))
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
        let question = format!("Group {group} is named as one without locks. Does it truly hold none?");
        let doubt = Doubt::new(Need::EmptyGroup, group, &seen, question);
        return Check::wrong(Heading::Fixtures, seen, todo).of(of).doubting(doubt);
    }
    let why = format!("{seen}, though no lock says so: the subject may not filter, which LV-21 asks about");
    Check::unseen(Heading::Fixtures, why).of(of)
}
