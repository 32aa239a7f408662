//! Lists of groups that are wrong.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Meaning};

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new("duplicate-group-id", "LV-10", "Two groups have one id.", Twist::Told(duplicate)),
    Misbehaviour::new("group-without-name", "LV-10", "A group's name is empty.", Twist::Told(unname)),
    Misbehaviour::new(
        "group-ids-change",
        "LV-10",
        "A group has another id in every answer.",
        Twist::Told(rename),
    ),
    Misbehaviour::new("omits-a-group", "LV-10", "A group is neither listed nor counted.", Twist::Told(omit)),
    Misbehaviour::new(
        "group-listed-twice",
        "LV-10",
        "A group is listed twice in place of another.",
        Twist::Told(repeat),
    ),
    Misbehaviour::new(
        "group-total-lies",
        "LV-10",
        "The total counts groups that are not there.",
        Twist::Told(lie),
    )
    .with(&[("LV-03", "the documented total is not the number of groups")]),
];

fn first_page(call: Call, told: &mut Told) -> Option<&mut Facts> {
    let facts = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListGroups)?;
    (facts.int(&Field::PageOffset) == Some(0) && facts.items.len() > 2).then_some(facts)
}

fn duplicate(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = first_page(call, told) {
        let id = facts.items[1].get(&Field::GroupId).cloned();
        facts.items[2].set_some(Field::GroupId, id);
    }
}

fn unname(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = first_page(call, told) {
        facts.items[1].set(Field::GroupName, Datum::text(""));
    }
}

fn rename(world: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = first_page(call, told) {
        facts.items[1].set(Field::GroupId, Datum::text(world.fresh_id()));
    }
}

fn omit(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = first_page(call, told) {
        facts.items.remove(1);
    }
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListGroups) {
        let total = facts.int(&Field::PageTotal).unwrap_or(1) - 1;
        facts.set(Field::PageTotal, Datum::Int(total));
    }
}

fn repeat(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = first_page(call, told) {
        facts.items[2] = facts.items[1].clone();
    }
}

fn lie(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListGroups) {
        let total = facts.int(&Field::PageTotal).unwrap_or(0) + 3;
        facts.set(Field::PageTotal, Datum::Int(total));
    }
}
