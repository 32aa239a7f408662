//! Lists of locks that are wrong, whole or by group.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Meaning};

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new("duplicate-lock-id", "LV-20", "Two locks have one id.", Twist::Told(duplicate)),
    Misbehaviour::new("lock-without-name", "LV-20", "A lock's name is empty.", Twist::Told(unname)),
    Misbehaviour::new(
        "lock-ids-change",
        "LV-20",
        "A lock has another id in every answer.",
        Twist::Told(rename),
    ),
    Misbehaviour::new(
        "last-lock-page-missing",
        "LV-20",
        "Only the first page holds locks.",
        Twist::Told(one_page),
    )
    .with(&[("LV-03", "the documented total is not the number of locks")]),
    Misbehaviour::new(
        "only-the-first-page-exists",
        "LV-20",
        "Locks beyond the first page are neither listed nor counted.",
        Twist::Told(first_page_only),
    ),
    Misbehaviour::new("locks-without-location", "LV-22", "No lock says where it is.", Twist::Told(nowhere)),
    Misbehaviour::new(
        "locks-without-group",
        "LV-22",
        "Locks name a group that they are not in.",
        Twist::Told(other_group),
    ),
    Misbehaviour::new(
        "ignores-group-filter",
        "LV-21",
        "Every lock is listed, whichever group.",
        Twist::Asked(ignore),
    ),
    Misbehaviour::new(
        "filter-leaks-one-foreign-lock",
        "LV-21",
        "The locks of a group hold one of another group.",
        Twist::Told(leak),
    ),
    Misbehaviour::new(
        "omits-a-lock-of-the-group",
        "LV-21",
        "The locks of a group lack one of them.",
        Twist::Told(omit),
    ),
    Misbehaviour::new(
        "unknown-group-gives-all",
        "LV-21",
        "A group that is not there has every lock.",
        Twist::Asked(unknown_is_all),
    ),
    Misbehaviour::new(
        "empty-group-gives-all",
        "LV-21",
        "A group without locks has every lock.",
        Twist::Asked(empty_is_all),
    ),
];

/// A lock in the middle of the first page of the whole list: no criterion has
/// a role for it, so nothing else is touched.
const MIDDLE: usize = 40;

fn whole_list<'a>(call: Call, asked: &Facts, told: &'a mut Told) -> Option<&'a mut Facts> {
    told.as_mut().ok().filter(|_| call.meaning == Meaning::ListLocks && !asked.has(&Field::GroupId))
}

fn middle<'a>(call: Call, asked: &Facts, told: &'a mut Told) -> Option<&'a mut [Facts]> {
    let facts = whole_list(call, asked, told)?;
    let first = facts.int(&Field::PageOffset) == Some(0) && facts.items.len() > MIDDLE + 1;
    first.then(|| &mut facts.items[MIDDLE..])
}

fn duplicate(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if let Some(items) = middle(call, asked, told) {
        let id = items[0].get(&Field::LockId).cloned();
        items[1].set_some(Field::LockId, id);
    }
}

fn unname(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if let Some(items) = middle(call, asked, told) {
        items[0].set(Field::LockName, Datum::text(""));
    }
}

fn rename(world: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if let Some(items) = middle(call, asked, told) {
        items[0].set(Field::LockId, Datum::text(world.fresh_id()));
    }
}

fn one_page(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if let Some(facts) =
        whole_list(call, asked, told).filter(|facts| facts.int(&Field::PageOffset) != Some(0))
    {
        facts.items.clear();
        facts.set(Field::PageMore, Datum::Bool(false));
        facts.remove(&Field::PageNext);
    }
}

fn first_page_only(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    let Some(facts) = whole_list(call, asked, told) else { return };
    let size = facts.int(&Field::PageSize).unwrap_or(1);
    if facts.int(&Field::PageOffset) != Some(0) {
        facts.items.clear();
    }
    let total = facts.int(&Field::PageTotal).unwrap_or(0).min(size);
    facts.set(Field::PageTotal, Datum::Int(total));
    facts.set(Field::PageMore, Datum::Bool(false));
    facts.remove(&Field::PageNext);
}

fn nowhere(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListLocks) {
        facts.items.iter_mut().for_each(|lock| lock.set(Field::LockLocation, Datum::text("")));
    }
}

fn other_group(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListLocks) {
        facts.items.iter_mut().for_each(|lock| lock.set(Field::GroupId, Datum::text("another")));
    }
}

fn ignore(_: &mut World, call: Call, asked: &mut Facts) {
    if call.meaning == Meaning::ListLocks {
        asked.remove(&Field::GroupId);
    }
}

fn group_list<'a>(call: Call, asked: &Facts, told: &'a mut Told) -> Option<&'a mut Facts> {
    told.as_mut().ok().filter(|_| call.meaning == Meaning::ListLocks && asked.has(&Field::GroupId))
}

fn leak(world: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    let Some(facts) = group_list(call, asked, told) else { return };
    let foreign = asked.text(&Field::GroupId).and_then(|group| world.lock_outside(group));
    if facts.flag(&Field::PageMore) == Some(false) && !facts.items.is_empty() {
        facts.items.extend(foreign);
        let total = facts.int(&Field::PageTotal).unwrap_or(0) + 1;
        facts.set(Field::PageTotal, Datum::Int(total));
    }
}

fn omit(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    let Some(facts) = group_list(call, asked, told).filter(|facts| !facts.items.is_empty()) else { return };
    if facts.int(&Field::PageOffset) == Some(0) {
        facts.items.remove(0);
    }
    let total = facts.int(&Field::PageTotal).unwrap_or(1) - 1;
    facts.set(Field::PageTotal, Datum::Int(total));
}

fn unknown_is_all(world: &mut World, call: Call, asked: &mut Facts) {
    let size = asked.text(&Field::GroupId).map(|group| world.group_size(group));
    if call.meaning == Meaning::ListLocks && size == Some(None) {
        asked.remove(&Field::GroupId);
    }
}

fn empty_is_all(world: &mut World, call: Call, asked: &mut Facts) {
    let size = asked.text(&Field::GroupId).and_then(|group| world.group_size(group));
    if call.meaning == Meaning::ListLocks && size == Some(0) {
        asked.remove(&Field::GroupId);
    }
}
