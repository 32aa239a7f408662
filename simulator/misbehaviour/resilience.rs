//! Creations that cannot be repeated, or not be made at once.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Meaning};
use crate::vendors::wire::WireResponse;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "repeats-create-twice",
        "LV-95",
        "A repeated creation with the same key creates again.",
        Twist::World(Quirk::ForgetsRequestKeys),
    ),
    Misbehaviour::new(
        "repeats-mobile-access-twice",
        "LV-95",
        "A repeated creation of mobile access with the same key creates again.",
        Twist::World(Quirk::ForgetsMobileKeys),
    ),
    Misbehaviour::new(
        "rate-limit-in-silence",
        "LV-97",
        "Too many calls are answered with a server error.",
        Twist::Answered(break_down),
    )
    .with(&[("LV-03", "the answer to too many calls is not the documented one")]),
    Misbehaviour::new(
        "forgets-keys-in-a-minute",
        "LV-95",
        "Request keys are forgotten after a minute, sooner than a retry comes.",
        Twist::World(Quirk::ForgetsKeysQuickly),
    ),
    Misbehaviour::new(
        "refuses-repeats",
        "LV-95",
        "A repeated creation is refused, so that its id is never learnt.",
        Twist::World(Quirk::RefusesRepeats),
    ),
    Misbehaviour::new(
        "mixes-up-calls-at-once",
        "LV-98",
        "An access that is made while another waits for its PIN gets the other's id.",
        Twist::Told(share_waiting),
    ),
];

fn share_waiting(world: &mut World, call: Call, asked: &Facts, told: &mut Result<Facts, Refusal>) {
    let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::AssignAccess) else { return };
    let waiting = asked.text(&Field::LockId).and_then(|lock| world.access_without_pin(lock));
    if let Some(id) = waiting {
        facts.set(Field::AccessId, Datum::text(id));
    }
}

fn break_down(_: Meaning, response: &mut WireResponse) {
    if response.status == 429 {
        response.status = 500;
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("retry-after"));
    }
}
