//! Creations that cannot be repeated.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;
use crate::vendors::vocabulary::Meaning;
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
];

fn break_down(_: Meaning, response: &mut WireResponse) {
    if response.status == 429 {
        response.status = 500;
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("retry-after"));
    }
}
